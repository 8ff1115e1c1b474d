// Mapping, checking and searching. Every offset that comes out of the file is compared with the
// room there is before it is used; integers are copied out, because nothing in there is aligned.
#include "published/directory.hpp"

#include <cdb.h>
#include <endian.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cstring>

#include "base/bounded_text.hpp"
#include "base/unique_fd.hpp"
#include "published/alias.hpp"

namespace usher::published {
namespace {

// TinyCDB: 256 pairs of position and length, then records, then the tables they point to.
constexpr std::uint32_t kContentsSize = 256 * 8;
constexpr std::size_t kMaxFilePath = 1024;

Error damaged(std::string_view what) {
  return Error(Errc::damaged, what).in("the published directory");
}

Error not_permitted(std::string_view what) {
  return Error(Errc::not_permitted, what).in("the published directory");
}

std::string_view part_of(std::string_view text, std::size_t from, std::size_t size) {
  return {text.data() + from, size};  // substr may throw, and needs the C++ runtime
}

template <typename Head>
bool take_head(std::string_view& value, Head& head) {
  if (value.size() < sizeof head) return false;
  std::memcpy(&head, value.data(), sizeof head);
  value.remove_prefix(sizeof head);
  return true;
}

std::uint32_t number_at(const char* bytes) {
  std::uint32_t number = 0;
  std::memcpy(&number, bytes, sizeof number);
  return le32toh(number);
}

// Sixteen bytes at a time, in the compiler's vectors: a comparison makes each byte 0 or 0xFF.
using Block = unsigned char __attribute__((vector_size(16)));
constexpr std::size_t kBlockSize = sizeof(Block);
constexpr std::size_t kMostBlocks = 15;  // so that all NULs in them are counted in one byte

struct BlocksSeen {
  Block bad{};
  Block nuls{};  // how many, by their place in the block

