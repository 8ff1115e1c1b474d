// The two tables. What all letters name stands first in each row: docs/adr/0026.
#include "daemon/letters/letter.hpp"

namespace usher::letters {
namespace {

// Of an account's reason at most what admin.sock takes; of a host's name more than Linux has.
constexpr std::array<VariableRow, kVariables> kVariableRows{{
    {Variable::organisation, "organisation", Kind::line, 64},
    {Variable::login, "login", Kind::line, 64},
    {Variable::host, "host", Kind::line, 96},
    {Variable::time, "time", Kind::moment, 64},
    {Variable::support, "support", Kind::line, 128},
    {Variable::page, "page", Kind::line, 128},
    {Variable::code, "code", Kind::secret, 64},
    {Variable::until, "until", Kind::moment, 64},
    {Variable::passphrase, "passphrase", Kind::secret, 64},
    {Variable::not_you, "not_you", Kind::secret, 64},
    {Variable::not_you_until, "not_you_until", Kind::moment, 64},
    {Variable::by, "by", Kind::line, 64},
    {Variable::reason, "reason", Kind::line, 200},
    {Variable::service, "service", Kind::line, 64},
    {Variable::origin, "origin", Kind::line, 128},
    {Variable::device, "device", Kind::line, 160},
    {Variable::left, "left", Kind::number, 20},
    {Variable::days, "days", Kind::number, 20},
    {Variable::failures, "failures", Kind::number, 20},
    {Variable::contact, "contact", Kind::line, 254},
    {Variable::counts_from, "counts_from", Kind::moment, 64},
    {Variable::provider, "provider", Kind::line, 64},
    {Variable::accounts, "accounts", Kind::line, 1000},
    {Variable::few, "few", Kind::flag, 0},
    {Variable::known_places, "known_places", Kind::flag, 0},
    {Variable::language, "language", Kind::part, 0},
    {Variable::subject, "subject", Kind::part, 0},
    {Variable::content, "content", Kind::part, 0},
}};

constexpr Use must(Variable variable) {
  return {variable, Need::must, variable};
}
constexpr Use may(Variable variable) {
  return {variable, Need::may, variable};
}
constexpr Use if_given(Variable variable) {
  return {variable, Need::if_given, variable};
}

using Uses = std::initializer_list<Use>;

constexpr void add(LetterRow& row, Uses uses) {
  for (const Use& use : uses) row.held[row.held_count++] = use;
}

constexpr Uses kOfAll{must(Variable::organisation), must(Variable::host), must(Variable::time),
                      must(Variable::support), if_given(Variable::page)};

// Of this host, or of an address: no account is named.
constexpr LetterRow of_host(Letter letter, std::string_view name, Uses uses) {
  LetterRow row{letter, name, MayBeOff::no};
  add(row, kOfAll);
  add(row, uses);
  return row;
}

constexpr LetterRow of_account(Letter letter, std::string_view name, Uses uses) {
  LetterRow row{letter, name, MayBeOff::no};
  add(row, kOfAll);
  add(row, {must(Variable::login)});
  add(row, uses);
  return row;
}

// Something happened to the account; it can be objected to.
constexpr LetterRow notice(Letter letter, std::string_view name, Uses uses) {
  LetterRow row = of_account(letter, name, uses);
  add(row,
      {if_given(Variable::not_you), {Variable::not_you_until, Need::if_given, Variable::not_you}});
  return row;
}

constexpr LetterRow may_be_off(LetterRow row) {
  row.may_be_off = MayBeOff::yes;
  return row;
}

constexpr Use kCode = must(Variable::code);
constexpr Use kUntil = must(Variable::until);
constexpr Use kService = may(Variable::service);
constexpr Use kOrigin = if_given(Variable::origin);  // the console has none
constexpr Use kBy = must(Variable::by);
constexpr Use kByStaff = if_given(Variable::by);
constexpr Use kReason = if_given(Variable::reason);

constexpr std::array<LetterRow, kLetters> kRows{{
    of_host(Letter::test, "test", {kByStaff}),

    of_account(Letter::invitation, "invitation", {kCode, kUntil, kByStaff}),
    may_be_off(notice(Letter::invitation_accepted, "invitation-accepted", {kService, kOrigin})),
    // Of a wish that anybody may have had; to object would shut its owner out.
    of_account(Letter::reset_code, "reset-code", {kCode, kUntil, kService, kOrigin}),
    of_account(Letter::reset_elsewhere, "reset-elsewhere",
               {kService, kOrigin, if_given(Variable::known_places)}),
    of_account(Letter::federated, "federated", {must(Variable::provider), kService, kOrigin}),
    of_host(Letter::several_accounts, "several-accounts",
            {must(Variable::accounts), kService, kOrigin}),
    of_account(Letter::one_time_passphrase, "one-time-passphrase",
               {must(Variable::passphrase), kUntil, kService, kOrigin}),
    of_account(Letter::confirm_address, "confirm-address", {kCode, kUntil, kService, kOrigin}),

    notice(Letter::reset_done, "reset-done", {kService, kOrigin}),
    notice(Letter::password_changed, "password-changed", {kService, kOrigin}),
    notice(Letter::reset_by_staff, "reset-by-staff", {kBy, kReason}),
    notice(Letter::account_converted, "account-converted", {kBy, kReason}),
    notice(Letter::password_set_by_staff, "password-set-by-staff", {kBy, kReason}),
    of_account(Letter::password_breached, "password-breached", {kService, kOrigin}),
    may_be_off(
        of_account(Letter::password_expires, "password-expires", {must(Variable::days), kUntil})),

    notice(Letter::factor_added, "factor-added", {must(Variable::device), kService, kOrigin}),
    notice(Letter::factor_removed, "factor-removed", {must(Variable::device), kByStaff, kReason}),
    notice(Letter::factors_suspended, "factors-suspended", {kBy, kReason, kUntil}),
    of_account(Letter::factor_lost, "factor-lost", {kService, kOrigin}),
    of_account(Letter::objection, "objection", {kService, kOrigin}),
    notice(Letter::recovery_codes_drawn, "recovery-codes-drawn",
           {must(Variable::left), kService, kOrigin}),
    notice(Letter::recovery_code_used, "recovery-code-used",
           {must(Variable::left), if_given(Variable::few), kService, kOrigin}),

    notice(Letter::contact_changed, "contact-changed",
           {must(Variable::contact), kByStaff, kReason}),
    notice(Letter::contact_confirmed, "contact-confirmed",
           {must(Variable::contact), if_given(Variable::counts_from)}),
    notice(Letter::contact_removed, "contact-removed",
           {must(Variable::contact), kByStaff, kReason}),

    of_account(Letter::account_suspended, "account-suspended", {kByStaff, kReason}),
    of_account(Letter::account_reopened, "account-reopened", {kByStaff, kReason}),
    of_account(Letter::account_disabled, "account-disabled", {kByStaff, kReason}),

    may_be_off(notice(Letter::sign_in_from_new_host, "sign-in-from-new-host", {kService, kOrigin})),
    may_be_off(notice(Letter::sign_in_after_failures, "sign-in-after-failures",
                      {must(Variable::failures), kService, kOrigin})),
    may_be_off(notice(Letter::second_factor_failed, "second-factor-failed", {kService, kOrigin})),
}};

constexpr bool rows_are_in_order() {
  for (std::size_t i = 0; i < kLetters; ++i) {
    if (kRows[i].letter != static_cast<Letter>(i)) return false;
  }
  for (std::size_t i = 0; i < kVariables; ++i) {
    if (kVariableRows[i].variable != static_cast<Variable>(i)) return false;
  }
  return true;
}
static_assert(rows_are_in_order(), "a row is missing or out of order");

}  // namespace

const VariableRow& row_of(Variable variable) {
  return kVariableRows[static_cast<std::size_t>(variable)];
}

std::optional<Variable> variable_of(std::string_view name) {
  for (const VariableRow& row : kVariableRows) {
    if (row.name == name) return row.variable;
  }
  return std::nullopt;
}

const LetterRow& row_of(Letter letter) {
  return kRows[static_cast<std::size_t>(letter)];
}

std::span<const LetterRow> letters() {
  return kRows;
}

bool is_waited_for(Letter letter) {
  return letter == Letter::reset_code || letter == Letter::one_time_passphrase ||
         letter == Letter::confirm_address;
}

std::optional<Letter> letter_of(std::string_view name) {
  for (const LetterRow& row : kRows) {
    if (row.name == name) return row.letter;
  }
  return std::nullopt;
}

}  // namespace usher::letters
