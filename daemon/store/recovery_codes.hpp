// The table of recovery codes: keyed digests, each spent once. They belong to a set, which is a row
// of the factors' table, and go with it.
#pragma once

#include <span>
#include <string>

#include "daemon/store/factors.hpp"

namespace usher::store {

Result<void> put_recovery_code(Database& database, FactorId set, std::string_view digest);

enum class Spent : std::uint8_t { now, before, never };
// One compare-and-set: `now` for exactly one caller. `never`: the set has no such code.
Result<Spent> spend_recovery_code(Database& database, FactorId set, std::string_view digest,
                                  ports::Instant now);
// Those not yet spent, over all sets of the person.
Result<std::int64_t> count_recovery_codes(Database& database, PersonId person);

}  // namespace usher::store
