// How long something took, for the debug line only: nothing is decided by it.
#pragma once

#include <chrono>

#include "protocol/deadline.hpp"

namespace usher::pam_module {

class Stopwatch {
 public:
  std::chrono::milliseconds elapsed() const { return kLongest - end_.left(); }

 private:
  static constexpr std::chrono::milliseconds kLongest{24 * 60 * 60'000};
  protocol::Deadline end_ = protocol::Deadline::after(kLongest);
};

}  // namespace usher::pam_module
