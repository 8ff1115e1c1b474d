// The wall clock, as a port: tests turn it by hand. Read once a step; everything below receives
// the Instant as a parameter. Waits use protocol::Deadline, which does not jump.
#pragma once

#include <chrono>

namespace usher::ports {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() = 0;
};

}  // namespace usher::ports
