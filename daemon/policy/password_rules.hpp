// The one evaluator of new passwords: PAM, passwd, the first sign-in and every later door get the
// same list of failures from it. Pure: text in, failures out; no store, no clock, no language.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace usher::policy {

// Limits nobody can configure away (REQUIREMENTS section 3): sudo refuses answers of 512 bytes.
inline constexpr std::size_t kMaxCodePoints = 400;
inline constexpr std::size_t kMaxBytes = 511;

// The rules in force for one person, with "auto" worked out.
struct PasswordRules {
  std::size_t min_length = 15;  // code points after NFC
  std::size_t max_length = kMaxCodePoints;
  bool needs_lower = false;
  bool needs_upper = false;
  bool needs_digit = false;
  bool needs_special = false;  // neither letter nor digit
  std::size_t history = 10;    // none of the last ones, the current one counts; 0: not looked at
  std::chrono::days min_age{0};
  std::chrono::days max_age{0};  // 0: a password does not expire
};

// What may not be in, or be, this person's password.
struct PersonalWords {
  // Case folded. Forbidden as the whole password, and one after the other, with less than a
  // password's worth of digits and signs around them.
  std::vector<std::string> whole;
  std::vector<std::string> contained;  // forbidden as a part when 4 characters or longer
};

// Adds the text and each of its words of 4 characters or more, case folded.
void add_words(std::vector<std::string>& words, std::string_view text);

enum class Rule : std::uint8_t {
  not_text,  // not valid UTF-8, or a control character
  too_short,
  too_long,
  too_large,  // few enough characters, but over kMaxBytes
  lower_missing,
  upper_missing,
  digit_missing,
  special_missing,
  common,     // on the list of common passwords, or one or two characters over and over
  personal,   // the login, the name, the organisation, the host
  unchanged,  // the current password, or the one-time code
  similar,    // too like the current one (similarity.hpp)
  breached,   // in the filter of known breaches
  reused,     // one of the last ones
};

struct Failure {
  Rule rule;
  // The limit that was missed, in characters: too_short, too_long, too_large; reused.
  std::size_t wanted = 0;
  // The length in characters likewise; reused: 2 is the one before this.
  std::size_t found = 0;
  friend bool operator==(const Failure&, const Failure&) = default;
};

// NFC (Unicode Standard Annex 15), so that one password typed on two keyboards is one password.
// Errc::invalid_input when it is no text or over kMaxBytes before or after.
Result<Secret> normalise(std::string_view typed);

// Why that was refused, told in what a person counts: characters, never bytes.
Failure why_not_normal(std::string_view typed, const PasswordRules& rules);

// Every rule that needs no look-up and no hash, all failures at once, in the order of the
// enumeration. `candidate` is normalised; `previous` is what was just proven, empty if nothing.
std::vector<Failure> evaluate(const Secret& candidate, const Secret& previous,
                              const PasswordRules& rules, const PersonalWords& words);

// Whole passwords that everybody tries first; `folded` is case folded.
bool is_common(std::string_view folded);

// False when it holds a character beyond the ASCII keys that stands not in `keyboard`: it may not
// be typed again at a console.
bool is_typable(const Secret& candidate, std::string_view keyboard);

// A clock set back makes an age negative: then neither holds.
bool is_too_young(const PasswordRules& rules, std::chrono::milliseconds age);
bool is_overdue(const PasswordRules& rules, std::chrono::milliseconds age);

}  // namespace usher::policy
