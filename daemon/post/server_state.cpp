// A message that is denied, or of which it is unclear, is put off by itself. The second of two,
// with none sent in between, or the first where none was sent since trouble began or usherd
// started, makes it likely that all of them are.
#include "daemon/post/server_state.hpp"

namespace usher::post {

using protocol::courier::Cause;
using protocol::courier::Outcome;
using protocol::courier::Report;

namespace {

bool may_be_of_all(Cause cause) {
  return cause == Cause::denied || cause == Cause::unclear;
}

}  // namespace

ServerState::Tells ServerState::what_it_tells(const Report& report) {
  // That we told usher-courier to stop says nothing of the server; nor does what it was not asked.
  if (report.cause == Cause::stopping || report.cause == Cause::not_sendable) return Tells::nothing;
  if (report.outcome == Outcome::sent) return Tells::all_is_well;
  if (report.outcome == Outcome::service_down) return Tells::trouble;
  if (may_be_of_all(report.cause)) {
    const bool is_of_all = trouble_ || (denied_.empty() ? !sent_at_ : denied_ != report.id);
    denied_ = report.id;
    return is_of_all ? Tells::trouble : Tells::nothing;
  }
  // It is there, lets us in and took the sender.
  const bool is_denying = trouble_ && may_be_of_all(trouble_->cause);
  return is_denying ? Tells::nothing : Tells::all_is_well;
}

bool ServerState::hear(const Report& report, const Moments& now, std::uint32_t random) {
  const std::optional<Trouble> before = trouble_;
  if (report.outcome == Outcome::sent) sent_at_ = now.wall;
  switch (what_it_tells(report)) {
    case Tells::nothing:
      return false;
    case Tells::trouble:
      held_until_ =
          now.up + std::max<std::chrono::milliseconds>(backoff_.next(random), report.wait);
      trouble_ = Trouble{report.cause, report.detail, before ? before->since : now.wall};
      return !before || before->cause != report.cause;
    case Tells::all_is_well:
      held_until_ = {};
      backoff_.reset();
      trouble_.reset();
      denied_.clear();
      return before.has_value();
  }
  return false;
}

void ServerState::try_at_once() {
  held_until_ = {};
  backoff_.reset();
  denied_.clear();
}

std::chrono::milliseconds ServerState::held_for(const Moments& now) const {
  return std::max(held_until_ - now.up, std::chrono::milliseconds(0));
}

}  // namespace usher::post
