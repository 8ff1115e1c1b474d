// How this program's types stand in the tables' columns.
#pragma once

#include "daemon/store/people.hpp"

namespace usher::store {

inline std::int64_t number_of(PersonId id) {
  return static_cast<std::int64_t>(id);
}
inline std::int64_t number_of(ports::Instant instant) {
  return instant.time_since_epoch().count();
}
inline std::int64_t number_of(bool yes) {
  return yes ? 1 : 0;
}

// 0, which is nobody's, for what is no id: a cut-off number would be somebody else's.
inline std::uint32_t id_number(std::int64_t number) {
  return number > 0 && number <= UINT32_MAX ? static_cast<std::uint32_t>(number) : 0;
}

inline ports::Instant instant_of(std::int64_t milliseconds) {
  return ports::Instant(std::chrono::milliseconds(milliseconds));
}

}  // namespace usher::store
