// Organisations, who belongs to them, and people's attributes, as rows.
#include "daemon/store/organisations.hpp"

#include "daemon/store/attributes.hpp"
#include "tests/daemon/store/fixture.hpp"

namespace usher::store {
namespace {

using Names = std::vector<std::string>;

class Organisations : public Tables {
 protected:
  OrganisationRecord organisation(std::string_view name) {
    return add_organisation(database_, name, {}, kNow).release_value();
  }
  Names of(PersonId person) {
    Names names;
    const auto rows = list_organisations_of(database_, person).release_value();
    for (const OrganisationRecord& row : rows) names.push_back(row.name);
    return names;
  }
};

TEST_F(Organisations, HoldPeopleOnceAndSeveralHoldTheSame) {
  const auto acme = organisation("acme");
  const auto globex = organisation("globex.example");
  const PersonRecord ada = add("ada");
  EXPECT_TRUE(*join_organisation(database_, globex.id, ada.id));
  EXPECT_TRUE(*join_organisation(database_, acme.id, ada.id));
  EXPECT_FALSE(*join_organisation(database_, acme.id, ada.id));
  EXPECT_EQ(of(ada.id), (Names{"acme", "globex.example"}));
  EXPECT_EQ(*list_people_of(database_, acme.id, "", 10), Names{"ada"});
  EXPECT_TRUE(*leave_organisation(database_, acme.id, ada.id));
  EXPECT_FALSE(*leave_organisation(database_, acme.id, ada.id));
  EXPECT_EQ(of(ada.id), Names{"globex.example"});
}

TEST_F(Organisations, HaveOneNameAndTextsThatChange) {
  const auto acme = organisation("acme");
  EXPECT_EQ(code_of(add_organisation(database_, "acme", {}, kNow)), Errc::already_exists);
  ASSERT_OK(
      change_organisation(database_, acme.id, {.display_name = "Acme", .support = "the desk"}));
  ASSERT_OK(change_organisation(database_, acme.id, {.display_name = {}, .support = ""}));
  const auto changed = *find_organisation(database_, "acme");
  EXPECT_EQ(changed->display_name, "Acme");
  EXPECT_EQ(changed->support, "");
  EXPECT_EQ(code_of(change_organisation(database_, OrganisationId{99}, {})), Errc::not_found);
}

TEST_F(Organisations, RefuseNamesAndTextsThatAreNone) {
  for (const char* name : {"", "Acme", "-acme", "acme.", "a b", "a/b", "a@b"}) {
    EXPECT_EQ(code_of(add_organisation(database_, name, {}, kNow)), Errc::invalid_input) << name;
  }
  const OrganisationTexts hostile{.display_name = "a\x1b[2J", .support = {}};
  EXPECT_EQ(code_of(add_organisation(database_, "acme", hostile, kNow)), Errc::invalid_input);
}

TEST_F(Organisations, LoseTheDeletedAndLeaveTheirPeopleBehind) {
  const auto acme = organisation("acme");
  const PersonRecord ada = add("ada");
  const PersonRecord bob = add("bob");
  ASSERT_OK(join_organisation(database_, acme.id, ada.id));
  ASSERT_OK(join_organisation(database_, acme.id, bob.id));
  ASSERT_OK(put_attribute(database_, ada.id, {"manager", "bob"}));
  ASSERT_OK(set_person_state(database_, ada.id, PersonState::deleted, ""));
  EXPECT_EQ(*list_people_of(database_, acme.id, "", 10), Names{"bob"});
  EXPECT_TRUE(list_attributes(database_, ada.id)->empty());
  ASSERT_OK(delete_organisation(database_, acme.id));
  EXPECT_EQ(of(bob.id), Names{});
  EXPECT_TRUE((*find_person(database_, "bob")).has_value());
  EXPECT_EQ(code_of(delete_organisation(database_, acme.id)), Errc::not_found);
}

TEST_F(Organisations, AttributesHaveOneValueAName) {
  const PersonRecord ada = add("ada");
  ASSERT_OK(put_attribute(database_, ada.id, {"manager", "bob"}));
  ASSERT_OK(put_attribute(database_, ada.id, {"department", "R&D"}));
  ASSERT_OK(put_attribute(database_, ada.id, {"manager", "carol"}));
  EXPECT_EQ(*list_attributes(database_, ada.id),
            (std::vector<Attribute>{{"department", "R&D"}, {"manager", "carol"}}));
  EXPECT_TRUE(*delete_attribute(database_, ada.id, "manager"));
  EXPECT_FALSE(*delete_attribute(database_, ada.id, "manager"));
}

TEST_F(Organisations, AttributesHaveLimits) {
  const PersonRecord ada = add("ada");
  EXPECT_EQ(code_of(put_attribute(database_, ada.id, {"Manager", "x"})), Errc::invalid_input);
  EXPECT_EQ(code_of(put_attribute(database_, ada.id, {"manager", ""})), Errc::invalid_input);
  EXPECT_EQ(code_of(put_attribute(database_, ada.id, {"manager", std::string(257, 'x')})),
            Errc::invalid_input);
  for (int i = 0; i < 32; ++i) {
    ASSERT_OK(put_attribute(database_, ada.id, {"a" + std::to_string(i), "x"}));
  }
  EXPECT_EQ(code_of(put_attribute(database_, ada.id, {"one-more", "x"})), Errc::invalid_input);
}

}  // namespace
}  // namespace usher::store
