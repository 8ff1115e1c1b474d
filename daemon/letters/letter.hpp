// The mails Usher writes: which there are, what each is told, and which an administrator may do
// without. A new one is a row here and a template a language (templates/, docs/adr/0026).
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

namespace usher::letters {

enum class Letter : std::uint8_t {
  test,
  // Ways in. Those that hold a code say where it is typed.
  invitation,
  invitation_accepted,
  reset_code,
  reset_elsewhere,  // no code: where one may be asked for
  federated,        // no code: a provider signs them in
  several_accounts,
  one_time_passphrase,
  confirm_address,
  // What happened to the password.
  reset_done,
  password_changed,
  reset_by_staff,
  account_converted,  // signed in by this host from now on
  password_set_by_staff,
  password_breached,
  password_expires,
  // To the second factor.
  factor_added,
  factor_removed,
  factors_suspended,
  factor_lost,  // to the organisation's contact, not to the person
  objection,    // to them, too
  recovery_codes_drawn,
  recovery_code_used,
  // To where mail goes.
  contact_changed,  // to the old address
  contact_confirmed,
  contact_removed,  // to it, too
  // To the account.
  account_suspended,
  account_reopened,
  account_disabled,
  // At a sign-in.
  sign_in_from_new_host,
  sign_in_after_failures,
  second_factor_failed,
};
inline constexpr std::size_t kLetters = static_cast<std::size_t>(Letter::second_factor_failed) + 1;

// What a template may name, in double braces.
enum class Variable : std::uint8_t {
  organisation,
  login,
  host,
  time,  // when it happened
  support,
  page,  // where the organisation says how one signs in
  code,
  until,  // when the code, the suspension or the password ends
  passphrase,
  not_you,  // the code for "it was not me"
  not_you_until,
  by,
  reason,
  service,
  origin,
  device,
  left,      // recovery codes
  days,      // until the password ends
  failures,  // before the success
  contact,
  counts_from,  // when a contact begins to serve recovery
  provider,
  accounts,
  few,           // recovery codes are left, or none
  known_places,  // a code may also be asked for from where one has signed in before
  // The layout's alone.
  language,
  subject,
  content,
};
inline constexpr std::size_t kVariables = static_cast<std::size_t>(Variable::content) + 1;

enum class Kind : std::uint8_t { line, secret, moment, number, flag, part };

struct VariableRow {
  Variable variable;
  std::string_view name;
  Kind kind;
  // In bytes. A longer line is cut: a notice has to arrive. A longer secret is refused.
  std::size_t most;
};
const VariableRow& row_of(Variable variable);
std::optional<Variable> variable_of(std::string_view name);

enum class Need : std::uint8_t {
  must,      // always given, and every template shows it
  may,       // always given; a template may leave it out
  if_given,  // stands in a section of its own, or of another that comes with it
};

struct Use {
  Variable variable{};
  Need need = Need::must;
  Variable section{};  // with if_given
};

// Whoever could take an account over must not be able to keep its owner from hearing of it, nor
// would an administrator who is the one that did it.
enum class MayBeOff : std::uint8_t { no, yes };

inline constexpr std::size_t kMaxUses = 13;

struct LetterRow {
  Letter letter;
  std::string_view name;  // of its template, without .txt
  MayBeOff may_be_off;
  std::array<Use, kMaxUses> held{};
  std::size_t held_count = 0;

  std::span<const Use> uses() const { return std::span(held).first(held_count); }
};
const LetterRow& row_of(Letter letter);
std::span<const LetterRow> letters();
// It holds what somebody waits for at a prompt; an invitation waits for somebody.
bool is_waited_for(Letter letter);
std::optional<Letter> letter_of(std::string_view name);

}  // namespace usher::letters
