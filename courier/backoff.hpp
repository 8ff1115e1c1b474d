// How long to wait before usherd is asked again that did not answer: longer each time, and never
// all hosts of a fleet at once. Pure.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace usher::courier {

class Backoff {
 public:
  static constexpr std::chrono::milliseconds kFirst{500};
  static constexpr std::chrono::milliseconds kLongest{30'000};

  // Twice the time before, up to the longest; `random` takes up to half of it away.
  std::chrono::milliseconds next(std::uint32_t random) {
    const std::chrono::milliseconds whole = next_;
    next_ = std::min(next_ * 2, kLongest);
    const auto half = static_cast<std::uint32_t>(whole.count() / 2);
    return whole - std::chrono::milliseconds(random % (half + 1));
  }
  void reset() { next_ = kFirst; }

 private:
  std::chrono::milliseconds next_ = kFirst;
};

}  // namespace usher::courier
