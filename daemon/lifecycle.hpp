// What an account's life means at this moment: whether it is closed and by what, and whether its
// factors are set aside. Pure; asked by the flows, the gate and the person's sheet alike.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "daemon/store/people.hpp"

namespace usher::daemon {

enum class Closed : std::uint8_t {
  suspended,
  disabled,
  expired,   // past the day an administrator set
  inactive,  // no sign-in for as long as the policy allows
};
std::string_view name_of(Closed closed);

// `inactive_after` is the policy's; 0 is never.
std::optional<Closed> what_closes(const store::PersonRecord& person,
                                  std::chrono::days inactive_after, ports::Instant now);

bool are_factors_suspended(const store::PersonRecord& person, ports::Instant now);

// Whole days until then, rounded up; 0 when it is past.
std::int64_t days_until(ports::Instant then, ports::Instant now);

}  // namespace usher::daemon
