// Everything a person reads at a sign-in, in every language. One row a text (texts.cpp); a row
// without one of the languages, or whose languages name different values, does not compile.
//
// Another type than Error's: an Error is for the log. No text here names a cause before every
// required factor is proven; which one is shown is the flows' care.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/texts/language.hpp"

namespace usher::texts {

enum class Text : std::uint8_t {
  // Questions.
  password,
  password_or_help,
  password_and_code,
  current_password,
  new_password,
  new_password_again,
  code,
  code_or_help,
  code_shown_by_app,
  help_menu,
  device_name,
  recovery_codes_noted,
  do_it_now,
  replace_breached_now,
  enrol_anew_now,
  accept_these_terms,
  mail_address,
  confirm_address_now,
  contact_code,
  number_code,
  // A text message, within the alphabet of its network.
  mobile_number,
  confirm_number_now,
  number_code_message,
  reset_code_message,
  notice_message,
  test_message,
  // What is told on the way.
  entries_differ,
  code_refused,
  factor_help,
  factor_help_told,
  choose_password,
  replace_password,
  replace_short_password,
  replace_breached_password,
  for_example,
  password_hard_to_type,
  password_kept,
  enrol_anew,
  app_wanted,
  scan_this,
  type_this_key,
  type_this_key_alone,
  redraw,
  device_name_not_usable,
  device_name_taken,
  enrolment_code_refused,
  factor_kept,
  recovery_codes_shown,
  recovery_codes_kept,
  recovery_codes_left,
  recovery_codes_few,
  recovery_codes_none,
  terms_kept,
  not_an_address,
  not_a_number,
  number_not_served,
  number_codes_spent,
  number_code_refused,
  number_needs_proof,
  number_kept,
  number_kept_held,
  contact_code_refused,
  contact_code_dead,
  contact_code_soon,
  contact_codes_spent,
  contact_needs_proof,
  contact_kept,
  contact_kept_held,
  // What is still to be done, each in words that follow a colon.
  to_change_password,
  to_enrol_factor,
  to_draw_recovery_codes,
  to_accept_terms,
  to_confirm_contact,
  signed_in_as,
  news,
  news_line,
  news_from,
  news_by,
  news_more,
  news_not_you,
  still_to_do,
  enrol_anew_at_console,
  // The word that means it.
  yes,
  account_ends_soon,
  password_ends_soon,
  // Refusals that may name their cause.
  ask_once_only,
  root_resets,
  help_given,
  help_given_or_sms,
  help_given_by_sms,
  your_administrator,
  sign_in_again,
  objected,
  objected_sessions_stay,
  password_too_early,
  password_too_often,
  suspended,
  disabled,
  expired,
  inactive,
  signed_in_elsewhere,
  finish_elsewhere,
  enrol_elsewhere,
  not_without,
  sign_in_first,
  sign_in_first_for,
  // A refused new password: the heading, then a line a rule.
  password_not_accepted,
  password_not_text,
  password_too_short,
  password_too_long,
  password_too_large,
  password_lower_missing,
  password_upper_missing,
  password_digit_missing,
  password_special_missing,
  password_common,
  password_personal,
  password_unchanged,
  password_similar,
  password_breached,
  password_reused,
};
inline constexpr std::size_t kTexts = static_cast<std::size_t>(Text::password_reused) + 1;

// As it stands in the table: a text without values.
std::string_view of(Language language, Text text);
// Whom to ask as texts.support names them; its default, which names nobody, in the reader's
// language.
std::string_view support_in(Language language, std::string_view named);

// With its values: fill(language, Text::suspended, fmt::arg("support", contact)).
// What a value holds is shown as it is.
template <typename... Values>
std::string fill(Language language, Text text, const Values&... values) {
  // Which values a text may name is the table's; that each place names those it needs, a test's.
  return fmt::format(fmt::runtime(of(language, text)), values...);
}

}  // namespace usher::texts
