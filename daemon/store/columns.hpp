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

inline ports::Instant instant_of(std::int64_t milliseconds) {
  return ports::Instant(std::chrono::milliseconds(milliseconds));
}

}  // namespace usher::store
