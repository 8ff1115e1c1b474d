// How long to wait before something is tried again that failed: longer each time, and never all
// hosts of a fleet at once. Pure.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace usher::protocol {

struct BackoffRange {
  std::chrono::milliseconds first;
  std::chrono::milliseconds longest;
};

// After so many failures in a row, one or more: twice the wait before, up to the longest; `random`
// takes up to half of it away.
inline std::chrono::milliseconds wait_after(std::int64_t failures, const BackoffRange& range,
                                            std::uint32_t random) {
  std::chrono::milliseconds whole = range.first;
  for (std::int64_t i = 1; i < failures && whole < range.longest; ++i) whole *= 2;
  whole = std::min(whole, range.longest);
  return whole - std::chrono::milliseconds(random % (whole.count() / 2 + 1));
}

class Backoff {
 public:
  explicit Backoff(BackoffRange range) : range_(range) {}

  std::chrono::milliseconds next(std::uint32_t random) {
    return wait_after(++failures_, range_, random);
  }
  void reset() { failures_ = 0; }

 private:
  BackoffRange range_;
  std::int64_t failures_ = 0;
};

}  // namespace usher::protocol
