// Times as they are typed: spans, days, moments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace usher::ctl {

// Of 90m, 24h or 3d; at most 10,000 of a unit.
std::optional<std::int64_t> seconds_of(std::string_view span);

// Milliseconds of the first moment of a day given as 2027-01-31, here.
std::optional<std::int64_t> start_of(const std::string& day);

// Milliseconds of a day, of a moment as RFC 3339 writes it (2027-01-31T14:03:11+01:00), or of a
// span ago. What is before 1970 is 1970.
Result<std::int64_t> since(const std::string& typed, std::int64_t now);

}  // namespace usher::ctl
