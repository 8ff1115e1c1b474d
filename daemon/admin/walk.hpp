// A look at everybody, a piece a read: a reader that one call held for the whole directory would be
// missing to those who sign in.
#pragma once

#include <cstdint>

namespace usher::admin {

inline constexpr std::int64_t kPeopleAtOnce = 100;

// How far a piece has come.
enum class Walked : std::uint8_t {
  on,          // there may be further people
  to_the_end,  // there are none
  page_full,   // somebody had no room in the reply
  nowhere,     // what was to be walked through is not there
};

}  // namespace usher::admin
