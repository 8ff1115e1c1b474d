// CLOCK_MONOTONIC through libc: it does not jump when the wall clock is set.
#include "protocol/deadline.hpp"

#include <ctime>

namespace usher::protocol {
namespace {

std::int64_t now_milliseconds() {
  timespec now{};
  (void)clock_gettime(CLOCK_MONOTONIC, &now);  // cannot fail for this clock
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace

Deadline Deadline::after(std::chrono::milliseconds span) {
  return Deadline(now_milliseconds() + span.count());
}

std::chrono::milliseconds Deadline::left() const {
  const std::int64_t left = at_ - now_milliseconds();
  return std::chrono::milliseconds(left > 0 ? left : 0);
}

Deadline Deadline::sooner(Deadline one, Deadline other) {
  return one.at_ < other.at_ ? one : other;
}

}  // namespace usher::protocol
