// The published directory: one TinyCDB file with everything the modules may know about people and
// groups. It holds no secret and no address. What stands here is the layout alone, for the one who
// writes it and the one who reads it; integers are little-endian, no record is aligned.
#pragma once

#include <cstddef>
#include <cstdint>

namespace usher::published {

inline constexpr const char* kDirectoryFile = "/var/lib/usher/public/directory.cdb";

// TinyCDB counts in 32 bits; a million people take about 300 MB.
inline constexpr std::size_t kMaxFileSize = std::size_t{1} << 30U;

inline constexpr std::size_t kMaxName = 32;  // UserName; groups are named by the same rule
inline constexpr std::size_t kMaxGecos = 512;
inline constexpr std::size_t kMaxPath = 1024;  // home and shell

// The first byte of each key; what follows it, and the value.
enum class Key : char {
  person = 'u',       // name                     PersonHead, name, gecos, home, shell
  person_id = 'U',    // uid, 4 bytes             name
  group = 'g',        // name                     GroupHead, name, members
  group_id = 'G',     // gid, 4 bytes             name
  memberships = 'i',  // a member's name          gids, 4 bytes each
  alias = 'a',        // AliasDigest, 16 bytes    uid, then the canonical name
  person_at = 'p',    // index, 4 bytes           name; only where enumeration is on
  group_at = 'q',     // index, 4 bytes           name; only where enumeration is on
};

// Before the texts of a person. Each text ends in a NUL that its length does not count, so that
// they go to a caller's buffer in one copy.
struct PersonHead {
  std::uint32_t uid;
  std::uint32_t gid;
  std::uint32_t flags;
  std::uint16_t name_length;
  std::uint16_t gecos_length;
  std::uint16_t home_length;
  std::uint16_t shell_length;
};
static_assert(sizeof(PersonHead) == 20);
inline constexpr std::uint32_t kSuspended = 1;

// Before the name of a group and its members, each ending in a NUL.
struct GroupHead {
  std::uint32_t gid;
  std::uint32_t name_length;
  std::uint32_t member_count;
  std::uint32_t members_size;  // bytes, NULs included
};
static_assert(sizeof(GroupHead) == 16);

// The last bytes of the file, behind TinyCDB's tables: a file that was cut has no trailer.
struct Trailer {
  char magic[8];
  std::uint32_t version;
  std::uint32_t flags;
  unsigned char salt[16];  // of the aliases, new in every file
  std::uint64_t file_size;
  std::uint32_t people;
  std::uint32_t groups;
  char zeros[15];
  char mark;  // the file's last byte, the only one that ever changes
};
static_assert(sizeof(Trailer) == 64);
inline constexpr char kMagic[8] = {'u', 's', 'h', 'e', 'r', 'd', 'i', 'r'};
inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::uint32_t kEnumerable = 1;
inline constexpr char kCurrent = 'C';
// Set before another file takes the name: who has this one mapped looks for a newer one.
inline constexpr char kSuperseded = 'S';

// The last guard, compiled into writer and reader: system accounts, what systemd hands out
// (61184-65519) with nobody, and ids that read as negative never leave the directory.
constexpr bool is_publishable_id(std::uint32_t id) {
  return id >= 1000 && !(id >= 61184 && id <= 65535) && id < 0x8000'0000U;
}

}  // namespace usher::published
