// The ledger of uids and gids: a number once given is its owner's for ever, whatever becomes of the
// owner. It never renumbers and never gives a number twice.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/text.hpp"
#include "daemon/store/database.hpp"

namespace usher::store {

// Where people's and groups' own numbers lie (ARCHITECTURE section 5).
inline constexpr std::uint32_t kFirstUid = 1'879'048'192;
inline constexpr std::uint32_t kLastUid = 2'147'352'575;

// The ledger's order: SHA-256 of the uuid into the range, then linear probing round it.
Uid first_uid_to_try(std::string_view uuid);
Uid next_uid_to_try(Uid uid);

struct AccountIds {
  Uid uid;
  Gid gid;
};
// Chooses and records a person's numbers. Explicit ones first: without `gid` the private group's
// number is the uid. Without `uid` the first number of the ledger's order that is free as both.
// Errc::already_exists: taken, now or ever. Errc::invalid_input: below 1000, in 61184-65535 or from
// 2^31 up.
Result<AccountIds> take_person_ids(Database& database, std::string_view uuid,
                                   std::optional<Uid> uid, std::optional<Gid> gid);
// Likewise for a group, whose number is nobody's uid either unless it was asked for.
Result<Gid> take_group_id(Database& database, std::string_view uuid, std::optional<Gid> gid);

}  // namespace usher::store