  void take(const char* bytes, std::size_t size) {
    Block block = Block{} + static_cast<unsigned char>(' ');  // harmless where the text ends
    std::memcpy(&block, bytes, size);
    const auto is_nul = reinterpret_cast<Block>(block == 0);
    bad |= (reinterpret_cast<Block>(block < 0x20) & ~is_nul) |
           reinterpret_cast<Block>(block == ':') | reinterpret_cast<Block>(block == 0x7F);
    nuls -= is_nul;
  }
};

// Of bytes that do not exceed 255 together.
std::size_t sum_of(Block block) {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
  std::uint64_t halves[2];
  std::memcpy(halves, &block, sizeof halves);
  return ((halves[0] + halves[1]) * kOnes) >> 56U;
}

bool is_any(Block block) {
  std::uint64_t halves[2];
  std::memcpy(halves, &block, sizeof halves);
  return (halves[0] | halves[1]) != 0;
}

// What getent prints must stay one line of as many fields: no control character and no colon, and
// exactly so many NULs.
bool is_clean(std::string_view texts, std::size_t nuls) {
  std::size_t found = 0;
  while (!texts.empty()) {
    BlocksSeen seen;
    for (std::size_t i = 0; i < kMostBlocks && texts.size() >= kBlockSize; ++i) {
      seen.take(texts.data(), kBlockSize);
      texts.remove_prefix(kBlockSize);
    }
    if (texts.size() < kBlockSize) {
      seen.take(texts.data(), texts.size());
      texts = {};
    }
    if (is_any(seen.bad)) return false;
    found += sum_of(seen.nuls);
  }
  return found == nuls;
}

// Takes a text of that length and the NUL behind it.
bool take_text(std::string_view& rest, std::size_t length, std::string_view& text) {
  if (rest.size() <= length || rest[length] != '\0') return false;
  text = part_of(rest, 0, length);
  rest.remove_prefix(length + 1);
  return true;
}

Found read_person(std::string_view value, PersonView& person) {
  PersonHead head;
  if (!take_head(value, head)) return Found::damaged;
  person.uid = le32toh(head.uid);
  person.gid = le32toh(head.gid);
  person.suspended = (le32toh(head.flags) & kSuspended) != 0;
  person.texts = value;
  if (!take_text(value, le16toh(head.name_length), person.name) ||
      !take_text(value, le16toh(head.gecos_length), person.gecos) ||
      !take_text(value, le16toh(head.home_length), person.home) ||
      !take_text(value, le16toh(head.shell_length), person.shell)) {
    return Found::damaged;
  }
  if (!value.empty() || !is_clean(person.texts, 4)) return Found::damaged;
  const bool publishable = is_publishable_id(person.uid) && is_publishable_id(person.gid);
  return publishable ? Found::yes : Found::no;
}

Found read_group(std::string_view value, GroupView& group) {
  GroupHead head;
  if (!take_head(value, head)) return Found::damaged;
  group.gid = le32toh(head.gid);
  group.member_count = le32toh(head.member_count);
  group.texts = value;
  if (!take_text(value, le32toh(head.name_length), group.name)) return Found::damaged;
  group.members = value;
  // As many NULs as names, and one at the end: every member ends inside.
  if (value.size() != le32toh(head.members_size) ||
      !is_clean(group.texts, std::size_t{1} + group.member_count) ||
      (!value.empty() && value.back() != '\0')) {
    return Found::damaged;
  }
  return is_publishable_id(group.gid) ? Found::yes : Found::no;
}

// Positions of TinyCDB's tables: one behind the other to the end, the first where records end.
// cdb_find() checks each table it uses; this finds a cut or shifted file at once.
Result<std::uint32_t> data_end_of(const unsigned char* bytes, std::uint32_t size) {
  std::uint64_t expected = 0;
  for (std::uint32_t i = 0; i < kContentsSize; i += 8) {
    const std::uint32_t position = cdb_unpack(bytes + i);
    const std::uint32_t slots = cdb_unpack(bytes + i + 4);
    if (slots == 0) continue;
    if (expected == 0 && position < kContentsSize) return damaged("a table lies in the contents");
    if (expected != 0 && position != expected)
      return damaged("its tables do not follow each other");
    expected = position + std::uint64_t{slots} * 8;
    if (expected > size) return damaged("a table lies behind its end");
  }
  if (expected == 0) return size;  // nobody is in it
  if (expected != size) return damaged("its tables do not end where it does");
  for (std::uint32_t i = 0;; i += 8) {
    if (cdb_unpack(bytes + i + 4) != 0) return cdb_unpack(bytes + i);
  }
}

Result<void> check_trailer(const Trailer& trailer, std::size_t size) {
  if (std::memcmp(trailer.magic, kMagic, sizeof kMagic) != 0 ||
      le64toh(trailer.file_size) != size ||
      (trailer.mark != kCurrent && trailer.mark != kSuperseded)) {
    return damaged("it does not end as one");
  }
  if (le32toh(trailer.version) != kVersion) {
    return Error(Errc::unsupported, "the published directory is of another version");
  }
  return {};
}

bool others_may_write(const struct stat& status) {
  return (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

// Who can put a file there is the directory's owner and root, so nobody else's file is trusted.
// The owner's name is not looked up: that would be NSS asking NSS.
Result<void> check_owners(const struct stat& directory, const struct stat& file) {
  if (others_may_write(directory)) return not_permitted("others can write its directory");
  if (!S_ISREG(file.st_mode)) return not_permitted("it is not a regular file");
  if (others_may_write(file)) return not_permitted("others can write it");
  if (file.st_uid != 0 && file.st_uid != directory.st_uid) {
    return not_permitted("it belongs to somebody else");
  }
  return {};
}

}  // namespace

std::uint32_t Memberships::operator[](std::size_t index) const {
  return number_at(bytes_.data() + 4 * index);
}

bool View::superseded() const {
  // Acquire: whoever sees the mark sees what was done before it was set.
  const auto* mark = bytes_ + size_ + offsetof(Trailer, mark);
  return __atomic_load_n(mark, __ATOMIC_ACQUIRE) != static_cast<unsigned char>(kCurrent);
}

bool View::enumerable() const {
  Trailer trailer;
  std::memcpy(&trailer, bytes_ + size_, sizeof trailer);
  return (le32toh(trailer.flags) & kEnumerable) != 0;
}

Found View::find(Key kind, std::string_view key, std::string_view& value) const {
  BoundedText<kMaxName + 1> whole;
  if (key.empty() || key.size() > kMaxName) return Found::no;
  const char kind_byte = static_cast<char>(kind);
  whole.append({&kind_byte, 1});
  whole.append(key);
  // Filled by hand, as cdb_init() does: the file is mapped and checked already, and a search
  // writes its result into the structure, so each has its own.
  cdb file{};
  file.cdb_fd = -1;
  file.cdb_fsize = size_;
  file.cdb_dend = data_end_;
  file.cdb_mem = bytes_;
  const int found =
      cdb_find(&file, whole.view().data(), static_cast<unsigned>(whole.view().size()));
  if (found == 0) return Found::no;
  if (found < 0) return Found::damaged;
  value = {reinterpret_cast<const char*>(bytes_) + file.cdb_vpos, file.cdb_vlen};
  return Found::yes;
}

Found View::find(Key kind, std::uint32_t number, std::string_view& value) const {
  const std::uint32_t key = htole32(number);
  return find(kind, std::string_view(reinterpret_cast<const char*>(&key), sizeof key), value);
}

Found View::find_person(std::string_view name, PersonView& person) const {
  std::string_view value;
  const Found found = find(Key::person, name, value);
  if (found != Found::yes) return found;
  const Found read = read_person(value, person);
  if (read == Found::yes && person.name != name) return Found::damaged;
  return read;
}

Found View::find_person(std::uint32_t uid, PersonView& person) const {
  if (!is_publishable_id(uid)) return Found::no;
  std::string_view name;
  Found found = find(Key::person_id, uid, name);
  if (found != Found::yes) return found;
  found = find_person(name, person);
  return found == Found::yes && person.uid != uid ? Found::damaged : found;
}

Found View::find_alias(std::string_view alias, AliasView& found) const {
  if (!is_alias(alias)) return Found::no;
  SipKey salt;
  std::memcpy(salt.data(), bytes_ + size_ + offsetof(Trailer, salt), salt.size());
  const AliasDigest digest = digest_of_alias(salt, alias);
  std::string_view value;
  const Found there =
      find(Key::alias, {reinterpret_cast<const char*>(digest.data()), digest.size()}, value);
  if (there != Found::yes) return there;
  if (value.size() < 4) return Found::damaged;
  found.uid = number_at(value.data());
  value.remove_prefix(4);
  PersonView person;
  const Found canonical = find_person(value, person);
  if (canonical != Found::yes) return canonical;
  if (person.uid != found.uid) return Found::damaged;
  found.name = person.name;
  return Found::yes;
}

Found View::find_group(std::string_view name, GroupView& group) const {
  std::string_view value;
  const Found found = find(Key::group, name, value);
  if (found != Found::yes) return found;
  const Found read = read_group(value, group);
  if (read == Found::yes && group.name != name) return Found::damaged;
  return read;
}

Found View::find_group(std::uint32_t gid, GroupView& group) const {
  if (!is_publishable_id(gid)) return Found::no;
  std::string_view name;
  Found found = find(Key::group_id, gid, name);
  if (found != Found::yes) return found;
  found = find_group(name, group);
  return found == Found::yes && group.gid != gid ? Found::damaged : found;
}

Found View::find_memberships(std::string_view name, Memberships& gids) const {
  std::string_view value;
  const Found found = find(Key::memberships, name, value);
  if (found != Found::yes) return found;
  if (value.size() % 4 != 0) return Found::damaged;
  gids = Memberships(value);
  return Found::yes;
}

Found View::person_at(std::uint32_t index, PersonView& person) const {
  std::string_view name;
  const Found found = find(Key::person_at, index, name);
  return found == Found::yes ? find_person(name, person) : found;
}

Found View::group_at(std::uint32_t index, GroupView& group) const {
  std::string_view name;
  const Found found = find(Key::group_at, index, name);
  return found == Found::yes ? find_group(name, group) : found;
}

Result<Directory> Directory::open(const char* path) {
  const std::string_view whole = path;
  const std::size_t slash = whole.rfind('/');
  if (slash == std::string_view::npos || slash == 0 || slash > kMaxFilePath) {
    return Error(Errc::invalid_input, "the published directory's path is not absolute");
  }
  const BoundedText<kMaxFilePath> parent(part_of(whole, 0, slash));
  // O_NONBLOCK: nobody may make a caller wait with a pipe in the file's place.
  const UniqueFd file(::open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file.valid()) return system_error("opening the published directory");
  // By name, which saves opening and closing it: who could exchange the directory between the two
  // calls may write its parent, and could as well have put one of their own there before.
  struct stat of_directory {};
  struct stat of_file {};
  if (::stat(parent.c_str(), &of_directory) != 0 || ::fstat(file.get(), &of_file) != 0) {
    return system_error("looking at the published directory");
  }
  TRY(check_owners(of_directory, of_file));
  return map(file.get(), of_file.st_size);
}

Result<Directory> Directory::map(int fd, off_t file_size) {
  if (file_size < static_cast<off_t>(kContentsSize + sizeof(Trailer)) ||
      file_size > static_cast<off_t>(kMaxFileSize)) {
    return damaged("no such file has this size");
  }
  const auto size = static_cast<std::size_t>(file_size);
  // Shared: the mark of a writer must be seen.
  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) return system_error("mapping the published directory");
  View view;
  view.bytes_ = static_cast<const unsigned char*>(memory);
  view.size_ = static_cast<std::uint32_t>(size - sizeof(Trailer));
  Directory directory(view);
  Trailer trailer;
  std::memcpy(&trailer, view.bytes_ + view.size_, sizeof trailer);
  TRY(check_trailer(trailer, size));
  directory.view_.data_end_ = TRY(data_end_of(view.bytes_, view.size_));
  return directory;
}

Directory& Directory::operator=(Directory&& other) noexcept {
  if (this != &other) {
    unmap(view_);
    view_ = other.release();
  }
  return *this;
}

View Directory::release() {
  const View released = view_;
  view_ = View();
  return released;
}

void Directory::unmap(View view) {
  if (view.mapped()) {
    (void)::munmap(const_cast<unsigned char*>(view.bytes_), view.size_ + sizeof(Trailer));
  }
}

}  // namespace usher::published
