// One edition of the published directory while it is being written: people and groups go to the
// file as they are read, and only what must be compared later stays in memory. Whoever is unfit is
// left out and counted, and stops nobody else's names. What is in the file any local user can
// read, so nothing comes in here that is not theirs to see.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "daemon/directory/cdb_file.hpp"
#include "daemon/directory/enumeration.hpp"
#include "daemon/directory/fitness.hpp"
#include "daemon/directory/seen.hpp"
#include "published/alias.hpp"

namespace usher::directory {

enum class OwnGroup : std::uint8_t {
  none,
  published,  // a group of the person's name and gid
};

// People, groups, members and aliases that are not in the file, and the cause for the first.
struct LeftOut {
  std::uint64_t count = 0;
  std::string first;
  friend bool operator==(const LeftOut&, const LeftOut&) = default;
};

class Edition {
 public:
  // Writes to an empty file. The salt is the edition's own.
  Edition(int fd, const published::SipKey& salt, Enumeration enumeration);

  // The person's number in this edition; none: left out, and so is their own group. Of two with
  // one name or uid the first stays: a newcomer takes nobody's place.
  std::optional<std::uint32_t> add_person(const PublishedPerson& person, OwnGroup own_group);
  // A mail address or name@organisation, in any case. One that two people bring stands for neither.
  void add_alias(std::uint32_t person, std::string_view alias);
  // Members are login names; somebody of /etc/passwd may be one. A member who is unfit is left
  // out of the group.
  void add_group(std::string_view name, std::uint32_t gid, std::span<const std::string> members);

  // Nothing may be added afterwards. An Error is the file's, never a person's.
  Result<void> finish();
  const LeftOut& left_out() const { return left_out_; }

 private:
  struct AliasRow {
    published::AliasDigest digest;
    std::uint32_t person;
  };

  void leave_out(std::string_view who, std::string_view why);
  bool has_group(std::string_view name) const;
  void add_own_group(std::uint32_t person, std::uint32_t gid);
  void write_group(std::string_view name, std::uint32_t gid, std::span<const std::string> members);
  void write_aliases();
  void write_lists();

  CdbFile file_;
  published::SipKey salt_;
  Enumeration enumeration_;
  SeenNames people_;
  SeenNames groups_;  // without people's own
  SeenNumbers uids_;
  SeenNumbers gids_;
  struct Kept {
    std::uint32_t uid;
    OwnGroup own_group;
  };
  std::vector<Kept> kept_;  // by a person's number
  std::uint32_t own_groups_ = 0;
  std::vector<AliasRow> aliases_;
  std::unordered_map<std::string, std::string> gids_of_;  // by a member's name
  std::string value_;                                     // of the record being made
  LeftOut left_out_;
};

}  // namespace usher::directory
