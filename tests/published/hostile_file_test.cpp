// Files that no publish made: cut, shifted, of another owner, with ids that would be root's.
#include <endian.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "base/unique_fd.hpp"
#include "daemon/directory/cdb_file.hpp"
#include "published/alias.hpp"
#include "published/directory.hpp"
#include "tests/fakes/published.hpp"

namespace usher::published {
namespace {

using fakes::PublishedPlace;
using fakes::small_directory;

std::string bytes_of_small() {
  const PublishedPlace place;
  EXPECT_TRUE(fakes::publish(small_directory(), place.file).has_value());
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
      const Result<Directory> mapped = Directory::map(file.get(), static_cast<off_t>(whole.size()));
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

TEST(HostileFile, WhoseAliasHasAnotherUidThanItsNameIsNotFollowed) {
  const PublishedPlace place;
  std::string bytes = bytes_of_small();
  const std::uint32_t uid = 1'900'000'001;
  const std::string value = std::string(reinterpret_cast<const char*>(&uid), sizeof uid) + "ada";
  int changed = 0;
  for (std::size_t at = bytes.find(value); at != std::string::npos;
       at = bytes.find(value, at + 1)) {
    // Key and value of her uid, and of the gid of the same number.
    const char kind = bytes[at - 1];
    if (kind == static_cast<char>(Key::person_id) || kind == static_cast<char>(Key::group_id))
      continue;
    bytes[at] = static_cast<char>(bytes[at] + 1);  // bob's uid
    ++changed;
  }
  ASSERT_EQ(changed, 2) << "ada has two aliases";
  write_bytes(place.file, bytes);
  const Result<Directory> opened = Directory::open(place.file.c_str());
  ASSERT_TRUE(opened.has_value());
  AliasView alias;
  EXPECT_EQ(opened->view().find_alias("ada@engine", alias), Found::damaged);
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
  ASSERT_TRUE(fakes::publish(small_directory(), place.file).has_value());
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
  ASSERT_TRUE(fakes::publish(small_directory(), place.file).has_value());
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

template <typename Value>
void put_bytes(std::string& record, const Value& value) {
  record.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void put_text(std::string& record, const std::string& text) {
  record.append(text).push_back('\0');
}

std::string number_bytes(std::uint32_t number) {
  std::string bytes;
  put_bytes(bytes, htole32(number));
  return bytes;
}

void put_person(directory::CdbFile& file, const fakes::Person& person) {
  PersonHead head{};
  head.uid = htole32(person.uid);
  head.gid = htole32(person.gid);
  head.name_length = htole16(static_cast<std::uint16_t>(person.name.size()));
  head.gecos_length = htole16(static_cast<std::uint16_t>(person.gecos.size()));
  head.home_length = htole16(static_cast<std::uint16_t>(person.home.size()));
  head.shell_length = htole16(static_cast<std::uint16_t>(person.shell.size()));
  std::string record;
  put_bytes(record, head);
  for (const std::string* text : {&person.name, &person.gecos, &person.home, &person.shell}) {
    put_text(record, *text);
  }
  file.add(Key::person, person.name, record);
  file.add(Key::person_id, number_bytes(person.uid), person.name);
  for (const std::string& alias : person.aliases) {
    const AliasDigest digest = digest_of_alias(SipKey{}, alias);
    file.add(Key::alias, {reinterpret_cast<const char*>(digest.data()), digest.size()},
             number_bytes(person.uid) + person.name);
  }
}

void put_group(directory::CdbFile& file, const fakes::Group& group) {
  std::string members;
  for (const std::string& member : group.members) put_text(members, member);
  GroupHead head{};
  head.gid = htole32(group.gid);
  head.name_length = htole32(static_cast<std::uint32_t>(group.name.size()));
  head.member_count = htole32(static_cast<std::uint32_t>(group.members.size()));
  head.members_size = htole32(static_cast<std::uint32_t>(members.size()));
  std::string record;
  put_bytes(record, head);
  put_text(record, group.name);
  file.add(Key::group, group.name, record + members);
  file.add(Key::group_id, number_bytes(group.gid), group.name);
}

// What a publisher that obeys nobody would write: no edition judges it.
Directory unchecked(const fakes::PublishedDirectory& content) {
  const PublishedPlace place;
  const UniqueFd fd(::open(place.file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  directory::CdbFile file(fd.get());
  for (const fakes::Person& person : content.people) put_person(file, person);
  for (const fakes::Group& group : content.groups) put_group(file, group);
  EXPECT_TRUE(file.finish({}, SipKey{}).has_value());
  Result<Directory> opened = Directory::open(place.file.c_str());
  EXPECT_TRUE(opened.has_value());
  return opened ? opened.release_value() : Directory();
}

TEST(HostileFile, FindsWhatIsFitInAFileThatNobodyJudged) {
  const Directory directory = unchecked(small_directory());
  PersonView person;
  GroupView group;
  AliasView alias;
  EXPECT_EQ(directory.view().find_person("ada", person), Found::yes);
  EXPECT_EQ(directory.view().find_person(1'900'000'002U, person), Found::yes);
  EXPECT_EQ(directory.view().find_group(5000U, group), Found::yes);
  EXPECT_EQ(directory.view().find_alias("ada@engine", alias), Found::yes);
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

// Texts longer than the reader looks at in one go, with a hostile byte anywhere in them.
TEST(HostileFile, NeverLetsALongTextOutThatWouldBeTwoFields) {
  const std::string long_text(300, 'x');
  const char hostile[] = {':', '\n', '\x1f', '\x7f', '\0'};
  for (std::size_t at = 0; at < long_text.size(); ++at) {
    auto content = small_directory();
    content.people[0].gecos = long_text;
    content.people[0].gecos[at] = hostile[at % sizeof hostile];
    const Directory directory = unchecked(content);
    PersonView person;
    ASSERT_EQ(directory.view().find_person("ada", person), Found::damaged) << at;
  }
}

TEST(HostileFile, WithUtf8InTextsAndManyMembersIsNotHostile) {
  auto content = small_directory();
  content.people[0].gecos = "\u00c9lo\u00efse \u7530\u4e2d \u00ff";
  for (int i = 0; i < 2000; ++i) content.groups[0].members.push_back("m");
  const Directory directory = unchecked(content);
  PersonView person;
  ASSERT_EQ(directory.view().find_person("ada", person), Found::yes);
  EXPECT_EQ(person.gecos, content.people[0].gecos);
  GroupView group;
  ASSERT_EQ(directory.view().find_group(content.groups[0].gid, group), Found::yes);
  EXPECT_GE(group.member_count, 2000U);
}

}  // namespace
}  // namespace usher::published
