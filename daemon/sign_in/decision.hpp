// What a flow decided, as a value: what the module is told, what the person reads, what the audit
// keeps. An Error instead of a Decision means that nothing could be decided, and denies.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/store/people.hpp"
#include "protocol/messages.hpp"

namespace usher::sign_in {

// The rule that decided. Audit records and explanations name it; the person never sees it.
enum class Reason : std::uint8_t {
  all_proven,
  unknown_user,
  wrong_password,
  no_password_set,         // invited, or not local: there is nothing to compare with
  code_not_for_this_door,  // a live one-time code, where none is redeemed
  wrong_code,
  code_already_spent,
  factor_throttled,  // too many wrong codes: this one was not looked at
  no_code_given,
  cannot_ask_code,  // the program in front of the person failed at the code question
  throttled,        // too many wrong passwords from there: this one was not looked at
  suspended,
  disabled,
  expired,              // the day an administrator set is past
  inactive,             // nobody signed in for as long as the policy allows
  signed_in_elsewhere,  // no password is kept here of a directory's or a provider's people
  lifecycle_refused,    // this door only verifies, and something is pending
  enrolment_elsewhere,  // a first factor may not be enrolled from here
  enrolment_abandoned,
  terms_not_accepted,
  no_new_password,    // none that the rules accept, in three tries
  answers_repeated,   // every question got the same answer: a program that asks only once
  first_sign_in_due,  // a public key alone does not replace the first sign-in
  action_due,         // likewise for a required action
  changed_meanwhile,  // suspended, reset or deleted while the conversation ran
  root_resets,        // root at passwd: choosing for somebody else is not offered
  too_early,          // the password's least age is not reached
  too_often,          // it was changed ten times within the hour
  sign_in_again,      // a mailed code chose a new password, and nothing else was shown
  objected,           // the code of a notice: it was not them
  terms_accepted,     // no end of a sign-in: a record of its own
  factor_enrolled,    // likewise
  factors_replaced,
  recovery_codes_drawn,
  contact_confirmed,
  factor_help,
  password_changed,
  // Of a wish for a code by mail, decided apart from the prompt.
  code_mailed,
  asked_elsewhere,  // no code may be asked for from there
  asked_too_often,
  no_recovery_address,
  several_accounts,  // the address is theirs all
  account_open,      // the last: kReasons
};
inline constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::account_open) + 1;
std::string_view name_of(Reason reason);

struct Decision {
  protocol::Outcome outcome = protocol::Outcome::unavailable;
  Reason reason = Reason::unknown_user;
  std::string text;  // for the person; empty where causes are not theirs to know yet
  std::chrono::milliseconds delay{0};  // before it is said

  std::optional<store::PersonRecord> record;  // whom it is about; accept only stands for them
  std::string organisation;                   // USHER_ORG, where there is one to name
  std::string factors;                        // what was proven: "password+totp"
  std::string failure;  // what went wrong beside the decision; for the log and the record
  protocol::Slot authtok = protocol::Slot::none;
  std::uint16_t authtok_length = 0;
  protocol::Slot old_authtok = protocol::Slot::none;
};

// A decision about `whom`, with nothing proven and nothing to hand over.
Decision decide(protocol::Outcome outcome, Reason reason, std::optional<store::PersonRecord> whom,
                std::string_view text = {});
Decision refuse(Reason reason, std::optional<store::PersonRecord> whom, std::string_view text = {});

}  // namespace usher::sign_in
