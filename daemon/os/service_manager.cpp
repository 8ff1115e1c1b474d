// Thin calls into libsystemd; a manager that cannot be told is not our failure.
#include "daemon/os/service_manager.hpp"

#include <systemd/sd-daemon.h>

#include <cstdint>

namespace usher::os {
namespace {

constexpr std::chrono::seconds kUnwatched{20};

}  // namespace

void tell_ready() {
  (void)sd_notify(0, "READY=1");
}
void tell_stopping() {
  (void)sd_notify(0, "STOPPING=1");
}
void tell_alive() {
  (void)sd_notify(0, "WATCHDOG=1");
}

std::chrono::milliseconds heartbeat_interval() {
  std::uint64_t limit_microseconds = 0;
  if (sd_watchdog_enabled(0, &limit_microseconds) <= 0) return kUnwatched;
  // A third of the limit: one beat may be late (sd_watchdog_enabled(3) advises half).
  return std::chrono::milliseconds(limit_microseconds / 1000 / 3);
}

}  // namespace usher::os
