// Two actions so far, in order: the password, the factor. A door without lifecycle refuses and says
// where to go.
#include "daemon/sign_in/required_actions.hpp"

#include <fmt/format.h>

#include "daemon/factors/factor.hpp"
#include "daemon/sign_in/new_password.hpp"
#include "daemon/sign_in/person_policy.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using daemon::Lifecycle;
using protocol::Slot;
using texts::Text;

// An action's end: a decision that stops the sign-in, or none to go on.
using Stop = std::optional<Decision>;

Decision stop(const Decision& so_far, Reason reason, std::string_view text) {
  Decision decision = refuse(reason, so_far.record, text);
  decision.factors = so_far.factors;
  return decision;
}

Result<Stop> replace_password(const Context& c, ports::Person& person, const FirstStep& first,
                              Decision& accepted) {
  const bool is_first = accepted.record->state == store::PersonState::invited;
  TRY(person.tell(ports::Tone::info,
                  c.text(is_first ? Text::choose_password : Text::replace_password)));
  const NewPassword fresh = TRY(choose_password(c, person, *accepted.record, first.factor.typed));
  if (fresh.chosen.empty()) {
    const bool blind = fresh.reason == Reason::answers_repeated;
    return Stop(
        stop(accepted, fresh.reason, blind ? c.text(Text::ask_once_only) : std::string_view{}));
  }
  const auto epoch = TRY(keep_password(c, *accepted.record, fresh.chosen, first.factor.redeems));
  if (!epoch) return Stop(stop(accepted, Reason::changed_meanwhile, ""));
  accepted.record->epoch = *epoch;
  accepted.record->state = store::PersonState::active;
  accepted.authtok = Slot::new_password;
  accepted.authtok_length = fresh.length;
  TRY(person.tell(ports::Tone::info, c.text(Text::password_kept)));
  return Stop{};
}

// Whoever only knows the password could bind a factor of their own to the account: a first one is
// enrolled at the local seat, or by someone who just redeemed a code, or while an enrolment of
// theirs is pending.
Result<bool> may_enrol_here(const Context& c, const FirstStep& first, const Decision& accepted,
                            const factors::FactorKind& kind) {
  if (first.factor.redeems || c.services.config.enrol_from == daemon::EnrolFrom::any) return true;
  if (c.origin == daemon::Origin::local_seat) return true;
  const ports::Instant oldest = c.services.clock.now() - c.services.config.pending_enrolment;
  const auto pending = TRY(c.services.store.read([&](store::Database& database) {
    return store::find_pending_factor(database, accepted.record->id, kind.name, oldest);
  }));
  return pending.has_value();
}

Result<Stop> enrol_factor(const Context& c, ports::Person& person, const FirstStep& first,
                          Decision& accepted) {
  const factors::FactorKind& kind = *factors::kinds().front();
  if (!TRY(may_enrol_here(c, first, accepted, kind))) {
    return Stop(
        stop(accepted, Reason::enrolment_elsewhere, c.text_naming_support(Text::enrol_elsewhere)));
  }
  const factors::Proof proof = TRY(kind.enrol(c, person, *accepted.record));
  if (proof != factors::Proof::proven) {
    return Stop(stop(accepted, Reason::enrolment_abandoned, ""));
  }
  accepted.factors += fmt::format("+{}", kind.name);
  TRY(person.tell(ports::Tone::info, c.text(Text::factor_kept)));
  return Stop{};
}

}  // namespace

Result<Stop> required_actions(const Context& c, ports::Person& person, const FirstStep& first,
                              Decision& accepted) {
  const Account& account = first.account;
  const policy::Policy policy = TRY(policy_of(c, accepted.record->id));
  const bool password_due = first.factor.redeems.has_value() || is_password_due(c, account, policy);
  const bool factor_due = policy.factor_required && account.factors.empty();
  if (!password_due && !factor_due) return Stop{};
  if (c.front_end.lifecycle == Lifecycle::refused) {
    return Stop(
        stop(accepted, Reason::lifecycle_refused, c.text_naming_support(Text::finish_elsewhere)));
  }
  if (password_due) {
    if (Stop stopped = TRY(replace_password(c, person, first, accepted))) return stopped;
  }
  if (factor_due) return enrol_factor(c, person, first, accepted);
  return Stop{};
}

}  // namespace usher::sign_in
