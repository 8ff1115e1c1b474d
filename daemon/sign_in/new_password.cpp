// The evaluator's failures become sentences here; the hash and the store come after acceptance.
#include "daemon/sign_in/new_password.hpp"

#include <algorithm>

#include "daemon/contacts/confirmation.hpp"
#include "daemon/contacts/never_counted.hpp"
#include "daemon/contacts/usable.hpp"
#include "daemon/factors/factor.hpp"
#include "daemon/notices/happened.hpp"
#include "daemon/sign_in/flows.hpp"
#include "daemon/sign_in/one_time_code.hpp"
#include "daemon/sign_in/password_advice.hpp"
#include "daemon/sign_in/password_check.hpp"
#include "daemon/sign_in/person_policy.hpp"
#include "daemon/store/codes.hpp"
#include "daemon/store/factors.hpp"
#include "daemon/store/passwords.hpp"
#include "daemon/store/reset_requests.hpp"
#include "daemon/store/tries.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using letters::Letter;
using protocol::Slot;
using texts::Text;

constexpr int kTries = 3;

Result<void> offer_passphrase(const Context& c, ports::Person& person, const Standard& standard) {
  if (!c.services.config.offer_passphrase) return {};
  const Secret passphrase = TRY(passphrase_for(standard));
  if (passphrase.empty()) return {};
  // They may take it: it is wiped like any other.
  const Secret told = TRY(Secret::join({c.text(Text::for_example), passphrase.view()}));
  return person.tell(ports::Tone::info, told.view());
}

// What was true when a mailed code was typed may not be any more: its address, and whether there is
// a factor that would have been asked for.
Result<bool> may_still_redeem(const Context& c, store::Database& database,
                              const store::PersonRecord& record, const store::CodeRecord& code,
                              Factor factor) {
  if (code.purpose != kReset) return true;
  const bool counts =
      TRY(contacts::is_usable(database, record.id, code.contact, c.services.clock.now()));
  if (!counts || factor == Factor::shown) return counts;
  const auto factors = TRY(store::list_factors(database, record.id));
  return std::none_of(factors.begin(), factors.end(), factors::is_second_factor);
}

// A reset lifts the throttle, and is on record with the password that it chose.
Result<void> settle_reset(const Context& c, store::Database& database,
                          const store::PersonRecord& record) {
  TRY(store::delete_tries(database, record.id));
  TRY(store::delete_resets(database, record.id));
  store::AuditRecord audit = record_of(c, c.request);
  audit.operation = kReset;
  audit.outcome = name_of(protocol::Outcome::accept);
  audit.reason = name_of(Reason::password_changed);
  audit.person = record.name.view();
  audit.factor = "reset-code";
  TRY(store::append_audit(database, audit));
  return {};
}

// A code that staff handed out, or the first one of an invited person, or just another password.
Letter letter_about(const store::PersonRecord& record,
                    const std::optional<store::CodeRecord>& redeems) {
  if (!redeems) return Letter::password_changed;
  const bool invited = record.state == store::PersonState::invited;
  return invited ? Letter::invitation_accepted : Letter::reset_done;
}

}  // namespace

Result<NewPassword> choose_password(const Context& c, ports::Person& person,
                                    const store::PersonRecord& record, const Secret& previous) {
  const Standard standard = TRY(standard_for(c, record));
  TRY(offer_passphrase(c, person, standard));
  bool only_repeats = true;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const Secret typed =
        TRY(person.ask({c.text(Text::new_password), ports::Echo::hidden, Slot::new_password}));
    only_repeats = only_repeats && typed.equals(previous);
    Candidate candidate = TRY(judge(c, record, standard, typed, previous));
    if (!candidate.failures.empty()) {
      TRY(person.tell(ports::Tone::error, describe(c.language, candidate.failures)));
      continue;
    }
    if (!candidate.typable)
      TRY(person.tell(ports::Tone::info, c.text(Text::password_hard_to_type)));
    const Secret again =
        TRY(person.ask({c.text(Text::new_password_again), ports::Echo::hidden, Slot::none}));
    if (typed.equals(again)) {
      return NewPassword{std::move(candidate.password), static_cast<std::uint16_t>(typed.size()),
                         Reason::password_changed};
    }
    TRY(person.tell(ports::Tone::error, c.text(Text::entries_differ)));
  }
  NewPassword none;
  // sshd's "password" method answers every hidden question with the same text.
  if (only_repeats) none.reason = Reason::answers_repeated;
  return none;
}

Result<std::optional<std::int64_t>> keep_password(const Context& c,
                                                  const store::PersonRecord& record,
                                                  const Secret& password,
                                                  const std::optional<store::CodeRecord>& redeems,
                                                  Factor factor) {
  using Epoch = std::optional<std::int64_t>;
  const std::size_t history = TRY(policy_of(c, record.id)).password.history;
  const std::string phc = TRY(c.services.hasher.hash(password, c.origin));
  const ports::Instant now = c.services.clock.now();
  return c.services.store.write([&](store::Database& database) -> Result<Epoch> {
    const auto present = TRY(store::find_person(database, record.name.view()));
    const bool same = present && present->id == record.id && present->epoch == record.epoch &&
                      present->state == record.state;
    if (!same) return Epoch{};
    if (redeems && !TRY(may_still_redeem(c, database, record, *redeems, factor))) return Epoch{};
    const policy::Timepiece time =
        TRY(store::read_timepiece(database, daemon::reading_of(c.services.clock)));
    if (redeems && !TRY(store::spend_code(database, record.id, redeems->handle, now, time.at)))
      return Epoch{};
    TRY(store::put_password(database, record.id, {phc, false, now}));
    TRY(store::trim_password_history(database, record.id, history));
    TRY(store::set_person_state(database, record.id, store::PersonState::active, ""));
    if (redeems && redeems->purpose == kReset) TRY(settle_reset(c, database, record));
    if (redeems && redeems->purpose == kFirstSignIn && redeems->contact) {
      TRY(contacts::take_invitation(database, notices::means_of(c.services), record,
                                    *redeems->contact, now));
    }
    const Epoch epoch = TRY(store::raise_epoch(database, record.id));
    TRY(notices::tell_of(database, c, record, letter_about(record, redeems)));
    TRY(contacts::delete_held(database, notices::means_of(c.services), record, now));
    return epoch;
  });
}

}  // namespace usher::sign_in
