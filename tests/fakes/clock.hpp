// Clocks that stand until they are turned.
#pragma once

#include <atomic>

#include "daemon/ports/clock.hpp"

namespace usher::fakes {

class HandClock final : public ports::Clock {
 public:
  explicit HandClock(ports::Instant start) : now_(start) {}

  ports::Instant now() override { return now_.load(); }
  ports::Uptime uptime() override { return {"boot-" + std::to_string(boot_), up_.load()}; }

  std::chrono::minutes utc_offset(ports::Instant) override { return std::chrono::minutes(60); }

  // Somebody sets the wall clock; no time goes by.
  void set(ports::Instant now) { now_.store(now); }
  // Time goes by, on both.
  void turn(std::chrono::milliseconds span) {
    now_.store(now_.load() + span);
    up_.store(up_.load() + span);
  }
  void reboot() {
    ++boot_;
    up_.store(std::chrono::milliseconds(0));
  }

 private:
  std::atomic<ports::Instant> now_;  // flows of several threads may share one clock
  std::atomic<std::chrono::milliseconds> up_{std::chrono::hours(1)};
  std::atomic<int> boot_{1};
};

}  // namespace usher::fakes
