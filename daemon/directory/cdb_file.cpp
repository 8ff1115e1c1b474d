// TinyCDB's writer. It keeps a list of positions in memory and writes the records as they come;
// what it keeps is freed by finishing, so a failed write ends in finishing too.
#include "daemon/directory/cdb_file.hpp"

#include <cdb.h>
#include <endian.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <unordered_map>

#include "published/alias.hpp"
#include "published/format.hpp"

namespace usher::directory {
namespace {

using published::Key;

template <typename Value>
void append_bytes(std::string& text, const Value& value) {
  text.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void append_number(std::string& text, std::uint32_t number) {
  append_bytes(text, htole32(number));
}

void append_text(std::string& value, std::string_view text) {
  value.append(text).push_back('\0');
}

std::string number_key(std::uint32_t number) {
  std::string key;
  append_number(key, number);
  return key;
}

class CdbFile {
 public:
  explicit CdbFile(int fd) { failed_ = ::cdb_make_start(&make_, fd) != 0; }
  CdbFile(const CdbFile&) = delete;
  CdbFile& operator=(const CdbFile&) = delete;
  ~CdbFile() {
    if (!finished_) (void)::cdb_make_finish(&make_);
  }

  void add(Key kind, std::string_view key, std::string_view value) {
    if (failed_) return;
    key_.assign(1, static_cast<char>(kind)).append(key);
    failed_ = ::cdb_make_add(&make_, key_.data(), static_cast<unsigned>(key_.size()), value.data(),
                             static_cast<unsigned>(value.size())) != 0;
    error_ = errno;
  }

  Result<void> finish() {
    finished_ = true;
    if (::cdb_make_finish(&make_) != 0 && !failed_) {
      failed_ = true;
      error_ = errno;
    }
    if (failed_) return system_error("writing the published directory", error_);
    return {};
  }

 private:
  cdb_make make_{};
  std::string key_;
  bool failed_ = false;
  bool finished_ = false;
  int error_ = 0;
};

void add_person(CdbFile& file, const PublishedPerson& person, std::string& value) {
  published::PersonHead head{};
  head.uid = htole32(person.uid);
  head.gid = htole32(person.gid);
  head.flags = htole32(person.suspended ? published::kSuspended : 0);
  head.name_length = htole16(static_cast<std::uint16_t>(person.name.view().size()));
  head.gecos_length = htole16(static_cast<std::uint16_t>(person.gecos.size()));
  head.home_length = htole16(static_cast<std::uint16_t>(person.home.size()));
  head.shell_length = htole16(static_cast<std::uint16_t>(person.shell.size()));
  value.clear();
  append_bytes(value, head);
  append_text(value, person.name.view());
  append_text(value, person.gecos);
  append_text(value, person.home);
  append_text(value, person.shell);
  file.add(Key::person, person.name.view(), value);
  file.add(Key::person_id, number_key(person.uid), person.name.view());
}

void add_group(CdbFile& file, const PublishedGroup& group, std::string& value) {
  std::string members;
  for (const std::string& member : group.members) append_text(members, member);
  published::GroupHead head{};
  head.gid = htole32(group.gid);
  head.name_length = htole32(static_cast<std::uint32_t>(group.name.size()));
  head.member_count = htole32(static_cast<std::uint32_t>(group.members.size()));
  head.members_size = htole32(static_cast<std::uint32_t>(members.size()));
  value.clear();
  append_bytes(value, head);
  append_text(value, group.name);
  value.append(members);
  file.add(Key::group, group.name, value);
  file.add(Key::group_id, number_key(group.gid), group.name);
}

void add_memberships(CdbFile& file, const PublishedDirectory& directory) {
  std::unordered_map<std::string_view, std::string> gids;
  gids.reserve(directory.people.size());
  for (const PublishedGroup& group : directory.groups) {
    for (const std::string& member : group.members) append_number(gids[member], group.gid);
  }
  for (const auto& [member, numbers] : gids) file.add(Key::memberships, member, numbers);
}

struct AliasRow {
  published::AliasDigest digest;
  const PublishedPerson* person;
};

// An alias that two people bring would let one of them in as the other: it is nobody's. Compared
// by digest, so that two that only hash alike part in the same way.
void add_aliases(CdbFile& file, const std::vector<PublishedPerson>& people,
                 const published::SipKey& salt, std::string& value) {
  std::vector<AliasRow> rows;
  for (const PublishedPerson& person : people) {
    for (const std::string& alias : person.aliases) {
      rows.push_back({published::digest_of_alias(salt, alias), &person});
    }
  }
  std::sort(rows.begin(), rows.end(),
            [](const AliasRow& left, const AliasRow& right) { return left.digest < right.digest; });
  for (auto row = rows.begin(); row != rows.end();) {
    const auto end = std::find_if(
        row, rows.end(), [&](const AliasRow& other) { return other.digest != row->digest; });
    const bool one_person =
        std::all_of(row, end, [&](const AliasRow& other) { return other.person == row->person; });
    if (one_person) {
      value.clear();
      append_number(value, row->person->uid);
      value.append(row->person->name.view());
      file.add(Key::alias, {reinterpret_cast<const char*>(row->digest.data()), row->digest.size()},
               value);
    }
    row = end;
  }
}

void add_lists(CdbFile& file, const PublishedDirectory& directory) {
  std::uint32_t index = 0;
  for (const auto& person : directory.people) {
    file.add(Key::person_at, number_key(index++), person.name.view());
  }
  index = 0;
  for (const auto& group : directory.groups) {
    file.add(Key::group_at, number_key(index++), group.name);
  }
}

Result<void> write_trailer(int fd, const PublishedDirectory& directory,
                           const published::SipKey& salt) {
  const off_t end = ::lseek(fd, 0, SEEK_END);
  if (end < 0) return system_error("measuring the published directory");
  published::Trailer trailer{};
  const std::size_t size = static_cast<std::size_t>(end) + sizeof trailer;
  if (size > published::kMaxFileSize) {
    return Error(Errc::exhausted, "the published directory would be over its limit");
  }
  std::memcpy(trailer.magic, published::kMagic, sizeof trailer.magic);
  trailer.version = htole32(published::kVersion);
  trailer.flags = htole32(directory.enumerable ? published::kEnumerable : 0);
  std::memcpy(trailer.salt, salt.data(), sizeof trailer.salt);
  trailer.file_size = htole64(size);
  trailer.people = htole32(static_cast<std::uint32_t>(directory.people.size()));
  trailer.groups = htole32(static_cast<std::uint32_t>(directory.groups.size()));
  trailer.mark = published::kCurrent;
  if (::write(fd, &trailer, sizeof trailer) != static_cast<ssize_t>(sizeof trailer)) {
    return system_error("writing the end of the published directory");
  }
  return {};
}

}  // namespace

Result<void> write_cdb(int fd, const PublishedDirectory& directory, const published::SipKey& salt) {
  CdbFile file(fd);
  std::string value;
  for (const PublishedPerson& person : directory.people) add_person(file, person, value);
  for (const PublishedGroup& group : directory.groups) add_group(file, group, value);
  add_memberships(file, directory);
  add_aliases(file, directory.people, salt, value);
  if (directory.enumerable) add_lists(file, directory);
  TRY(file.finish());
  return write_trailer(fd, directory, salt);
}

}  // namespace usher::directory
