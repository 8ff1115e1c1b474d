// A point on the monotonic clock by which a wait must end. The one clock read outside daemon/os:
// the PAM module has waits too, and may not link the C++ runtime's clocks.
#pragma once

#include <chrono>
#include <cstdint>

namespace usher::protocol {

class Deadline {
 public:
  static Deadline after(std::chrono::milliseconds span);

  // Never negative; zero when the deadline has passed.
  std::chrono::milliseconds left() const;
  bool passed() const { return left().count() == 0; }
  // The sooner of the two.
  static Deadline sooner(Deadline one, Deadline other);

 private:
  explicit Deadline(std::int64_t at) : at_(at) {}
  std::int64_t at_;  // CLOCK_MONOTONIC, milliseconds
};

}  // namespace usher::protocol
