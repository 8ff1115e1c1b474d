// usherctl's one clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace usher::ctl {

// Milliseconds since 1970, as usherd's records have them.
inline std::int64_t milliseconds_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace usher::ctl
