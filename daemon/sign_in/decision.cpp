// The reasons' names, as audit records carry them.
#include "daemon/sign_in/decision.hpp"

namespace usher::sign_in {

std::string_view name_of(Reason reason) {
  switch (reason) {
    case Reason::all_proven:
      return "all-proven";
    case Reason::unknown_user:
      return "unknown-user";
    case Reason::wrong_password:
      return "wrong-password";
    case Reason::no_password_set:
      return "no-password-set";
    case Reason::code_not_for_this_door:
      return "code-not-for-this-door";
    case Reason::wrong_code:
      return "wrong-code";
    case Reason::code_already_spent:
      return "code-already-spent";
    case Reason::factor_throttled:
      return "factor-throttled";
    case Reason::no_code_given:
      return "no-code-given";
    case Reason::cannot_ask_code:
      return "cannot-ask-code";
    case Reason::throttled:
      return "throttled";
    case Reason::suspended:
      return "suspended";
    case Reason::disabled:
      return "disabled";
    case Reason::expired:
      return "expired";
    case Reason::inactive:
      return "inactive";
    case Reason::signed_in_elsewhere:
      return "signed-in-elsewhere";
    case Reason::lifecycle_refused:
      return "lifecycle-refused";
    case Reason::enrolment_elsewhere:
      return "enrolment-elsewhere";
    case Reason::enrolment_abandoned:
      return "enrolment-abandoned";
    case Reason::terms_not_accepted:
      return "terms-not-accepted";
    case Reason::no_new_password:
      return "no-new-password";
    case Reason::answers_repeated:
      return "answers-repeated";
    case Reason::first_sign_in_due:
      return "first-sign-in-due";
    case Reason::action_due:
      return "action-due";
    case Reason::changed_meanwhile:
      return "changed-meanwhile";
    case Reason::root_resets:
      return "root-resets";
    case Reason::too_early:
      return "too-early";
    case Reason::terms_accepted:
      return "terms-accepted";
    case Reason::password_changed:
      return "password-changed";
    case Reason::account_open:
      return "account-open";
  }
  return "unknown-user";
}

Decision decide(protocol::Outcome outcome, Reason reason, std::optional<store::PersonRecord> whom,
                std::string_view text) {
  Decision decision;
  decision.outcome = outcome;
  decision.reason = reason;
  decision.text = text;
  decision.record = std::move(whom);
  return decision;
}

Decision refuse(Reason reason, std::optional<store::PersonRecord> whom, std::string_view text) {
  return decide(protocol::Outcome::refuse, reason, std::move(whom), text);
}

}  // namespace usher::sign_in
