// The end of every conversation: one audit record, and for "yes" a last look at the person, in one
// transaction. A "yes" that cannot be recorded is not said.
#include "daemon/lifecycle.hpp"
#include "daemon/notices/happened.hpp"
#include "daemon/sign_in/account_lookup.hpp"
#include "daemon/sign_in/flows.hpp"
#include "daemon/sign_in/known_host.hpp"
#include "daemon/sign_in/news.hpp"
#include "daemon/store/audit.hpp"
#include "daemon/store/lifecycle.hpp"
#include "daemon/store/tries.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using protocol::Operation;
using protocol::Outcome;

// What a sign-in changed (a spent code, a password, a factor) is on the disk by now, each by
// itself. The record of the answer is in the file before the answer is given: docs/adr/0011.
constexpr store::Survives kAnswer = store::Survives::crash;

// How the door was drawn, and on whose behalf: su by bob, a program of hers.
std::string steps_of(const Context& c) {
  daemon::Trail door;
  door.note(daemon::Step::front_end, c.front_end.name);
  const Result<UserName> starter = UserName::parse(c.facts.ruser);
  if (starter && starter->view() != c.facts.user) {
    door.note(daemon::Step::started_by_person, starter->view());
  } else if (c.facts.caller != kRootUid) {
    door.note(daemon::Step::started_by_uid, c.facts.caller.number);
  }
  return door.text() + (c.trail.text().empty() ? "" : " ") + c.trail.text();
}

// Whose success opens what strangers have shut.
bool is_the_owner_for_sure(daemon::Origin origin) {
  return origin == daemon::Origin::local_seat || origin == daemon::Origin::known_host;
}

// A public key asks nothing of authenticate: whoever comes by one is seen at account, or they would
// be inactive for ever. cron and sudo are no sign of life.
bool is_way_in(const Context& c) {
  return c.facts.operation == Operation::account && c.facts.trusted &&
         c.front_end.lifecycle == daemon::Lifecycle::allowed;
}

// An unprivileged caller could fill the disk with what costs it nothing: of theirs only a sign-in
// or a change that succeeded is kept. The log has the rest.
bool is_recorded(const Context& c, Outcome outcome) {
  if (c.origin != daemon::Origin::non_root_self) return true;
  return outcome == Outcome::accept && c.facts.operation != Operation::account;
}

// More than anybody mistypes.
constexpr std::int64_t kFailuresToTell = 5;

Result<void> tell_of_failures(const Context& c, store::Database& database,
                              const store::PersonRecord& person) {
  const std::int64_t failures = TRY(store::count_failures_before(database, person.name.view()));
  if (failures < kFailuresToTell) return {};
  return notices::tell_of_at_times(
      database, c, person, letters::Letter::sign_in_after_failures,
      notices::Once::an_hour_and_place,
      {{letters::Variable::failures, static_cast<std::uint64_t>(failures)}});
}

// Everything that is asked of them was proven.
Result<void> note_proven(const Context& c, store::Database& database,
                         const store::PersonRecord& person) {
  TRY(store::note_sign_in(database, person.id, c.services.clock.now()));
  TRY(tell_of_failures(c, database, person));
  // Known is where all was proven that is asked of them when nothing is suspended.
  const bool suspended = daemon::are_factors_suspended(person, c.services.clock.now());
  TRY(tell_of_host(c, database, person, suspended ? Remembered::no : Remembered::yes));
  if (!suspended) TRY(note_host(c, database, person));
  if (is_the_owner_for_sure(c.origin)) TRY(store::forgive_tries(database, person.id));
  return {};
}

void add_line(std::string& text, const std::string& line) {
  if (line.empty()) return;
  text += (text.empty() ? "" : "\n") + line;
}

}  // namespace

store::AuditRecord record_of(const Context& c, std::string_view request) {
  store::AuditRecord record;
  record.at = c.services.clock.now();
  record.request = request;
  record.operation = name_of(c.facts.operation);
  record.service = c.facts.service;
  record.origin = daemon::name_of(c.origin);
  record.rhost = c.facts.rhost;
  record.tty = c.facts.tty;
  record.peer_uid = c.facts.peer.number;
  record.steps = steps_of(c);
  return record;
}

Result<Decision> conclude(const Context& c, Decision decision, std::string_view request) {
  return c.services.store.write(kAnswer, [&](store::Database& database) -> Result<Decision> {
    Decision settled = decision;
    if (settled.outcome == Outcome::accept) {
      if (!settled.record || !TRY(still_stands(database, *settled.record))) {
        settled.outcome = Outcome::refuse;
        settled.reason = Reason::changed_meanwhile;
        settled.text.clear();
      } else if (c.facts.operation == Operation::authenticate) {
        TRY(note_proven(c, database, *settled.record));
      } else if (is_way_in(c)) {
        TRY(store::note_activity(database, settled.record->id, c.services.clock.now()));
        add_line(settled.text, TRY(take_news(c, database, *settled.record)));
      }
    }
    if (!is_recorded(c, settled.outcome)) return settled;
    store::AuditRecord record = record_of(c, request);
    record.outcome = name_of(settled.outcome);
    record.reason = name_of(settled.reason);
    record.factor = settled.factors;
    record.detail = settled.failure;
    // An unknown name may be a password typed in the wrong place: it is not kept.
    if (settled.record) record.person = settled.record->name.view();
    TRY(store::append_audit(database, record));
    return settled;
  });
}

Result<void> record_failure(const Context& c, const Error& error, std::string_view request) {
  if (!is_recorded(c, Outcome::unavailable)) return {};
  store::AuditRecord record = record_of(c, request);
  record.outcome = "error";
  record.reason = usher::name_of(error.code());
  record.detail = error.text();
  const Result<UserName> name = UserName::parse(c.facts.user);
  return c.services.store.write(kAnswer, [&](store::Database& database) -> Result<void> {
    // A stolen password tried and hung up on is what an admin looks for: a known name is kept.
    const auto known =
        TRY(store::find_person(database, name.has_value() ? name->view() : std::string_view{}));
    if (known) record.person = known->name.view();
    TRY(store::append_audit(database, record));
    return {};
  });
}

}  // namespace usher::sign_in
