// A request is taken out and decided in one transaction. If that fails it is put off once, or taken
// out in another: nothing is tried for ever, and nothing goes without a record.
#include "daemon/forgotten/decide.hpp"
#include "daemon/store/audit.hpp"

namespace usher::forgotten {
namespace {

using notices::Means;
using store::Database;
using store::ResetRequest;

constexpr std::chrono::minutes kTriedAgain{1};

// It may be no better the next time.
bool may_pass(const Error& error) {
  return error.code() == Errc::unavailable || error.code() == Errc::exhausted;
}

// Nobody waits any more, or a clock that was ahead was set back.
bool is_stale(const ResetRequest& request, ports::Instant now) {
  return now - request.asked_at > kOfUse || request.asked_at > now;
}
constexpr Errc kStale = Errc::timed_out;

Result<void> drop(Database& database, const ResetRequest& request, Errc why, ports::Instant now) {
  if (!TRY(store::delete_reset_request(database, request.id))) return {};
  // Of an address it is not known whose it is.
  const auto person = TRY(store::find_person(database, request.asked_for));
  store::AuditRecord audit;
  audit.at = now;
  audit.request = request.request;
  audit.operation = kOperation;
  audit.outcome = "error";
  audit.reason = usher::name_of(why);
  if (person) audit.person = person->name.view();
  audit.service = request.service;
  audit.origin = request.origin;
  audit.rhost = request.rhost;
  TRY(store::append_audit(database, audit));
  return {};
}

enum class Next : std::uint8_t { nothing_waits, taken };

// An Error: it could not even be put off or dropped, and is there still. What dropped it is in
// `failure`, of the first one.
Result<Next> decide_next(store::Store& store, const Means& means, Result<void>& failure) {
  // Read first: a write wakes whoever waits for one, and that is who calls here.
  const auto request = TRY(store.read([&](Database& database) {
    return store::next_reset_request(database, daemon::name_of(daemon::Origin::local_seat),
                                     means.clock.now());
  }));
  if (!request) return Next::nothing_waits;
  const Result<void> decided = store.write([&](Database& database) -> Result<void> {
    const ports::Instant now = means.clock.now();
    if (is_stale(*request, now)) return drop(database, *request, kStale, now);
    if (!TRY(store::delete_reset_request(database, request->id))) return {};
    return decide({database, means, *request, now});
  });
  if (decided) return Next::taken;
  const ports::Instant now = means.clock.now();
  const bool again = may_pass(decided.error()) && request->tries == 0;
  TRY(store.write([&](Database& database) {
    if (!again) return drop(database, *request, decided.error().code(), now);
    return store::put_off_reset_request(database, request->id, now + kTriedAgain);
  }));
  if (!again && failure) failure = decided.error();
  return Next::taken;
}

}  // namespace

Result<void> decide_waiting(store::Store& store, const Means& means) {
  Result<void> failure;
  for (int i = 0; i < kAtOnce; ++i) {
    if (TRY(decide_next(store, means, failure)) == Next::nothing_waits) break;
  }
  return failure;
}

Result<void> sweep(store::Store& store, ports::Instant now) {
  const ports::Instant oldest = now - kOfUse;
  const auto stale = TRY(store.read([&](Database& database) {
    return store::list_stale_reset_requests(database, oldest, now, kAtOnce);
  }));
  if (stale.empty()) return {};
  return store.write([&](Database& database) -> Result<void> {
    for (const ResetRequest& request : stale) TRY(drop(database, request, kStale, now));
    return {};
  });
}

}  // namespace usher::forgotten
