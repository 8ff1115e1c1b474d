// The reasons' names, as audit records carry them.
#include "daemon/sign_in/decision.hpp"

#include <array>

namespace usher::sign_in {

namespace {

struct Row {
  Reason reason;
  std::string_view name;
};
constexpr std::array kRows{
    Row{Reason::all_proven, "all-proven"},
    Row{Reason::unknown_user, "unknown-user"},
    Row{Reason::wrong_password, "wrong-password"},
    Row{Reason::no_password_set, "no-password-set"},
    Row{Reason::code_not_for_this_door, "code-not-for-this-door"},
    Row{Reason::wrong_code, "wrong-code"},
    Row{Reason::code_already_spent, "code-already-spent"},
    Row{Reason::factor_throttled, "factor-throttled"},
    Row{Reason::no_code_given, "no-code-given"},
    Row{Reason::cannot_ask_code, "cannot-ask-code"},
    Row{Reason::throttled, "throttled"},
    Row{Reason::suspended, "suspended"},
    Row{Reason::disabled, "disabled"},
    Row{Reason::expired, "expired"},
    Row{Reason::inactive, "inactive"},
    Row{Reason::signed_in_elsewhere, "signed-in-elsewhere"},
    Row{Reason::lifecycle_refused, "lifecycle-refused"},
    Row{Reason::enrolment_elsewhere, "enrolment-elsewhere"},
    Row{Reason::enrolment_abandoned, "enrolment-abandoned"},
    Row{Reason::terms_not_accepted, "terms-not-accepted"},
    Row{Reason::no_new_password, "no-new-password"},
    Row{Reason::answers_repeated, "answers-repeated"},
    Row{Reason::first_sign_in_due, "first-sign-in-due"},
    Row{Reason::action_due, "action-due"},
    Row{Reason::changed_meanwhile, "changed-meanwhile"},
    Row{Reason::root_resets, "root-resets"},
    Row{Reason::too_early, "too-early"},
    Row{Reason::too_often, "too-often"},
    Row{Reason::sign_in_again, "sign-in-again"},
    Row{Reason::objected, "objected"},
    Row{Reason::terms_accepted, "terms-accepted"},
    Row{Reason::factor_enrolled, "factor-enrolled"},
    Row{Reason::factors_replaced, "factors-replaced"},
    Row{Reason::recovery_codes_drawn, "recovery-codes-drawn"},
    Row{Reason::contact_confirmed, "contact-confirmed"},
    Row{Reason::factor_help, "factor-help"},
    Row{Reason::password_changed, "password-changed"},
    Row{Reason::code_mailed, "code-mailed"},
    Row{Reason::asked_elsewhere, "asked-elsewhere"},
    Row{Reason::asked_too_often, "asked-too-often"},
    Row{Reason::no_recovery_address, "no-recovery-address"},
    Row{Reason::several_accounts, "several-accounts"},
    Row{Reason::account_open, "account-open"},
};

constexpr bool rows_are_in_order() {
  if (kRows.size() != kReasons) return false;
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].reason != static_cast<Reason>(i)) return false;
  }
  return true;
}
static_assert(rows_are_in_order(), "a reason without a name, or out of order");

}  // namespace

std::string_view name_of(Reason reason) {
  return kRows[static_cast<std::size_t>(reason)].name;
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
