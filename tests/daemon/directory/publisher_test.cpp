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

using Change = std::function<void(PublishedDirectory&)>;

// Publishes a good directory, then a changed one: the answer, and that the good one still stands.
Errc refusal_of(const Change& change) {
  const PublishedPlace place;
  EXPECT_TRUE(publish(small_directory(), place.file).has_value());
  const std::string before = bytes_of(place.file);
  PublishedDirectory changed = small_directory();
  change(changed);
  const Result<void> refused = publish(changed, place.file);
  EXPECT_EQ(bytes_of(place.file), before);
  EXPECT_EQ(files_in(place.directory.path()), 1U);
  return refused ? Errc::internal : refused.error().code();
}

UserName name_of(const char* text) {
  const Result<UserName> name = UserName::parse(text);
  if (!name) std::abort();
  return *name;
}

TEST(Publisher, RefusesNamesThatMeanPower) {
  for (const char* name : {"root", "sudo", "wheel", "adm", "docker", "shadow", "systemd-network"}) {
    EXPECT_EQ(refusal_of([&](auto& d) { d.people[0].name = name_of(name); }), Errc::invalid_input)
        << name;
    EXPECT_EQ(refusal_of([&](auto& d) { d.groups[1].name = name; }), Errc::invalid_input) << name;
    EXPECT_EQ(refusal_of([&](auto& d) { d.groups[1].members[0] = name; }), Errc::invalid_input)
        << name;
  }
}

TEST(Publisher, RefusesNamesThatAreNone) {
  for (const char* name : {"", "a:b", "a\nb", "Ada", "../x", "ada@engine", "-a", "a\x1b[2J"}) {
    EXPECT_EQ(refusal_of([&](auto& d) { d.groups[1].name = name; }), Errc::invalid_input) << name;
    EXPECT_EQ(refusal_of([&](auto& d) { d.groups[1].members[0] = name; }), Errc::invalid_input)
        << name;
  }
}

TEST(Publisher, RefusesIdsOutsideTheRanges) {
  for (const std::uint32_t id : {0U, 999U, 61184U, 65519U, 65535U, 0x8000'0000U, 0xFFFF'FFFFU}) {
    EXPECT_EQ(refusal_of([&](auto& d) { d.people[0].uid = id; }), Errc::invalid_input) << id;
    EXPECT_EQ(refusal_of([&](auto& d) { d.people[0].gid = id; }), Errc::invalid_input) << id;
    EXPECT_EQ(refusal_of([&](auto& d) { d.groups[0].gid = id; }), Errc::invalid_input) << id;
  }
  for (const std::uint32_t id : {1000U, 61183U, 65536U, 0x7FFF'FFFFU}) {
    EXPECT_EQ(refusal_of([&](auto& d) {
                d.people[0].uid = id;
                d.people[1].name = name_of("ada");  // so that it is refused, for another reason
              }),
              Errc::already_exists)
        << id;
  }
}

TEST(Publisher, RefusesTextsThatWouldBreakALine) {
  for (const char* text : {"a:b", "a\nb", "a\rb", "\x1b[2J", "\x7f", "\xc2\x9b", "\xff"}) {
    EXPECT_EQ(refusal_of([&](auto& d) { d.people[0].gecos = text; }), Errc::invalid_input);
    const std::string path = std::string("/") + text;
    EXPECT_EQ(refusal_of([&](auto& d) { d.people[0].home = path; }), Errc::invalid_input);
    EXPECT_EQ(refusal_of([&](auto& d) { d.people[0].shell = path; }), Errc::invalid_input);
  }
  EXPECT_EQ(refusal_of([](auto& d) { d.people[0].home = ""; }), Errc::invalid_input);
  EXPECT_EQ(refusal_of([](auto& d) { d.people[0].shell = "bash"; }), Errc::invalid_input);
  EXPECT_EQ(refusal_of([](auto& d) { d.people[0].gecos = std::string(513, 'a'); }),
            Errc::invalid_input);
  EXPECT_EQ(refusal_of([](auto& d) { d.people[0].aliases = {"no alias"}; }), Errc::invalid_input);
}

TEST(Publisher, RefusesWhatIsThereTwice) {
  const Change changes[] = {
      [](auto& d) { d.people[1].name = d.people[0].name; },
      [](auto& d) { d.people[1].uid = d.people[0].uid; },
      [](auto& d) { d.groups[1].name = d.groups[0].name; },
      [](auto& d) { d.groups[1].gid = d.groups[0].gid; },
  };
  for (const Change& change : changes) EXPECT_EQ(refusal_of(change), Errc::already_exists);
}

TEST(Publisher, NeverRepeatsAHostileNameInItsError) {
  PublishedDirectory hostile = small_directory();
  hostile.groups[0].name = "x\nusherd: all is well";
  const PublishedPlace place;
  const Result<void> refused = publish(hostile, place.file);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().text().find('\n'), std::string_view::npos) << refused.error().text();
}

TEST(Publisher, LetsEverybodyReadWhateverTheUmask) {
  const PublishedPlace place;
  const mode_t before = ::umask(0777);
  const Result<void> published = publish(small_directory(), place.file);
  ::umask(before);
  ASSERT_TRUE(published.has_value()) << published.error().text();
  struct stat status {};
  ASSERT_EQ(::stat(place.file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0644U);
}

TEST(Publisher, RemovesWhatAKilledPublishLeft) {
  const PublishedPlace place;
  std::ofstream(place.file + ".new") << "half a file";
  ASSERT_TRUE(publish(small_directory(), place.file).has_value());
  EXPECT_EQ(files_in(place.directory.path()), 1U);
}

TEST(Publisher, ReplacesALinkAndLeavesItsTargetAlone) {
  const PublishedPlace place;
  const fakes::TemporaryDirectory elsewhere;
  const std::string target = elsewhere / "target";
  std::ofstream(target) << "ends in C";
  ASSERT_EQ(::symlink(target.c_str(), place.file.c_str()), 0);
  ASSERT_EQ(::symlink(target.c_str(), (place.file + ".new").c_str()), 0);
  ASSERT_TRUE(publish(small_directory(), place.file).has_value());
  EXPECT_EQ(bytes_of(target), "ends in C");
  EXPECT_TRUE(Directory::open(place.file.c_str()).has_value());
}

TEST(Publisher, WaitsForNobodyElse) {
  const PublishedPlace place;
  const UniqueFd other(::open(place.directory.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  ASSERT_EQ(::flock(other.get(), LOCK_EX), 0);
  const Result<void> refused = publish(small_directory(), place.file);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), Errc::conflict);
}

TEST(Publisher, SaysWhereItCannotWrite) {
  EXPECT_EQ(publish({}, "/no-such-directory/file").error().code(), Errc::not_found);
  EXPECT_EQ(publish({}, "file").error().code(), Errc::invalid_input);
}

// What a kill between mark and rename leaves: the old file, marked.
TEST(Publisher, GoesOnAfterAKillBetweenMarkAndRename) {
  const PublishedPlace place;
  ASSERT_TRUE(publish(small_directory(), place.file).has_value());
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
  ASSERT_TRUE(publish(small_directory(), place.file).has_value());
  Result<Directory> next = Directory::open(place.file.c_str());
  ASSERT_TRUE(next.has_value());
  EXPECT_FALSE(next->view().superseded());
}

}  // namespace
}  // namespace usher::directory
