// A wall clock that stands until it is turned.
#pragma once

#include <atomic>

#include "daemon/ports/clock.hpp"

namespace usher::fakes {

class HandClock final : public ports::Clock {
 public:
  explicit HandClock(ports::Instant start) : now_(start) {}

  ports::Instant now() override { return now_.load(); }
  void set(ports::Instant now) { now_.store(now); }
  void turn(std::chrono::milliseconds span) { now_.store(now_.load() + span); }

 private:
  std::atomic<ports::Instant> now_;  // flows of several threads may share one clock
};

}  // namespace usher::fakes
