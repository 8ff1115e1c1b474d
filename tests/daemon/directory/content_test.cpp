// What is published of the store, and the folder it goes to.
#include "daemon/directory/content.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "daemon/directory/public_folder.hpp"
#include "daemon/directory/publisher.hpp"
#include "daemon/store/aliases.hpp"
#include "daemon/store/groups.hpp"
#include "published/directory.hpp"
#include "tests/daemon/store/fixture.hpp"
#include "tests/fakes/published.hpp"

namespace usher::directory {
namespace {

using published::Found;
using published::GroupView;
using published::PersonView;
using store::add_alias;
using store::PersonState;

class Content : public store::Tables {
 protected:
  // Publishes what the store holds, and opens it.
  published::Directory content() {
    Result<Published> done = publish(Enumeration::on);
    EXPECT_TRUE(done.has_value());
    if (done) left_out_ = done->left_out();
    Result<published::Directory> opened = published::Directory::open(place_.file.c_str());
    EXPECT_TRUE(opened.has_value());
    return opened ? opened.release_value() : published::Directory();
  }
  Result<Published> publish(Enumeration enumeration) {
    return directory::publish(place_.file, enumeration, [&](Edition& edition) {
      return fill_from_store(edition, database_, stopping_);
    });
  }
  fakes::PublishedPlace place_;
  LeftOut left_out_;
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

  const published::Directory directory = content();
  const published::View& view = directory.view();
  EXPECT_EQ(left_out_, LeftOut());
  PersonView person;
  GroupView group;
  for (std::uint32_t i = 0; i < 50; ++i) {
    const std::string name(people[i].name.view());
    ASSERT_EQ(view.person_at(i, person), Found::yes);
    EXPECT_EQ(person.name, name);
    EXPECT_EQ(person.uid, people[i].uid.number);
    EXPECT_EQ(person.home, "/home/" + name);
    ASSERT_EQ(view.find_group(name, group), Found::yes) << "a private group each";
    EXPECT_EQ(group.gid, people[i].gid.number);
    for (std::uint32_t alias = 0; alias < 3; ++alias) {
      published::AliasView found;
      const auto there =
          view.find_alias(std::to_string(alias) + "@" + std::to_string(i) + ".org", found);
      ASSERT_EQ(there, alias < i % 3 ? Found::yes : Found::no) << i;
      if (there != Found::yes) continue;
      EXPECT_EQ(found.name, name);
    }
  }
  EXPECT_EQ(view.person_at(50, person), Found::no);
  EXPECT_EQ(view.group_at(52, group), Found::no);
  ASSERT_EQ(view.find_group("editors", group), Found::yes);
  EXPECT_EQ(group.members, std::string_view("person3\0", 8));
  ASSERT_EQ(view.find_group("writers", group), Found::yes);
  EXPECT_EQ(group.members, std::string_view("person7\0", 8));
  ASSERT_TRUE(publish(Enumeration::off).has_value());
  EXPECT_FALSE(published::Directory::open(place_.file.c_str())->view().enumerable());
}

TEST_F(Content, ShowsWhoIsSuspendedAndNobodyDeleted) {
  const auto ada = add("ada");
  const auto bob = add("bob");
  (void)add("carol");
  ASSERT_OK(store::set_person_state(database_, ada.id, PersonState::suspended, "on leave"));
  ASSERT_OK(store::set_person_state(database_, bob.id, PersonState::deleted, ""));
  const published::Directory directory = content();
  PersonView person;
  ASSERT_EQ(directory.view().find_person("ada", person), Found::yes);
  EXPECT_TRUE(person.suspended);
  ASSERT_EQ(directory.view().find_person("carol", person), Found::yes);
  EXPECT_FALSE(person.suspended);
  EXPECT_EQ(directory.view().find_person("bob", person), Found::no);
  GroupView group;
  EXPECT_EQ(directory.view().find_group("bob", group), Found::no);
}

TEST_F(Content, OneOldDisplayNameStopsNobodysPublication) {
  ASSERT_OK(store::add_person(
      database_, {.name = store::name_from("ada"), .display_name = "Ada: the first", .uid = {}},
      store::uuid_of(1), store::kNow));
  const published::Directory directory = content();
  PersonView person;
  ASSERT_EQ(directory.view().find_person("ada", person), Found::yes);
  EXPECT_EQ(person.gecos, "Ada  the first");
}

// What no verb lets in, but a hand at the store or an older program may have.
TEST_F(Content, OneUnfitPersonStopsNobodysPublication) {
  (void)add("ada");
  (void)add("wheel");
  (void)add("bob");
  const published::Directory directory = content();
  EXPECT_EQ(left_out_, (LeftOut{1, "wheel: the name is reserved"}));
  PersonView person;
  GroupView group;
  EXPECT_EQ(directory.view().find_person("ada", person), Found::yes);
  EXPECT_EQ(directory.view().find_person("bob", person), Found::yes);
  EXPECT_EQ(directory.view().find_person("wheel", person), Found::no);
  EXPECT_EQ(directory.view().find_group("wheel", group), Found::no);
}

TEST_F(Content, StopsReadingWhenUsherdStops) {
  (void)add("ada");
  stopping_ = true;
  EXPECT_EQ(store::code_of(publish(Enumeration::off)), Errc::hung_up);
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
