// The real clocks.
#pragma once

#include <string>

#include "daemon/ports/clock.hpp"

namespace usher::os {

class SystemClock final : public ports::Clock {
 public:
  SystemClock();

  ports::Instant now() override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
  ports::Uptime uptime() override;
  std::chrono::minutes utc_offset(ports::Instant at) override;

 private:
  std::string boot_;
};

}  // namespace usher::os
