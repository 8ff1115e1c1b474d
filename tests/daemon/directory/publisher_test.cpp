// What is refused, and what stands on the disk at each moment.
#include "daemon/directory/publisher.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

#include "base/unique_fd.hpp"
#include "published/directory.hpp"
#include "tests/fakes/published.hpp"

namespace usher::directory {
namespace {

using fakes::PublishedPlace;
using fakes::small_directory;
using published::Directory;
using published::Found;
using published::GroupView;
using published::PersonView;

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t files_in(const std::string& path) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    (void)entry;
    ++count;
  }
  return count;
}

using Change = std::function<void(fakes::PublishedDirectory&)>;

struct Outcome {
  LeftOut left_out;
  Directory directory;
  bool finds_person(const char* name) const {
    PersonView person;
    return directory.view().find_person(name, person) == Found::yes;
  }
  bool finds_group(const char* name) const {
    GroupView group;
    return directory.view().find_group(name, group) == Found::yes;
  }
};

Outcome publish_changed(const Change& change) {
  const PublishedPlace place;
  fakes::PublishedDirectory changed = small_directory();
  change(changed);
  Result<Published> done = fakes::publish(changed, place.file);
  EXPECT_TRUE(done.has_value());
  Result<Directory> opened = Directory::open(place.file.c_str());
  EXPECT_TRUE(opened.has_value());
  if (!done || !opened) return {};
  return {done->left_out(), opened.release_value()};
}

// One person is out; everybody else's names stand.
void expect_ada_alone_is_out(const Change& change, const std::string& what) {
  const Outcome outcome = publish_changed(change);
  EXPECT_EQ(outcome.left_out.count, 1U) << what;
  EXPECT_FALSE(outcome.finds_person("ada")) << what;
  EXPECT_TRUE(outcome.finds_person("bob")) << what;
  EXPECT_TRUE(outcome.finds_group("engine")) << what;
}

void expect_group_engine_alone_is_out(const Change& change, const std::string& what) {
  const Outcome outcome = publish_changed(change);
  EXPECT_EQ(outcome.left_out.count, 1U) << what;
  EXPECT_FALSE(outcome.finds_group("engine")) << what;
  EXPECT_TRUE(outcome.finds_group("looms")) << what;
  EXPECT_TRUE(outcome.finds_person("ada")) << what;
}

void expect_member_alone_is_out(const std::string& member) {
  const Outcome outcome = publish_changed([&](auto& d) { d.groups[1].members[0] = member; });
  EXPECT_EQ(outcome.left_out.count, 1U) << member;
  GroupView engine;
  ASSERT_EQ(outcome.directory.view().find_group("engine", engine), Found::yes) << member;
  EXPECT_EQ(engine.members, std::string_view("bob\0", 4)) << member;
}

TEST(Publisher, LeavesOutNamesThatMeanPower) {
  for (const char* name : {"root", "sudo", "wheel", "adm", "docker", "shadow", "systemd-network"}) {
    expect_ada_alone_is_out([&](auto& d) { d.people[0].name = name; }, name);
    EXPECT_FALSE(publish_changed([&](auto& d) { d.people[0].name = name; }).finds_person(name));
    expect_group_engine_alone_is_out([&](auto& d) { d.groups[1].name = name; }, name);
    expect_member_alone_is_out(name);
  }
}

TEST(Publisher, LeavesOutNamesThatAreNone) {
  for (const char* name : {"", "a:b", "a\nb", "Ada", "../x", "ada@engine", "-a", "a\x1b[2J",
                           "a23456789012345678901234567890123"}) {
    expect_ada_alone_is_out([&](auto& d) { d.people[0].name = name; }, name);
    expect_group_engine_alone_is_out([&](auto& d) { d.groups[1].name = name; }, name);
    expect_member_alone_is_out(name);
  }
}

