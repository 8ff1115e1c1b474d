// The table of wrong passwords, and the time it goes by. Sees counters and keyed digests only; what
// they mean is daemon/policy/throttle.hpp's.
#pragma once

#include <vector>

#include "daemon/policy/throttle.hpp"
#include "daemon/store/people.hpp"

namespace usher::store {

// A person's id, 0 for nobody, or below 0 a bucket of names.
enum class TriesOf : std::int64_t {};
inline constexpr TriesOf kNobody{0};
inline TriesOf tries_of(PersonId person) {
  return TriesOf{static_cast<std::int64_t>(person)};
}

// All zero when there is no row.
Result<policy::Tries> find_tries(Database& database, TriesOf account, std::string_view origin);
Result<void> put_tries(Database& database, TriesOf account, std::string_view origin,
                       const policy::Tries& tries);

struct TriesFrom {
  std::string origin;
  policy::Tries tries;
};
Result<std::vector<TriesFrom>> list_tries(Database& database, PersonId person);

// policy::forgiven, for every class of origins.
Result<void> forgive_tries(Database& database, PersonId person);
Result<void> delete_tries(Database& database, PersonId person);

// The present time of these counters. Reading does not move the stored one; put it where a failure
// is counted, so that it goes on from there after a restart.
Result<policy::Timepiece> read_timepiece(Database& database, const policy::ClockReading& now);
Result<void> put_timepiece(Database& database, const policy::Timepiece& piece);

}  // namespace usher::store
