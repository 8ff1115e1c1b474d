// Local groups, their members and people's aliases, as rows.
#include "daemon/store/groups.hpp"

#include "daemon/store/aliases.hpp"
#include "daemon/store/directory_rows.hpp"
#include "tests/daemon/store/fixture.hpp"

namespace usher::store {
namespace {

using Names = std::vector<std::string>;

class Groups : public Tables {
 protected:
  GroupRecord group(std::string_view name) {
    return add_group(database_, name_from(name), std::nullopt, uuid_of(1000 + ++people_), kNow)
        .release_value();
  }
};

TEST_F(Groups, HoldPeopleOnce) {
  const GroupRecord editors = group("editors");
  const PersonRecord ada = add("ada");
  EXPECT_TRUE(*add_member(database_, editors.id, ada.id));
  EXPECT_FALSE(*add_member(database_, editors.id, ada.id));
  EXPECT_EQ(*list_members(database_, editors.id, "", 10), Names{"ada"});
  EXPECT_EQ(*list_groups_of(database_, ada.id), Names{"editors"});
  EXPECT_TRUE(*delete_member(database_, editors.id, ada.id));
  EXPECT_FALSE(*delete_member(database_, editors.id, ada.id));
}

TEST_F(Groups, ShareTheirNamesWithNobody) {
  (void)add("ada");
  (void)group("editors");
  const auto named_so = [&](std::string_view name) {
    return add_group(database_, name_from(name), std::nullopt, uuid_of(5000), kNow);
  };
  EXPECT_EQ(code_of(named_so("ada")), Errc::already_exists);
  EXPECT_EQ(code_of(named_so("editors")), Errc::already_exists);
  EXPECT_EQ(
      code_of(add_person(database_, {.name = name_from("editors"), .display_name = "", .uid = {}},
                         uuid_of(5001), kNow)),
      Errc::already_exists);
}

TEST_F(Groups, LoseTheDeletedAndGoWithTheirMemberships) {
  const GroupRecord editors = group("editors");
  const PersonRecord ada = add("ada");
  const PersonRecord bob = add("bob");
  ASSERT_OK(add_member(database_, editors.id, ada.id));
  ASSERT_OK(add_member(database_, editors.id, bob.id));
  ASSERT_OK(set_person_state(database_, ada.id, PersonState::deleted, ""));
  EXPECT_EQ(*list_members(database_, editors.id, "", 10), Names{"bob"});
  ASSERT_OK(delete_group(database_, editors.id));
  EXPECT_EQ(*list_groups_of(database_, bob.id), Names{});
  EXPECT_EQ(code_of(delete_group(database_, editors.id)), Errc::not_found);
}

TEST_F(Groups, AreListedInNameOrder) {
  (void)group("writers");
  (void)group("editors");
  const auto all = list_groups(database_, "", 10).release_value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name.view(), "editors");
  EXPECT_EQ(list_groups(database_, "editors", 10)->front().name.view(), "writers");
  EXPECT_EQ(list_groups(database_, "", 1)->size(), 1U);
}

class Aliases : public Tables {};

TEST_F(Aliases, P6_AreFoldedAndOneLivingPersons) {
  const PersonRecord ada = add("ada");
  const PersonRecord bob = add("bob");
  ASSERT_OK(add_alias(database_, ada.id, "Ada@Example.ORG"));
  EXPECT_EQ(*list_aliases(database_, ada.id), Names{"ada@example.org"});
  EXPECT_EQ(code_of(add_alias(database_, bob.id, "ADA@example.org")), Errc::already_exists);
  EXPECT_FALSE(*delete_alias(database_, bob.id, "ada@example.org")) << "it is not bob's";
  ASSERT_OK(set_person_state(database_, ada.id, PersonState::deleted, ""));
  EXPECT_TRUE(add_alias(database_, bob.id, "ada@example.org")) << "ada does not live any more";
  EXPECT_TRUE(*delete_alias(database_, bob.id, "aDa@example.org"));
}

TEST_F(Aliases, WhatIsNoAddressIsRefused) {
  const PersonRecord ada = add("ada");
  for (const char* hostile : {"", "ada", "@example.org", "ada@", "a@b@c", "ada @example.org",
                              "ada@exa:mple.org", "ada\n@example.org", "ada@-x", "ada@x-",
                              "\xC3\xA4"
                              "da@example.org"}) {
    EXPECT_EQ(code_of(add_alias(database_, ada.id, hostile)), Errc::invalid_input) << hostile;
  }
  EXPECT_EQ(code_of(add_alias(database_, ada.id, std::string(250, 'a') + "@b.org")),
            Errc::invalid_input);
}

TEST_F(Aliases, AreBoundedAPerson) {
  const PersonRecord ada = add("ada");
  for (int i = 0; i < 16; ++i) {
    ASSERT_OK(add_alias(database_, ada.id, "ada" + std::to_string(i) + "@example.org"));
  }
  EXPECT_EQ(code_of(add_alias(database_, ada.id, "one@too.many")), Errc::invalid_input);
}

TEST_F(Aliases, ATakenOneUndoesTheWholePerson) {
  const PersonRecord ada = add("ada");
  ASSERT_OK(add_alias(database_, ada.id, "ada@example.org"));
  EXPECT_EQ(code_of(add_person(database_,
                               {.name = name_from("eve"),
                                .display_name = "",
                                .uid = Uid{4242},
                                .aliases = {"eve@example.org", "ada@example.org"}},
                               uuid_of(900), kNow)),
            Errc::already_exists);
  EXPECT_FALSE(find_person(database_, "eve")->has_value());
  EXPECT_TRUE(add_alias(database_, ada.id, "eve@example.org"));
}

TEST_F(Aliases, HomesAndShellsAreWhatPasswdEntriesMayHold) {
  const PersonRecord ada = add("ada");
  ASSERT_OK(change_account(database_, ada.id, {.home = "/srv/ada", .shell = "/usr/bin/fish"}));
  const PersonRecord changed = *find_person(database_, "ada").release_value();
  EXPECT_EQ(changed.home, "/srv/ada");
  EXPECT_EQ(changed.shell, "/usr/bin/fish");
  EXPECT_EQ(changed.display_name, "A Person") << "what is not named stays";
  for (const char* hostile : {"", "/", "home/ada", "/home/a:b", "/home/a\nb", "/home/../root",
                              "/home/..", "/home/\x1b[0m", "/home/\xFF"}) {
    EXPECT_EQ(code_of(change_account(database_, ada.id, {.home = hostile})), Errc::invalid_input)
        << hostile;
    EXPECT_EQ(code_of(change_account(database_, ada.id, {.shell = hostile})), Errc::invalid_input)
        << hostile;
  }
  const std::string long_shell = "/" + std::string(127, 's');
  EXPECT_EQ(code_of(change_account(database_, ada.id, {.shell = long_shell})), Errc::invalid_input);
  EXPECT_EQ(code_of(change_account(database_, PersonId{99}, {.home = "/x1"})), Errc::not_found);
}

TEST_F(Groups, ThePublicationsWalksTakeOneStatementEach) {
  const GroupRecord editors = group("editors");
  for (int i = 0; i < 20; ++i) {
    const PersonRecord person = add("person" + std::to_string(i));
    ASSERT_OK(add_alias(database_, person.id, "p" + std::to_string(i) + "@example.org"));
    ASSERT_OK(add_member(database_, editors.id, person.id));
  }
  int people = 0, aliases = 0, groups = 0, members = 0;
  const auto before = Database::statements_run_on_this_thread();
  const auto count = [](int& counter) {
    return [&counter](auto&&...) -> Result<void> {
      ++counter;
      return {};
    };
  };
  ASSERT_OK(each_account(database_, count(people)));
  ASSERT_OK(each_alias(database_, count(aliases)));
  ASSERT_OK(each_group(database_, count(groups)));
  ASSERT_OK(each_member(database_, count(members)));
  EXPECT_EQ(Database::statements_run_on_this_thread() - before, 4U);
  EXPECT_EQ(std::make_tuple(people, aliases, groups, members), std::make_tuple(20, 20, 1, 20));
}

}  // namespace
}  // namespace usher::store
