// A request is taken out and decided in one transaction; if that fails it is taken out in another,
// so that nothing is tried for ever. Whatever is mailed goes to contacts::usable_contacts() only.
#include "daemon/forgotten/decide.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/contacts/usable.hpp"
#include "daemon/contacts/value.hpp"
#include "daemon/lifecycle.hpp"
#include "daemon/memberships.hpp"
#include "daemon/sign_in/decision.hpp"
#include "daemon/sign_in/one_time_code.hpp"
#include "daemon/store/audit.hpp"
#include "daemon/store/factors.hpp"
#include "daemon/store/reset_requests.hpp"
#include "daemon/store/tries.hpp"

namespace usher::forgotten {
namespace {

using daemon::ForgotFrom;
using daemon::Origin;
using letters::Letter;
using letters::Value;
using letters::Variable;
using notices::Means;
using sign_in::Reason;
using store::ContactRecord;
using store::Database;
using store::PersonRecord;
using store::ResetRequest;

constexpr std::string_view kOperation = "forgot";
// Who waits for a code reads it at once; afterwards nobody waits any more.
constexpr std::chrono::hours kOfUse{1};
// A person, from one class of origins.
constexpr std::int64_t kAnHour = 3;
constexpr policy::Span kHour = std::chrono::hours(1);
// At once; of these, what strangers may hold.
constexpr std::int64_t kMostLive = 3;
constexpr std::int64_t kMostLiveOfStrangers = 2;

struct Case {
  Database& database;
  const Means& means;
  const ResetRequest& request;
  ports::Instant now;

