// All that is voided is voided in one transaction; sessions end before and after it, as an
// administrator's reset ends them.
#include "daemon/sign_in/objection.hpp"

#include <fmt/format.h>

#include "daemon/contacts/never_counted.hpp"
#include "daemon/factors/factor.hpp"
#include "daemon/ports/sessions.hpp"
#include "daemon/sign_in/flows.hpp"
#include "daemon/sign_in/one_time_code.hpp"
#include "daemon/sign_in/support_mail.hpp"
#include "daemon/store/factors.hpp"
#include "daemon/store/known_hosts.hpp"
#include "daemon/store/passwords.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using store::Database;
using store::PersonRecord;
using texts::Text;

// Drawn since the oldest notice whose code could be this one: theirs may be the intruder's.
Result<void> delete_new_recovery_codes(Database& database, store::PersonId person,
                                       ports::Instant now) {
  const std::string_view kind = factors::recovery_factor.name;
  for (const auto& factor : TRY(store::list_factors(database, person))) {
    const bool is_new = factor.kind == kind && factor.created_at > now - kNotYouLife;
    if (is_new) TRY(store::delete_factors_of_kind(database, person, kind));
  }
  return {};
}

Result<void> record(const Context& c, Database& database, const PersonRecord& person) {
  store::AuditRecord audit = record_of(c, c.request);
  audit.operation = kNotYou;
  audit.outcome = name_of(protocol::Outcome::accept);
  audit.reason = name_of(Reason::objected);
  audit.person = person.name.view();
  audit.factor = "not-you-code";
  TRY(store::append_audit(database, audit));
  return {};
}

// False: somebody was faster, or the account is another one by now.
Result<bool> void_all(const Context& c, Database& database, const PersonRecord& person,
                      const store::CodeRecord& code) {
  const ports::Instant now = c.services.clock.now();
  if (!TRY(store::spend_code(database, person.id, code.handle, now))) return false;
  TRY(store::delete_password(database, person.id));
  TRY(store::delete_codes(database, person.id));
  TRY(store::delete_known_hosts(database, person.id));
  TRY(delete_new_recovery_codes(database, person.id, now));
  TRY(contacts::delete_never_counted(database, person.id, now));
  TRY(store::raise_epoch(database, person.id));
  TRY(record(c, database, person));
  TRY(mail_support(c, database, person, letters::Letter::objection));
  return true;
}

// The objection stands whether or not they end; what was said of them must be true.
Result<void> end_sessions(const Context& c, const PersonRecord& person) {
  if (c.services.sessions == nullptr) {
    return Error(Errc::unavailable, "there is nothing here that ends sessions");
  }
  const auto ended = TRY(c.services.sessions->end({person.uid, protocol::reaper::Which::all, {}}));
  if (ended.outside == 0) return {};
  return Error(
      Errc::conflict,
      fmt::format("{} processes of theirs are in no session, and still run", ended.outside));
}

}  // namespace

Result<Decision> object(const Context& c, const FirstStep& first) {
  const PersonRecord& person = *first.account.record;
  // Killed from here on, the code is good for another try; and what is opened until all is void
  // ends below.
  (void)end_sessions(c, person);
  const bool voided = TRY(c.services.store.write(
      [&](Database& database) { return void_all(c, database, person, *first.factor.objects); }));
  if (!voided) return refuse(Reason::changed_meanwhile, person);
  const Result<void> ended = end_sessions(c, person);
  c.trail.note(ended ? daemon::Step::sessions_ended : daemon::Step::sessions_stay);
  const Text text = ended ? Text::objected : Text::objected_sessions_stay;
  Decision decision = refuse(Reason::objected, person, c.text_naming_support(text));
  if (!ended) decision.failure = ended.error().in("ending the sessions").text();
  return decision;
}

}  // namespace usher::sign_in
