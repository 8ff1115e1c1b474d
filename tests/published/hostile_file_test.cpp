// Files that no publish made: cut, shifted, of another owner, with ids that would be root's.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "base/unique_fd.hpp"
#include "daemon/directory/cdb_file.hpp"
#include "published/directory.hpp"
#include "tests/fakes/published.hpp"

namespace usher::published {
namespace {

using fakes::PublishedPlace;
using fakes::small_directory;

std::string bytes_of_small() {
  const PublishedPlace place;
  EXPECT_TRUE(directory::publish(small_directory(), place.file).has_value());
  std::ifstream file(place.file, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
}

Errc error_of(const std::string& path) {
  const Result<Directory> opened = Directory::open(path.c_str());
  EXPECT_FALSE(opened.has_value()) << "it was opened";
  return opened ? Errc::internal : opened.error().code();
}

TEST(HostileFile, IsDamagedWhereverItIsCut) {
  const PublishedPlace place;
  const std::string whole = bytes_of_small();
  for (std::size_t size = 0; size < whole.size(); size += size < 2048 ? 97 : 1) {
    write_bytes(place.file, whole.substr(0, size));
    ASSERT_EQ(error_of(place.file), Errc::damaged) << size;
  }
  write_bytes(place.file, whole);
  EXPECT_TRUE(Directory::open(place.file.c_str()).has_value()) << "uncut it opens";
  write_bytes(place.file, whole + "C");
  EXPECT_EQ(error_of(place.file), Errc::damaged);
}

void ask_everything(const View& view) {
  PersonView person;
  GroupView group;
  Memberships gids;
  AliasView alias;
  (void)view.find_person("ada", person);
  if (view.find_person(1'900'000'001U, person) == Found::yes) {
    ASSERT_TRUE(is_publishable_id(person.uid) && is_publishable_id(person.gid));
  }
  (void)view.find_group("engine", group);
  if (view.find_group(5000U, group) == Found::yes) {
    ASSERT_TRUE(is_publishable_id(group.gid));
  }
  (void)view.find_memberships("ada", gids);
  (void)view.find_alias("ada@engine", alias);
}

TEST(HostileFile, WithAnyByteChangedIsDamagedOrReadable) {
  const PublishedPlace place;
  const std::string whole = bytes_of_small();
  write_bytes(place.file, whole);
  const UniqueFd file(::open(place.file.c_str(), O_RDWR | O_CLOEXEC));
  int damaged = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const int flip : {0x01, 0x81}) {
      const char changed = static_cast<char>(whole[at] ^ flip);
      ASSERT_EQ(::pwrite(file.get(), &changed, 1, static_cast<off_t>(at)), 1);
      const Result<Directory> mapped = Directory::map(file.get());
      if (mapped) {
        ask_everything(mapped->view());
      } else {
        ++damaged;
      }
    }
    ASSERT_EQ(::pwrite(file.get(), &whole[at], 1, static_cast<off_t>(at)), 1);
  }
  EXPECT_GT(damaged, 100) << "tables and trailer are checked at once";
}

TEST(HostileFile, OfAnotherVersionIsNotRead) {
  const PublishedPlace place;
  std::string bytes = bytes_of_small();
  bytes[bytes.size() - sizeof(Trailer) + offsetof(Trailer, version)] = 2;
  write_bytes(place.file, bytes);
  EXPECT_EQ(error_of(place.file), Errc::unsupported);
}

TEST(HostileFile, ThatOthersCouldHaveWrittenIsNotTrusted) {
  const PublishedPlace place;
  ASSERT_TRUE(directory::publish(small_directory(), place.file).has_value());
  for (const mode_t mode : std::initializer_list<mode_t>{0664, 0646, 0666}) {
    ASSERT_EQ(::chmod(place.file.c_str(), mode), 0);
    EXPECT_EQ(error_of(place.file), Errc::not_permitted) << mode;
  }
  ASSERT_EQ(::chmod(place.file.c_str(), 0644), 0);
  for (const mode_t mode : std::initializer_list<mode_t>{0775, 0757, 01777}) {
    ASSERT_EQ(::chmod(place.directory.path().c_str(), mode), 0);
    EXPECT_EQ(error_of(place.file), Errc::not_permitted) << mode;
  }
  ASSERT_EQ(::chmod(place.directory.path().c_str(), 0755), 0);
  EXPECT_TRUE(Directory::open(place.file.c_str()).has_value());
}

TEST(HostileFile, OfSomebodyElseInsideTheDirectoryIsNotTrusted) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const PublishedPlace place;
  ASSERT_TRUE(directory::publish(small_directory(), place.file).has_value());
  ASSERT_EQ(::chown(place.file.c_str(), 1234, 1234), 0);
  EXPECT_EQ(error_of(place.file), Errc::not_permitted);
  ASSERT_EQ(::chown(place.directory.path().c_str(), 1234, 1234), 0);
  EXPECT_TRUE(Directory::open(place.file.c_str()).has_value()) << "both are usherd's";
}

TEST(HostileFile, ThatIsNoFileIsRefusedAtOnce) {
  const PublishedPlace place;
  EXPECT_EQ(error_of(place.file), Errc::not_found);
  ASSERT_EQ(::mkfifo(place.file.c_str(), 0644), 0);
  EXPECT_EQ(error_of(place.file), Errc::not_permitted);
  ASSERT_EQ(::unlink(place.file.c_str()), 0);
  ASSERT_EQ(::symlink("/etc/passwd", place.file.c_str()), 0);
  EXPECT_EQ(error_of(place.file), Errc::unavailable);
  EXPECT_EQ(error_of("/no-such-directory/directory.cdb"), Errc::not_found);
  EXPECT_EQ(error_of("directory.cdb"), Errc::invalid_input);
}

// What a publisher that obeys nobody would write: the checks of publish() are not called.
Directory unchecked(const directory::PublishedDirectory& content) {
  const PublishedPlace place;
  const int fd = ::open(place.file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  EXPECT_TRUE(directory::write_cdb(fd, content, SipKey{}).has_value());
  ::close(fd);
  Result<Directory> opened = Directory::open(place.file.c_str());
  EXPECT_TRUE(opened.has_value());
  return opened ? opened.release_value() : Directory();
}

TEST(HostileFile, NeverLetsAnIdOutOfTheRanges) {
  for (const std::uint32_t id :
       {0U, 1U, 999U, 61184U, 65534U, 65535U, 0x8000'0000U, 0xFFFF'FFFFU}) {
    auto content = small_directory();
    content.people[0].uid = id;
    content.people[1].gid = id;
    content.groups[1].gid = id;
    const Directory directory = unchecked(content);
    const View& view = directory.view();
    PersonView person;
    GroupView group;
    EXPECT_EQ(view.find_person("ada", person), Found::no) << id;
    EXPECT_EQ(view.find_person(id, person), Found::no) << id;
    EXPECT_EQ(view.find_person("bob", person), Found::no) << id;
    EXPECT_EQ(view.find_person(1'900'000'002U, person), Found::no) << id;
    EXPECT_EQ(view.find_group("engine", group), Found::no) << id;
    EXPECT_EQ(view.find_group(id, group), Found::no) << id;
    AliasView alias;
    EXPECT_EQ(view.find_alias("ada@engine", alias), Found::no) << id;
  }
}

TEST(HostileFile, NeverLetsATextOutThatWouldBeTwoFields) {
  for (const char* text : {"/home/a:0:0", "/home/a\nroot::0:0", "\x1b[2J", "/\x7f"}) {
    auto content = small_directory();
    content.people[0].home = text;
    content.groups[1].members.push_back(text);
    const Directory directory = unchecked(content);
    PersonView person;
    GroupView group;
    EXPECT_EQ(directory.view().find_person("ada", person), Found::damaged);
    EXPECT_EQ(directory.view().find_person(1'900'000'001U, person), Found::damaged);
    EXPECT_EQ(directory.view().find_group("engine", group), Found::damaged);
    EXPECT_EQ(directory.view().find_person("bob", person), Found::yes) << "one record, not all";
  }
}

}  // namespace
}  // namespace usher::published