  Origin origin() const {
    // The person's own programs: usherctl self forgot. Nobody else is given that origin.
    for (const Origin origin : {Origin::local_seat, Origin::known_host, Origin::non_root_self}) {
      if (request.origin == daemon::name_of(origin)) return origin;
    }
    return Origin::unknown_host;
  }
};

Result<void> record(const Case& c, const PersonRecord& person, protocol::Outcome outcome,
                    Reason reason) {
  store::AuditRecord audit;
  audit.at = c.now;
  audit.request = c.request.request;
  audit.operation = kOperation;
  audit.outcome = protocol::name_of(outcome);
  audit.reason = sign_in::name_of(reason);
  audit.person = person.name.view();
  audit.service = c.request.service;
  audit.origin = c.request.origin;
  audit.rhost = c.request.rhost;
  TRY(store::append_audit(c.database, audit));
  return {};
}

Result<void> refuse(const Case& c, const PersonRecord& person, Reason reason) {
  return record(c, person, protocol::Outcome::refuse, reason);
}

std::vector<Value> with_place(const Case& c, std::vector<Value> values) {
  values.push_back({Variable::service, std::string_view(c.request.service)});
  if (!c.request.rhost.empty()) {
    values.push_back({Variable::origin, std::string_view(c.request.rhost)});
  }
  return values;
}

Result<void> send(const Case& c, const PersonRecord& person, const ContactRecord& contact,
                  Letter letter, std::vector<Value> values) {
  return notices::tell_at(c.database, c.means, person, {contact.value, kOfUse}, letter,
                          with_place(c, std::move(values)), c.now);
}

// --- Whether ---

bool may_ask_here(const Case& c) {
  switch (c.means.config.forgot_from) {
    case ForgotFrom::local:
      return c.origin() == Origin::local_seat;
    case ForgotFrom::known:
      return c.origin() != Origin::unknown_host;
    case ForgotFrom::any:
      return true;
  }
  return false;
}

Reason reason_of(daemon::Closed closed) {
  switch (closed) {
    case daemon::Closed::suspended:
      return Reason::suspended;
    case daemon::Closed::disabled:
      return Reason::disabled;
    case daemon::Closed::expired:
      return Reason::expired;
    case daemon::Closed::inactive:
      return Reason::inactive;
  }
  return Reason::disabled;
}

// None: they may have a letter.
Result<std::optional<Reason>> what_bars(const Case& c, const PersonRecord& person) {
  const auto memberships = TRY(daemon::memberships_of(c.database, person.id));
  const auto policy = c.means.config.policy_for(memberships);
  if (const auto closed = daemon::what_closes(person, policy.inactive_after, c.now)) {
    return std::optional(reason_of(*closed));
  }
  // An invited account takes nothing but its invitation; a provider's takes nothing here.
  const bool invited = person.state != store::PersonState::active;
  if (person.is_local() && invited) return std::optional(Reason::first_sign_in_due);
  return std::optional<Reason>();
}

// Counts it, too. By the time nobody sets.
Result<bool> is_over_budget(const Case& c, const PersonRecord& person) {
  const policy::Timepiece time =
      TRY(store::read_timepiece(c.database, daemon::reading_of(c.means.clock)));
  const policy::Span since = time.at - kHour;
  if (TRY(store::count_resets(c.database, person.id, c.request.origin, since)) >= kAnHour) {
    return true;
  }
  TRY(store::note_reset(c.database, person.id, c.request.origin, time.at, since));
  TRY(store::put_timepiece(c.database, time));
  return false;
}

Result<bool> has_room_for_a_code(const Case& c, const PersonRecord& person) {
  const auto live = TRY(store::count_codes(c.database, person.id, sign_in::kReset, c.now));
  return live < (c.origin() == Origin::unknown_host ? kMostLiveOfStrangers : kMostLive);
}

// --- The letters ---

Result<void> send_code(const Case& c, const PersonRecord& person, const ContactRecord& to) {
  if (!TRY(has_room_for_a_code(c, person))) return refuse(c, person, Reason::asked_too_often);
  const auto issued = TRY(
      sign_in::issue_reset_code(c.database, person, to.id, c.means.sealer, c.means.entropy, c.now));
  const Secret shown = TRY(sign_in::shown(issued.code));
  TRY(send(c, person, to, Letter::reset_code,
           {{Variable::code, shown.view()},
            {Variable::until, notices::moment_of(c.means.clock, issued.expires_at)}}));
  return record(c, person, protocol::Outcome::accept, Reason::code_mailed);
}

Result<void> send_elsewhere(const Case& c, const PersonRecord& person, const ContactRecord& to) {
  std::vector<Value> values;
  if (c.means.config.forgot_from == ForgotFrom::known) {
    values.push_back({Variable::known_places, std::string_view()});
  }
  TRY(send(c, person, to, Letter::reset_elsewhere, std::move(values)));
  return refuse(c, person, Reason::asked_elsewhere);
}

Result<void> send_provider(const Case& c, const PersonRecord& person, const ContactRecord& to) {
  const std::string_view source = person.source;
  const std::string_view provider = source.substr(source.find(':') + 1);
  TRY(send(c, person, to, Letter::federated, {{Variable::provider, provider}}));
  return refuse(c, person, Reason::signed_in_elsewhere);
}

// To that address alone; their other ones hear of the new password.
Result<void> decide_for(const Case& c, const PersonRecord& person,
                        const std::optional<ContactRecord>& to) {
  if (TRY(is_over_budget(c, person))) return refuse(c, person, Reason::asked_too_often);
  if (const auto bar = TRY(what_bars(c, person))) return refuse(c, person, *bar);
  if (!to) return refuse(c, person, Reason::no_recovery_address);
  if (!person.is_local()) return send_provider(c, person, *to);
  // A mailbox alone must not do what password and factor do together.
  const bool unguarded = daemon::are_factors_suspended(person, c.now);
  if (unguarded || !may_ask_here(c)) return send_elsewhere(c, person, *to);
  return send_code(c, person, *to);
}

// --- Who ---

// Whom a provider signs in confirms nothing here, and what they are mailed holds no code: any
// address will do that staff or the directory vouch for.
Result<std::vector<ContactRecord>> contacts_for(const Case& c, const PersonRecord& person) {
  if (person.is_local()) return contacts::usable_contacts(c.database, person.id, c.now);
  auto vouched = TRY(store::list_contacts(c.database, person.id));
  vouched.erase(std::remove_if(vouched.begin(), vouched.end(),
                               [](const ContactRecord& contact) {
                                 return contact.source == store::ContactSource::person;
                               }),
                vouched.end());
  return vouched;
}

Result<std::optional<ContactRecord>> first_address(const Case& c, const PersonRecord& person) {
  for (auto& contact : TRY(contacts_for(c, person))) {
    if (contact.kind == store::ContactKind::mail) return std::optional(std::move(contact));
  }
  return std::optional<ContactRecord>();
}

struct Owner {
  PersonRecord person;
  ContactRecord contact;
};

// Everybody whom that address would serve to recover.
Result<std::vector<Owner>> owners_of(const Case& c, std::string_view address) {
  std::vector<Owner> owners;
  for (auto& contact :
       TRY(store::list_contacts_at(c.database, store::ContactKind::mail, address))) {
    if (contacts::standing_of(contact, c.now) != contacts::Standing::usable) continue;
    auto person = TRY(store::find_person_by_id(c.database, contact.person));
    if (person) owners.push_back({std::move(*person), std::move(contact)});
  }
  return owners;
}

// Whose is meant is asked by mail: the address proves nothing at the prompt.
Result<void> send_names(const Case& c, const std::vector<Owner>& owners) {
  std::string accounts;
  bool over_budget = false;
  for (const Owner& owner : owners) {
    accounts += (accounts.empty() ? "" : ", ") + std::string(owner.person.name.view());
    over_budget = TRY(is_over_budget(c, owner.person)) || over_budget;
  }
  const Reason reason = over_budget ? Reason::asked_too_often : Reason::several_accounts;
  for (const Owner& owner : owners) TRY(refuse(c, owner.person, reason));
  if (over_budget) return {};
  return notices::tell_address(
      c.database, c.means, {owners.front().contact.value, kOfUse}, Letter::several_accounts,
      with_place(c, {{Variable::accounts, std::string_view(accounts)}}), c.now);
}

Result<void> decide(const Case& c) {
  const std::string& asked_for = c.request.asked_for;
  if (auto person = TRY(store::find_person(c.database, asked_for))) {
    return decide_for(c, *person, TRY(first_address(c, *person)));
  }
  const auto address = contacts::parse_value(store::ContactKind::mail, asked_for);
  if (!address) return {};
  const auto owners = TRY(owners_of(c, *address));
  if (owners.empty()) return {};
  if (owners.size() > 1) return send_names(c, owners);
  return decide_for(c, owners.front().person, owners.front().contact);
}

// False: nothing waits.
Result<bool> decide_next(store::Store& store, const Means& means) {
  // Read first: a write wakes whoever waits for one, and that is who calls here.
  const auto request = TRY(store.read([](Database& database) {
    return store::next_reset_request(database, daemon::name_of(Origin::local_seat));
  }));
  if (!request) return false;
  const Result<void> decided = store.write([&](Database& database) -> Result<void> {
    if (!TRY(store::delete_reset_request(database, request->id))) return {};
    const ports::Instant now = means.clock.now();
    // Nobody waits any more, or a clock that was ahead was set back.
    if (now - request->asked_at > kOfUse || request->asked_at > now) return {};
    return decide({database, means, *request, now});
  });
  if (decided) return true;
  TRY(store.write(
      [&](Database& database) { return store::delete_reset_request(database, request->id); }));
  return decided.error();
}

}  // namespace

Result<void> decide_waiting(store::Store& store, const Means& means) {
  Result<void> first_failure;
  for (int i = 0; i < kAtOnce; ++i) {
    const auto more = decide_next(store, means);
    if (!more && first_failure) first_failure = more.error();
    if (more && !*more) break;
  }
  return first_failure;
}

}  // namespace usher::forgotten
