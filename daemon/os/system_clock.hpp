// The real wall clock.
#pragma once

#include "daemon/ports/clock.hpp"

namespace usher::os {

class SystemClock final : public ports::Clock {
 public:
  ports::Instant now() override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

}  // namespace usher::os
