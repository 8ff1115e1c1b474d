// The clocks, as a port: tests turn them by hand. Read once a step; everything below receives the
// time as a parameter. Waits use protocol::Deadline, which does not jump.
#pragma once

#include <chrono>
#include <string>

namespace usher::ports {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

// How long the machine has been up, asleep or not. Nobody sets it, but it begins anew with each
// boot: two are comparable only if they have the same name, and that is not empty.
struct Uptime {
  std::string boot;
  std::chrono::milliseconds since{0};
};

class Clock {
 public:
  virtual ~Clock() = default;
  // The wall clock: whoever administers the machine may set it, forward and back.
  virtual Instant now() = 0;
  virtual Uptime uptime() = 0;
  // How far the clocks on this machine's walls are ahead of UTC at that moment.
  virtual std::chrono::minutes utc_offset(Instant at) = 0;
};

}  // namespace usher::ports
