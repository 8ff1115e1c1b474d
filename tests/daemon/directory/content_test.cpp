// What is published of the store, and the folder it goes to.
#include "daemon/directory/content.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "daemon/directory/public_folder.hpp"
#include "daemon/store/aliases.hpp"
#include "daemon/store/groups.hpp"
#include "tests/daemon/store/fixture.hpp"

namespace usher::directory {
namespace {

using store::add_alias;
using store::PersonState;

class Content : public store::Tables {
 protected:
  PublishedDirectory content() {
    return read_content(database_, Enumeration::off, stopping_).release_value();
  }
  std::atomic<bool> stopping_{false};
};

TEST_F(Content, HasEverybodyWithTheirOwnAliasesAndGroups) {
  std::vector<store::PersonRecord> people;
  for (int i = 0; i < 50; ++i) {
    people.push_back(add("person" + std::to_string(i)));
    // Every third has none, so that neighbours must not be mixed up.
    for (int alias = 0; alias < i % 3; ++alias) {
      ASSERT_OK(add_alias(database_, people.back().id,
                          std::to_string(alias) + "@" + std::to_string(i) + ".org"));
    }
  }
  const auto editors = store::add_group(database_, store::name_from("editors"), {},
                                        store::uuid_of(900), store::kNow);
  const auto writers = store::add_group(database_, store::name_from("writers"), {},
                                        store::uuid_of(901), store::kNow);
  ASSERT_OK(store::add_member(database_, writers->id, people[7].id));
  ASSERT_OK(store::add_member(database_, editors->id, people[3].id));

  const PublishedDirectory read = content();
  ASSERT_EQ(read.people.size(), 50U);
  ASSERT_EQ(read.groups.size(), 52U) << "a private group each, and two";
  EXPECT_FALSE(read.enumerable);
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(read.people[i].name, people[i].name);
    EXPECT_EQ(read.people[i].uid, people[i].uid.number);
    EXPECT_EQ(read.people[i].home, "/home/person" + std::to_string(i));
    ASSERT_EQ(read.people[i].aliases.size(), i % 3);
    for (const std::string& alias : read.people[i].aliases) {
      EXPECT_TRUE(alias.ends_with("@" + std::to_string(i) + ".org")) << alias;
    }
    EXPECT_EQ(read.groups[i].name, people[i].name.view());
    EXPECT_EQ(read.groups[i].gid, people[i].gid.number);
  }
  EXPECT_EQ(read.groups[50].members, std::vector<std::string>{"person3"});
  EXPECT_EQ(read.groups[51].members, std::vector<std::string>{"person7"});
  EXPECT_TRUE(read_content(database_, Enumeration::on, stopping_)->enumerable);
}

TEST_F(Content, ShowsWhoIsSuspendedAndNobodyDeleted) {
  const auto ada = add("ada");
  const auto bob = add("bob");
  ASSERT_OK(store::set_person_state(database_, ada.id, PersonState::suspended, "on leave"));
  ASSERT_OK(store::set_person_state(database_, bob.id, PersonState::deleted, ""));
  const PublishedDirectory read = content();
  ASSERT_EQ(read.people.size(), 1U);
  EXPECT_TRUE(read.people[0].suspended);
  ASSERT_EQ(read.groups.size(), 1U);
}

TEST_F(Content, OneOldDisplayNameStopsNobodysPublication) {
  ASSERT_OK(store::add_person(
      database_, {.name = store::name_from("ada"), .display_name = "Ada: the first", .uid = {}},
      store::uuid_of(1), store::kNow));
  EXPECT_EQ(content().people[0].gecos, "Ada  the first");
}

TEST_F(Content, StopsReadingWhenUsherdStops) {
  (void)add("ada");
  stopping_ = true;
  const auto read = read_content(database_, Enumeration::off, stopping_);
  EXPECT_EQ(store::code_of(read), Errc::hung_up);
}

class PublicFolder : public store::StoreFile {
 protected:
  mode_t mode_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 07777U;
  }
};

TEST_F(PublicFolder, IsOpenToAllWhateverTheUmask) {
  const mode_t before = ::umask(077);
  const auto prepared = prepare_public_folder(directory_ + "/public");
  ::umask(before);
  ASSERT_OK(prepared);
  EXPECT_EQ(mode_of(directory_ + "/public"), 0755U);
  ASSERT_OK(prepare_public_folder(directory_ + "/public"));
}

TEST_F(PublicFolder, ThatOthersMayWriteOrThatIsALinkIsRefused) {
  const std::string folder = directory_ + "/public";
  std::filesystem::create_directory(folder);
  std::filesystem::permissions(folder, std::filesystem::perms::all);
  EXPECT_EQ(store::code_of(prepare_public_folder(folder)), Errc::not_permitted);
  EXPECT_EQ(mode_of(folder), 0777U) << "what is refused is left alone";
  std::filesystem::create_directory_symlink(directory_, directory_ + "/link");
  EXPECT_FALSE(prepare_public_folder(directory_ + "/link"));
  write_file(directory_ + "/file", "x");
  EXPECT_FALSE(prepare_public_folder(directory_ + "/file"));
}

}  // namespace
}  // namespace usher::directory
