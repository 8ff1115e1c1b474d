// Both clocks side by side: the wall clock is set by people and programs, and a machine may come up
// with a wrong one. What cannot be undone waits until it has gone as the uptime did for a while.
// Pure.
#pragma once

#include <optional>
#include <utility>

#include "daemon/ports/clock.hpp"

namespace usher::post {

struct Moments {
  ports::Instant wall;
  std::chrono::milliseconds up;  // comparable within one process
};

class ClockWatch {
 public:
  void look(const Moments& now);
  // Since this was last asked. The first look cannot tell, and counts.
  bool was_set_back() { return std::exchange(set_back_, false); }
  // The wall clock has not been set for an hour, as far as it was looked at.
  bool is_steady(const Moments& now) const;

 private:
  std::optional<Moments> since_;  // when it was first seen going as it goes now
  bool set_back_ = false;
};

}  // namespace usher::post