TEST(Publisher, LeavesOutIdsOutsideTheRanges) {
  for (const std::uint32_t id : {0U, 999U, 61184U, 65519U, 65535U, 0x8000'0000U, 0xFFFF'FFFFU}) {
    const std::string what = std::to_string(id);
    expect_ada_alone_is_out([&](auto& d) { d.people[0].uid = id; }, what);
    expect_ada_alone_is_out([&](auto& d) { d.people[0].gid = id; }, what);
    expect_group_engine_alone_is_out([&](auto& d) { d.groups[1].gid = id; }, what);
  }
  for (const std::uint32_t id : {1000U, 61183U, 65536U, 0x7FFF'FFFFU}) {
    const Outcome outcome = publish_changed([&](auto& d) { d.people[0].uid = id; });
    EXPECT_EQ(outcome.left_out, LeftOut()) << id;
    EXPECT_TRUE(outcome.finds_person("ada")) << id;
  }
}

TEST(Publisher, LeavesOutTextsThatWouldBreakALine) {
  for (const char* text : {"a:b", "a\nb", "a\rb", "\x1b[2J", "\x7f", "\xc2\x9b", "\xff"}) {
    expect_ada_alone_is_out([&](auto& d) { d.people[0].gecos = text; }, text);
    const std::string path = std::string("/") + text;
    expect_ada_alone_is_out([&](auto& d) { d.people[0].home = path; }, text);
    expect_ada_alone_is_out([&](auto& d) { d.people[0].shell = path; }, text);
  }
  expect_ada_alone_is_out([](auto& d) { d.people[0].home = ""; }, "no home");
  expect_ada_alone_is_out([](auto& d) { d.people[0].shell = "bash"; }, "no path");
  expect_ada_alone_is_out([](auto& d) { d.people[0].gecos = std::string(513, 'a'); }, "long");
}

TEST(Publisher, LeavesOutAnAliasThatIsNoneAndKeepsItsPerson) {
  const Outcome outcome =
      publish_changed([](auto& d) { d.people[0].aliases.emplace_back("no alias"); });
  EXPECT_EQ(outcome.left_out, (LeftOut{1, "ada: an alias is unfit"}));
  EXPECT_TRUE(outcome.finds_person("ada"));
  published::AliasView alias;
  EXPECT_EQ(outcome.directory.view().find_alias("ada@engine", alias), Found::yes);
}

// A newcomer takes nobody's place, and nobody is out because of one.
TEST(Publisher, OfTwoWithOneNameOrIdTheFirstStays) {
  const auto newcomer = [](const char* name, std::uint32_t uid) {
    return [=](auto& d) { d.people.push_back(fakes::published_person(name, uid)); };
  };
  for (const auto& [name, uid] : {std::pair("ada", 1'900'000'009U), {"eve", 1'900'000'001U}}) {
    const Outcome outcome = publish_changed(newcomer(name, uid));
    EXPECT_EQ(outcome.left_out.count, 1U) << name;
    PersonView person;
    ASSERT_EQ(outcome.directory.view().find_person(1'900'000'001U, person), Found::yes) << name;
    EXPECT_EQ(person.name, "ada") << name;
    EXPECT_FALSE(outcome.finds_person("eve")) << name;
    EXPECT_EQ(outcome.directory.view().find_person(1'900'000'009U, person), Found::no) << name;
  }
  const Change groups[] = {[](auto& d) {
                             d.groups.push_back({"engine", 5009, {"bob"}});
                           },
                           [](auto& d) {
                             d.groups.push_back({"late", 5000, {"bob"}});
                           }};
  for (const Change& change : groups) {
    const Outcome outcome = publish_changed(change);
    EXPECT_EQ(outcome.left_out.count, 1U);
    GroupView group;
    ASSERT_EQ(outcome.directory.view().find_group(5000U, group), Found::yes);
    EXPECT_EQ(group.name, "engine");
    EXPECT_FALSE(outcome.finds_group("late"));
    EXPECT_EQ(outcome.directory.view().find_group(5009U, group), Found::no);
    published::Memberships bobs;
    ASSERT_EQ(outcome.directory.view().find_memberships("bob", bobs), Found::yes);
    EXPECT_EQ(bobs.size(), 1U) << "who is left out gives nobody a group";
  }
}

// What is left out must not keep out whoever comes next.
TEST(Publisher, WhoIsLeftOutTakesNoNameAndNoNumber) {
  const Outcome outcome = publish_changed([](auto& d) {
    auto unfit = fakes::published_person("carol", 1'900'000'003);
    unfit.shell = "bash";
    d.people.push_back(unfit);
    d.people.push_back(fakes::published_person("ada", 1'900'000'003));
    d.people.push_back(fakes::published_person("carol", 1'900'000'003));
  });
  EXPECT_EQ(outcome.left_out.count, 2U);
  EXPECT_TRUE(outcome.finds_person("carol"));
}

TEST(Publisher, AnOwnGroupYieldsToTheGroupThatWasThere) {
  const PublishedPlace place;
  const auto done = publish(place.file, Enumeration::on, [](Edition& edition) -> Result<void> {
    const auto person = [](const char* name, std::uint32_t id) {
      return PublishedPerson{name, id, id, "A Person", "/home/x", "/bin/sh", false};
    };
    edition.add_group("looms", 5000, {});
    (void)edition.add_person(person("looms", 2000), OwnGroup::published);
    (void)edition.add_person(person("ada", 5000), OwnGroup::published);
    (void)edition.add_person(person("bob", 2001), OwnGroup::published);
    edition.add_group("bob", 5002, {});
    edition.add_group("late", 2001, {});
    return {};
  });
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ(done->left_out().count, 4U);
  const Result<Directory> opened = Directory::open(place.file.c_str());
  ASSERT_TRUE(opened.has_value());
  const auto& view = opened->view();
  GroupView group;
  ASSERT_EQ(view.find_group(5000U, group), Found::yes);
  EXPECT_EQ(group.name, "looms");
  ASSERT_EQ(view.find_group("bob", group), Found::yes);
  EXPECT_EQ(group.gid, 2001U);
  PersonView person;
  for (std::uint32_t at = 0; at < 3; ++at) EXPECT_EQ(view.person_at(at, person), Found::yes);
  for (std::uint32_t at = 0; at < 2; ++at) EXPECT_EQ(view.group_at(at, group), Found::yes);
  EXPECT_EQ(view.group_at(2, group), Found::no);
}

// Far over where the tables of names and numbers grow, in an order that no table likes.
TEST(Publisher, FindsEverybodyOfThousands) {
  const PublishedPlace place;
  constexpr std::uint32_t kPeople = 5000;
  const auto uid = [](std::uint32_t i) { return 100'000 + (i * 7919) % kPeople; };
  const auto done = publish(place.file, Enumeration::off, [&](Edition& edition) -> Result<void> {
    for (int round = 0; round < 2; ++round) {
      for (std::uint32_t i = 0; i < kPeople; ++i) {
        const std::string name = "person" + std::to_string(i);
        (void)edition.add_person({name, uid(i), uid(i), "A Person", "/home/x", "/bin/sh", false},
                                 OwnGroup::published);
      }
    }
    return {};
  });
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ(done->left_out().count, kPeople) << "the second round";
  const Result<Directory> opened = Directory::open(place.file.c_str());
  ASSERT_TRUE(opened.has_value());
  PersonView person;
  for (std::uint32_t i = 0; i < kPeople; ++i) {
    ASSERT_EQ(opened->view().find_person("person" + std::to_string(i), person), Found::yes);
    ASSERT_EQ(person.uid, uid(i));
  }
}

TEST(Publisher, NeverRepeatsAHostileNameInItsReport) {
  const Outcome outcome =
      publish_changed([](auto& d) { d.groups[0].name = "x\nusherd: all is well"; });
  EXPECT_EQ(outcome.left_out, (LeftOut{1, "a name: the name is none"}));
}

TEST(Publisher, KeepsTheOldFileWhenTheReadingFails) {
  const PublishedPlace place;
  ASSERT_TRUE(fakes::publish(small_directory(), place.file).has_value());
  const std::string before = bytes_of(place.file);
  const auto refused = publish(place.file, Enumeration::off, [](Edition&) -> Result<void> {
    return Error(Errc::damaged, "the store is damaged");
  });
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), Errc::damaged);
  EXPECT_EQ(bytes_of(place.file), before);
  EXPECT_EQ(files_in(place.directory.path()), 1U);
}

TEST(Publisher, MakesDurableWhatItPublished) {
  const PublishedPlace place;
  const auto published = fakes::publish(small_directory(), place.file);
  ASSERT_TRUE(published.has_value());
  EXPECT_TRUE(published->make_durable().has_value());
  EXPECT_TRUE(fakes::publish(small_directory(), place.file).has_value()) << "the lock is free";
}

TEST(Publisher, LetsEverybodyReadWhateverTheUmask) {
  const PublishedPlace place;
  const mode_t before = ::umask(0777);
  const auto published = fakes::publish(small_directory(), place.file);
  ::umask(before);
  ASSERT_TRUE(published.has_value()) << published.error().text();
  struct stat status {};
  ASSERT_EQ(::stat(place.file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0644U);
}

TEST(Publisher, RemovesWhatAKilledPublishLeft) {
  const PublishedPlace place;
  std::ofstream(place.file + ".new") << "half a file";
  ASSERT_TRUE(fakes::publish(small_directory(), place.file).has_value());
  EXPECT_EQ(files_in(place.directory.path()), 1U);
}

TEST(Publisher, ReplacesALinkAndLeavesItsTargetAlone) {
  const PublishedPlace place;
  const fakes::TemporaryDirectory elsewhere;
  const std::string target = elsewhere / "target";
  std::ofstream(target) << "ends in C";
  ASSERT_EQ(::symlink(target.c_str(), place.file.c_str()), 0);
  ASSERT_EQ(::symlink(target.c_str(), (place.file + ".new").c_str()), 0);
  ASSERT_TRUE(fakes::publish(small_directory(), place.file).has_value());
  EXPECT_EQ(bytes_of(target), "ends in C");
  EXPECT_TRUE(Directory::open(place.file.c_str()).has_value());
}

TEST(Publisher, WaitsForNobodyElse) {
  const PublishedPlace place;
  const UniqueFd other(::open(place.directory.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  ASSERT_EQ(::flock(other.get(), LOCK_EX), 0);
  const auto refused = fakes::publish(small_directory(), place.file);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), Errc::conflict);
}

TEST(Publisher, SaysWhereItCannotWrite) {
  EXPECT_EQ(fakes::publish({}, "/no-such-directory/file").error().code(), Errc::not_found);
  EXPECT_EQ(fakes::publish({}, "file").error().code(), Errc::invalid_input);
}

// What a kill between mark and rename leaves: the old file, marked.
TEST(Publisher, GoesOnAfterAKillBetweenMarkAndRename) {
  const PublishedPlace place;
  ASSERT_TRUE(fakes::publish(small_directory(), place.file).has_value());
  {
    std::fstream file(place.file, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(-1, std::ios::end);
    file.put(published::kSuperseded);
  }
  PersonView ada;
  {
    Result<Directory> marked = Directory::open(place.file.c_str());
    ASSERT_TRUE(marked.has_value());
    EXPECT_TRUE(marked->view().superseded());
    EXPECT_EQ(marked->view().find_person("ada", ada), Found::yes);
  }
  ASSERT_TRUE(fakes::publish(small_directory(), place.file).has_value());
  Result<Directory> next = Directory::open(place.file.c_str());
  ASSERT_TRUE(next.has_value());
  EXPECT_FALSE(next->view().superseded());
}

}  // namespace
}  // namespace usher::directory
