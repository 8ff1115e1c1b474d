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
using std::chrono::milliseconds;
using store::Service;

// More than a courier takes over one message, its report and its stop included.
constexpr std::chrono::minutes kOfferedAgain{5};
constexpr protocol::BackoffRange kMessageWaits{std::chrono::minutes(1), std::chrono::hours(1)};
// As long as a courier is silent that is well: it asks every half-minute, and has a mail in hand
// for two and a half at most.
constexpr std::chrono::minutes kSilent{3};
// A message that brings usher-courier down each time may have left each time.
constexpr int kMostLosses = 5;
// A gateway that does not say what it does may have sent a text message each time.
constexpr std::int64_t kMostUnclear = 3;
constexpr std::chrono::minutes kBetweenSweeps{10};
constexpr std::chrono::seconds kDecidedWithin{1};
constexpr Service kServices[] = {Service::mail, Service::sms};
constexpr std::int64_t kSweptAtOnce = 500;
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

}  // namespace

std::uint32_t Post::random() {
  std::array<char, sizeof(std::uint32_t)> bytes{};
  parts_.entropy.fill(bytes);
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

Moments Post::present() const {
  return {parts_.clock.now(), parts_.clock.uptime().since};
}

std::optional<Service> Post::in_hand(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  return in_hand_.id == id ? std::optional<Service>(in_hand_.service) : std::nullopt;
}

Result<Post::MaybeWork> Post::take(int socket, protocol::Deadline deadline) {
  const std::unique_lock one_at_a_time(taking_, std::try_to_lock);
  if (!one_at_a_time) return Error(Errc::conflict, "another usher-courier waits for work");
  TRY(offer_again_what_was_lost(parts_.clock.now()));
  plan_to_decide();  // what was put off rings no bell
  for (;;) {
    parts_.bell.silence();
    const milliseconds undecided = decide_in_time();
    const Moments now = present();
    // Once a round: a reload in between must not make a message's fault of it.
    const PostSettings settings = parts_.settings();
    TRY(prepare(now, settings));
    const std::optional<Due> due = TRY(when_due(now, settings));
    const bool is_due = due && due->at <= now.wall;
    const auto wait = is_due
                          ? milliseconds(0)
                          : std::min(deadline.left(), due ? due->at - now.wall : deadline.left());
    // Also before something is given: whoever is not there any more would be waited for.
    const auto woke = parts_.bell.wait(socket, std::min(wait, undecided));
    if (woke == os::Bell::Woke::hung_up) return MaybeWork();
    if (woke == os::Bell::Woke::rang) plan_to_decide();
    if (is_due) {
      auto work = TRY(next_due(due->service, now.wall, settings));
      if (!work) continue;  // it was not to be sent, and is out of the way
      const std::lock_guard lock(mutex_);
      in_hand_ = {work->id, due->service};
      return work;
    }
    if (wait.count() == 0) return MaybeWork();
  }
}

// Not at the bell: whoever asks twice in a row would come to wait for the first one's decision,
// which costs more for some names than for others (docs/adr/0030).
void Post::plan_to_decide() {
  constexpr std::uint32_t kMost = milliseconds(kDecidedWithin).count();
  if (!undecided_) undecided_ = protocol::Deadline::after(milliseconds(random() % kMost));
}

milliseconds Post::decide_in_time() {
  if (!parts_.decide || !undecided_) return milliseconds::max();
  if (!undecided_->passed()) return undecided_->left();
  undecided_.reset();
  parts_.decide();
  return milliseconds::max();
}

// What a clock or an administrator has changed since the round before.
Result<void> Post::prepare(const Moments& now, const PostSettings& settings) {
  std::array<std::optional<store::Waiting>, std::size(kServices)> which{};
  {
    const std::lock_guard lock(mutex_);
    asked_ = now;
    clock_watch_.look(now);
    const bool is_set_back = clock_watch_.was_set_back();
    for (const Service service : kServices) {
      Way& way = this->way(service);
      auto& forward = which[static_cast<std::size_t>(service)];
      if (is_set_back) forward = store::Waiting::beyond_reason;
      if (way.tried_with && !way.tried_with->is_same(service, settings)) {
        way.server.try_at_once();
        forward = store::Waiting::all;
      }
      way.tried_with = settings;
    }
  }
  for (const Service service : kServices) {
    const auto forward = which[static_cast<std::size_t>(service)];
    if (!forward) continue;
    TRY(parts_.store.write([&](store::Database& database) {
      return store::bring_forward(database, service, now.wall, *forward);
    }));
  }
  return {};
}

// A courier has one message at a time and reports before it asks for the next: whoever asks without
// a report was started anew, and what the one before had in hand may not have left.
Result<void> Post::offer_again_what_was_lost(ports::Instant now) {
  std::string lost;
  int losses = 0;
  {
    const std::lock_guard lock(mutex_);
    lost.swap(in_hand_.id);
    if (!lost.empty()) losses = ++losses_[lost];
    if (losses >= kMostLosses) losses_.erase(lost);
  }
  if (lost.empty()) return {};
  const auto wait =
      losses == 1 ? milliseconds(0) : protocol::wait_after(losses - 1, kMessageWaits, random());
  TRY(parts_.store.write([&](store::Database& database) {
    if (losses >= kMostLosses) {
      return store::message_refused(database, lost, now,
                                    "usher-courier went down with it each time");
    }
    return store::message_put_off(database, lost, now + wait, "usher-courier went away with it");
  }));
  return {};
}

bool Post::Due::is_before(const Due& other, ports::Instant now) const {
  const auto waits = [&](const Due& due) {
    return due.urgency == store::Urgency::waited_for && due.at <= now;
  };
  if (waits(*this) != waits(other)) return waits(*this);
  return at < other.at;
}

// The service whose next message is due first.
Result<std::optional<Post::Due>> Post::when_due(const Moments& now, const PostSettings& settings) {
  std::optional<Due> first;
  for (const Service service : kServices) {
    if (!settings.is_set(service)) continue;
    const auto next = TRY(parts_.store.read([&](store::Database& database) {
      return store::next_message_due(database, service, now.wall);
    }));
    if (!next) continue;
    const std::lock_guard lock(mutex_);
    const auto held = now.wall + way(service).server.held_for(now);
    const Due due{service, std::max(next->at, held), next->urgency};
    if (!first || due.is_before(*first, now.wall)) first = due;
  }
  return first;
}

Result<Post::MaybeWork> Post::next_due(Service service, ports::Instant now,
                                       const PostSettings& settings) {
  const auto taken = TRY(parts_.store.write([&](store::Database& database) {
    return store::take_message(database, service, now, now + kOfferedAgain);
  }));
  if (!taken) return MaybeWork();
  auto work = service == Service::mail ? work_of(*taken, parts_.sealer, settings.mail)
                                       : work_of(*taken, parts_.sealer, settings.sms, now);
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

Result<void> Post::not_given(const std::string& id) {
  {
    const std::lock_guard lock(mutex_);
    if (in_hand_.id != id) return {};
    in_hand_.id.clear();
  }
  TRY(parts_.store.write([&](store::Database& database) {
    return store::message_not_tried(database, id, parts_.clock.now(), "usher-courier hung up");
  }));
  return {};
}

Result<void> Post::report(const Report& report) {
  const auto service = TRY(write_down(report, parts_.clock.now()));
  if (!service) return Error(Errc::not_found, "no message of that id is on its way");
  note(*service, report);
  return {};
}

// None: it was not on its way. One that is in hand was, whatever became of its row meanwhile: what
// is past its end may have left all the same. After a start of usherd, which forgot what is in
// hand, it is one that waits and was taken.
Result<std::optional<Service>> Post::write_down(const Report& report, ports::Instant now) {
  const std::optional<Service> in_hand = this->in_hand(report.id);
  const auto random = this->random();
  const std::string detail = detail_of(report);
  return parts_.store.write([&](store::Database& database) -> Result<std::optional<Service>> {
    const auto record = TRY(store::find_message(database, report.id));
    if (!record) return in_hand;
    const bool waits = record->state == store::MessageState::queued && record->tries > 0;
    if (!in_hand && !waits) return std::optional<Service>();
    switch (report.outcome) {
      case Outcome::sent:
        TRY(store::message_sent(database, report.id, now, detail));
        break;
      case Outcome::refused:
        TRY(store::message_refused(database, report.id, now, detail));
        break;
      case Outcome::later: {
        if (report.cause == Cause::unclear && record->tries >= kMostUnclear) {
          TRY(store::message_refused(database, report.id, now, detail));
          break;
        }
        const auto wait = protocol::wait_after(record->tries, kMessageWaits, random);
        TRY(store::message_put_off(database, report.id, now + wait, detail));
        break;
      }
      case Outcome::service_down:
        TRY(store::message_not_tried(database, report.id, now, detail));
        break;
    }
    return std::optional<Service>(record->service);
  });
}

void Post::note(Service service, const Report& report) {
  const auto random = this->random();
  std::optional<Trouble> trouble;
  {
    const Moments now = present();
    const std::lock_guard lock(mutex_);
    if (in_hand_.id == report.id) in_hand_.id.clear();
    losses_.erase(report.id);
    ServerState& server = way(service).server;
    if (!server.hear(report, now, random)) return;
    trouble = server.trouble();
  }
  parts_.trouble_changed(service, trouble);
}

void Post::try_at_once(Service service) {
  {
    const std::lock_guard lock(mutex_);
    way(service).server.try_at_once();
  }
  parts_.bell.ring();
}

Health Post::health(Service service) const {
  const Moments now = present();
  const std::lock_guard lock(mutex_);
  const ServerState& server = way(service).server;
  Health health{.sent_at = server.sent_at(), .trouble = server.trouble()};
  if (asked_) health.asked_at = asked_->wall;
  if (!parts_.has_socket) {
    health.courier = CourierState::no_socket;
  } else if (asked_) {
    health.courier = now.up - asked_->up <= kSilent ? CourierState::here : CourierState::away;
  }
  return health;
}

Result<std::int64_t> Post::sweep() {
  const Moments now = present();
  bool is_steady = false;
  {
    const std::lock_guard lock(mutex_);
    clock_watch_.look(now);
    is_steady = clock_watch_.is_steady(now);
    if (swept_ && now.up - *swept_ < kBetweenSweeps) return 0;
    swept_ = now.up;
  }
  const auto swept = TRY(parts_.store.write([&](store::Database& database) {
    return store::sweep_messages(database, {.now = now.wall,
                                            .oldest = now.wall - kKept,
                                            .for_good = is_steady,
                                            .at_once = kSweptAtOnce});
  }));
  if (swept.more) {
    const std::lock_guard lock(mutex_);
    swept_.reset();  // at the next heartbeat
  }
  return swept.given_up;
}

}  // namespace usher::post
