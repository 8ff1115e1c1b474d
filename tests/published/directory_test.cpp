// What is published is what is read, and nothing else is there.
#include "published/directory.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/fakes/published.hpp"

namespace usher::published {
namespace {

using fakes::published_person;
using fakes::PublishedPlace;
using fakes::small_directory;

Directory open_or_fail(const std::string& path) {
  Result<Directory> opened = Directory::open(path.c_str());
  EXPECT_TRUE(opened.has_value()) << opened.error().text();
  return opened ? opened.release_value() : Directory();
}

struct Small {
  explicit Small(const fakes::PublishedDirectory& content = small_directory()) {
    const auto published = fakes::publish(content, place.file);
    EXPECT_TRUE(published.has_value()) << published.error().text();
    directory = open_or_fail(place.file);
  }
  const View& view() const { return directory.view(); }

  PublishedPlace place;
  Directory directory;
};

TEST(PublishedDirectory, AnswersAPersonByNameAndByUid) {
  const Small small;
  for (const bool by_name : {true, false}) {
    PersonView ada;
    ASSERT_EQ(by_name ? small.view().find_person("ada", ada)
                      : small.view().find_person(1'900'000'001U, ada),
              Found::yes);
    EXPECT_EQ(ada.uid, 1'900'000'001U);
    EXPECT_EQ(ada.gid, 1'900'000'001U);
    EXPECT_EQ(ada.name, "ada");
    EXPECT_EQ(ada.gecos, "Full Name of ada");
    EXPECT_EQ(ada.home, "/home/ada");
    EXPECT_EQ(ada.shell, "/bin/bash");
    EXPECT_FALSE(ada.suspended);
  }
}

TEST(PublishedDirectory, TellsWhoIsSuspended) {
  const Small small;
  PersonView bob;
  ASSERT_EQ(small.view().find_person("bob", bob), Found::yes);
  EXPECT_TRUE(bob.suspended);
}

TEST(PublishedDirectory, AnswersAGroupByNameAndByGid) {
  const Small small;
  for (const bool by_name : {true, false}) {
    GroupView group;
    ASSERT_EQ(
        by_name ? small.view().find_group("engine", group) : small.view().find_group(5000U, group),
        Found::yes);
    EXPECT_EQ(group.gid, 5000U);
    EXPECT_EQ(group.name, "engine");
    EXPECT_EQ(group.member_count, 2U);
    EXPECT_EQ(group.members, std::string_view("ada\0bob\0", 8));
  }
}

TEST(PublishedDirectory, ListsTheGroupsOfAPerson) {
  const Small small;
  Memberships gids;
  ASSERT_EQ(small.view().find_memberships("ada", gids), Found::yes);
  ASSERT_EQ(gids.size(), 2U);
  EXPECT_EQ(gids[0], 5000U);
  EXPECT_EQ(gids[1], 5001U);
  EXPECT_EQ(small.view().find_memberships("carol", gids), Found::no);
}

TEST(PublishedDirectory, KnowsAPersonByAnAliasInAnyCase) {
  const Small small;
  for (const char* alias : {"ada.lovelace@example.org", "ADA@Engine"}) {
    AliasView found;
    ASSERT_EQ(small.view().find_alias(alias, found), Found::yes) << alias;
    EXPECT_EQ(found.name, "ada");
    EXPECT_EQ(found.uid, 1'900'000'001U);
  }
  AliasView nobody;
  EXPECT_EQ(small.view().find_alias("bob@engine", nobody), Found::no);
  EXPECT_EQ(small.view().find_alias("ada", nobody), Found::no);
}

TEST(PublishedDirectory, HoldsNoAddressInClear) {
  const Small small;
  std::ifstream file(small.place.file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(bytes.find("/home/ada"), std::string::npos) << "this test reads nothing";
  for (const char* part : {"lovelace", "Lovelace", "example", "Example", "ada@"}) {
    EXPECT_EQ(bytes.find(part), std::string::npos) << part;
  }
}

TEST(PublishedDirectory, GivesAnAliasOfTwoPeopleToNeither) {
  auto content = small_directory();
  content.people[0].aliases = {"shared@example.org", "own@example.org", "OWN@example.org"};
  content.people[1].aliases = {"SHARED@example.org"};
  const Small small(content);
  AliasView found;
  EXPECT_EQ(small.view().find_alias("shared@example.org", found), Found::no);
  EXPECT_EQ(small.view().find_alias("own@example.org", found), Found::yes);
}

TEST(PublishedDirectory, KnowsNobodyElse) {
  const Small small;
  PersonView person;
  GroupView group;
  for (const char* name : {"", "carol", "ad", "adaa", "root", "\xff",
                           "a-name-of-far-more-than-thirty-two-characters"}) {
    EXPECT_EQ(small.view().find_person(name, person), Found::no) << name;
    EXPECT_EQ(small.view().find_group(name, group), Found::no) << name;
  }
  for (const std::uint32_t id : {0U, 999U, 1000U, 65534U, 0xFFFFFFFFU}) {
    EXPECT_EQ(small.view().find_person(id, person), Found::no) << id;
    EXPECT_EQ(small.view().find_group(id, group), Found::no) << id;
  }
}

TEST(PublishedDirectory, ListsNobodyUnlessEnumerable) {
  auto content = small_directory();
  PersonView person;
  GroupView group;
  {
    const Small silent(content);
    EXPECT_FALSE(silent.view().enumerable());
    EXPECT_EQ(silent.view().person_at(0, person), Found::no);
    EXPECT_EQ(silent.view().group_at(0, group), Found::no);
  }
  content.enumerable = true;
  const Small small(content);
  EXPECT_TRUE(small.view().enumerable());
  ASSERT_EQ(small.view().person_at(1, person), Found::yes);
  EXPECT_EQ(person.name, "bob");
  EXPECT_EQ(small.view().person_at(2, person), Found::no);
  ASSERT_EQ(small.view().group_at(2, group), Found::yes);
  EXPECT_EQ(group.name, "looms");
  EXPECT_EQ(small.view().group_at(3, group), Found::no);
}

TEST(PublishedDirectory, MayBeEmpty) {
  const Small empty{fakes::PublishedDirectory()};
  PersonView person;
  EXPECT_EQ(empty.view().find_person("ada", person), Found::no);
}

TEST(PublishedDirectory, IsSupersededByTheNextOne) {
  const Small small;
  EXPECT_FALSE(small.view().superseded());
  ASSERT_TRUE(fakes::publish(small_directory(), small.place.file).has_value());
  EXPECT_TRUE(small.view().superseded());
  EXPECT_FALSE(open_or_fail(small.place.file).view().superseded());
  PersonView ada;
  EXPECT_EQ(small.view().find_person("ada", ada), Found::yes) << "who still reads the old one can";
}

}  // namespace
}  // namespace usher::published
