// How far the two have moved apart since the first of them was seen.
#include "daemon/post/clock_watch.hpp"

namespace usher::post {
namespace {

constexpr std::chrono::hours kSteadyAfter{1};
// Less than this is a clock that is set right little by little.
constexpr std::chrono::minutes kTolerance{1};

}  // namespace

void ClockWatch::look(const Moments& now) {
  using std::chrono::milliseconds;
  const auto ahead =
      since_ ? (now.wall - since_->wall) - (now.up - since_->up) : milliseconds::min() / 2;
  if (std::chrono::abs(ahead) <= kTolerance) return;
  since_ = now;
  if (ahead.count() < 0) set_back_ = true;
}

bool ClockWatch::is_steady(const Moments& now) const {
  return since_ && now.up - since_->up >= kSteadyAfter;
}

}  // namespace usher::post
