// A wait ends when something was committed: what is due is read anew, whoever queued it.
#include "daemon/post/post.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace usher::post {
namespace {

using protocol::courier::Cause;
using protocol::courier::Outcome;
using protocol::courier::Report;
using protocol::courier::Work;
using MaybeWork = std::optional<Work>;

// More than a courier takes over one message, its report and its stop included.
constexpr std::chrono::minutes kOfferedAgain{5};
constexpr protocol::BackoffRange kMessageWaits{std::chrono::minutes(1), std::chrono::hours(1)};
constexpr std::chrono::minutes kBetweenSweeps{10};
// How long it is known what became of a message.
constexpr std::chrono::days kKept{30};

std::string detail_of(const Report& report) {
  if (report.cause == Cause::none) return report.detail;
  return fmt::format("{}: {}", name_of(report.cause), report.detail);
}

// It would be no better the next time: the message itself is what is wrong.
bool is_for_good(const Error& error) {
  return error.code() == Errc::invalid_input || error.code() == Errc::damaged;
}

bool is_same(const std::optional<Trouble>& one, const std::optional<Trouble>& other) {
  if (!one || !other) return one.has_value() == other.has_value();
  return one->cause == other->cause;
}

}  // namespace

std::uint32_t Post::random() {
  std::array<char, sizeof(std::uint32_t)> bytes{};
  parts_.entropy.fill(bytes);
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

Result<MaybeWork> Post::take(int socket, protocol::Deadline deadline) {
  const std::unique_lock one_at_a_time(taking_, std::try_to_lock);
  if (!one_at_a_time) return Error(Errc::conflict, "another usher-courier waits for work");
  TRY(offer_again_what_was_lost(parts_.clock.now()));
  for (;;) {
    parts_.bell.silence();
    const ports::Instant now = parts_.clock.now();
    {
      const std::lock_guard lock(mutex_);
      health_.asked_at = now;
    }
    // Once a round: a reload in between must not make a mail's fault of it.
    const MailSettings settings = parts_.settings();
    std::optional<ports::Instant> due;
    if (settings.is_set()) due = TRY(when_due(now));
    if (due && *due <= now) {
      auto work = TRY(next_due(now, settings));
      if (!work) continue;  // it was not to be sent, and is out of the way
      const std::lock_guard lock(mutex_);
      in_hand_ = work->id;
      return work;
    }
    const auto wait = std::min(deadline.left(), due ? *due - now : deadline.left());
    if (wait.count() == 0) return MaybeWork();
    if (parts_.bell.wait(socket, wait) == os::Bell::Woke::hung_up) return MaybeWork();
  }
}

// A courier has one message at a time and reports before it asks for the next: whoever asks without
// a report was started anew, and what the one before had in hand may not have left.
Result<void> Post::offer_again_what_was_lost(ports::Instant now) {
  std::string lost;
  {
    const std::lock_guard lock(mutex_);
    lost.swap(in_hand_);
  }
  if (lost.empty()) return {};
  TRY(parts_.store.write([&](store::Database& database) {
    return store::message_put_off(database, lost, now, "usher-courier went away with it");
  }));
  return {};
}

Result<std::optional<ports::Instant>> Post::when_due(ports::Instant now) {
  auto due = TRY(parts_.store.read([&](store::Database& database) {
    return store::next_message_due(database, store::Service::mail, now);
  }));
  const std::lock_guard lock(mutex_);
  // From before the clock was set back.
  if (held_until_ > now + kServerWaits.longest) held_until_ = now;
  if (due) due = std::max(*due, held_until_);
  return due;
}

Result<MaybeWork> Post::next_due(ports::Instant now, const MailSettings& settings) {
  const auto taken = TRY(parts_.store.write([&](store::Database& database) {
    return store::take_message(database, store::Service::mail, now, now + kOfferedAgain);
  }));
  if (!taken) return MaybeWork();
  auto work = work_of(*taken, parts_.sealer, settings);
  if (work) return MaybeWork(work.release_value());
  const std::string why = fmt::format("not_sendable: {}", work.error().text());
  const auto wait = protocol::wait_after(taken->record.tries, kMessageWaits, random());
  TRY(parts_.store.write([&](store::Database& database) {
    const std::string& id = taken->record.uuid;
    if (is_for_good(work.error())) return store::message_refused(database, id, now, why);
    return store::message_put_off(database, id, now + wait, why);
  }));
  return MaybeWork();
}

Result<void> Post::report(const Report& report) {
  const ports::Instant now = parts_.clock.now();
  const std::string detail = detail_of(report);
  const auto random = this->random();
  const bool known = TRY(parts_.store.write([&](store::Database& database) -> Result<bool> {
    switch (report.outcome) {
      case Outcome::sent:
        return store::message_sent(database, report.id, now, detail);
      case Outcome::refused:
        return store::message_refused(database, report.id, now, detail);
      case Outcome::later: {
        const auto record = TRY(store::find_message(database, report.id));
        if (!record) return false;
        const auto wait = protocol::wait_after(record->tries, kMessageWaits, random);
        return store::message_put_off(database, report.id, now + wait, detail);
      }
      case Outcome::service_down:
        return store::message_not_tried(database, report.id, now, detail);
    }
    return false;
  }));
  if (!known) return Error(Errc::not_found, "no message of that id is on its way");
  note(report, now);
  return {};
}

void Post::note(const Report& report, ports::Instant now) {
  const auto random = this->random();
  std::optional<Trouble> trouble;
  {
    const std::lock_guard lock(mutex_);
    if (in_hand_ == report.id) in_hand_.clear();
    // It says nothing of the server that we told usher-courier to stop.
    if (report.cause == Cause::stopping) return;
    const std::optional<Trouble> before = health_.trouble;
    if (report.outcome == Outcome::sent) health_.sent_at = now;
    const Tells tells = what_it_tells(report);
    if (tells == Tells::trouble) {
      held_until_ = now + backoff_.next(random);
      health_.trouble = Trouble{report.cause, report.detail, before ? before->since : now};
    } else if (tells == Tells::all_is_well) {
      held_until_ = {};
      backoff_.reset();
      health_.trouble.reset();
      denied_.clear();
    }
    if (is_same(before, health_.trouble)) return;
    trouble = health_.trouble;
  }
  parts_.trouble_changed(trouble);
}

// Of the server. A message that is denied is put off by itself. The second of two, with none sent
// in between, or the first before any was ever sent, makes it likely that all of them are.
Post::Tells Post::what_it_tells(const Report& report) {
  if (report.outcome == Outcome::sent) return Tells::all_is_well;
  if (report.outcome == Outcome::service_down) return Tells::trouble;
  if (report.cause == Cause::denied) {
    const bool is_of_all = denied_.empty() ? !health_.sent_at : denied_ != report.id;
    denied_ = report.id;
    return is_of_all ? Tells::trouble : Tells::nothing;
  }
  // No server was asked.
  if (report.cause == Cause::not_sendable) return Tells::nothing;
  // It took the sender: it is there, and lets us in.
  const bool is_denying = health_.trouble && health_.trouble->cause == Cause::denied;
  return is_denying ? Tells::nothing : Tells::all_is_well;
}

Health Post::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

Result<void> Post::sweep() {
  const ports::Instant now = parts_.clock.now();
  {
    const std::lock_guard lock(mutex_);
    // A clock that was set back must not keep texts for years.
    if (sweep_at_ > now && sweep_at_ - now <= kBetweenSweeps) return {};
    sweep_at_ = now + kBetweenSweeps;
  }
  TRY(parts_.store.write([&](store::Database& database) {
    return store::sweep_messages(database, now, now - kKept);
  }));
  return {};
}

}  // namespace usher::post
