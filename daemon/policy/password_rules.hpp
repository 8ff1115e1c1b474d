// The one evaluator of new passwords: PAM, passwd, the first sign-in and every later door get the
// same list of failures from it. Pure: text in, failures out; no store, no clock, no language.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace usher::policy {

// Limits nobody can configure away (REQUIREMENTS section 3): sudo refuses answers of 512 bytes.
inline constexpr std::size_t kMaxCodePoints = 400;
inline constexpr std::size_t kMaxBytes = 511;

struct PasswordPolicy {
  std::size_t min_length = 15;  // code points after NFC
  std::size_t max_length = kMaxCodePoints;
  bool needs_lower = false;
  bool needs_upper = false;
  bool needs_digit = false;
  bool needs_special = false;  // neither letter nor digit
};

// What may not be in, or be, this person's password.
struct PersonalWords {
  std::vector<std::string> whole;      // forbidden as the whole password, case folded
  std::vector<std::string> contained;  // forbidden as a part when 4 characters or longer
};

enum class Rule : std::uint8_t {
  not_text,  // not valid UTF-8, or a control character
  too_short,
  too_long,
  lower_missing,
  upper_missing,
  digit_missing,
  special_missing,
  common,     // on the list of common passwords
  personal,   // the login, the name, the organisation
  unchanged,  // the current password, or the one-time code
};

struct Failure {
  Rule rule;
  std::size_t wanted = 0;  // the limit that was missed, for too_short and too_long
  std::size_t found = 0;
  friend bool operator==(const Failure&, const Failure&) = default;
};

// NFC (Unicode Standard Annex 15), so that one password typed on two keyboards is one password.
// Errc::invalid_input when it is no text or over kMaxBytes before or after.
Result<Secret> normalise(std::string_view typed);

// Every failed rule at once, in the order of the enumeration. `candidate` is normalised.
std::vector<Failure> evaluate(const Secret& candidate, const PasswordPolicy& policy,
                              const PersonalWords& words);

// Whole passwords that everybody tries first; lower case.
bool is_common(std::string_view folded);

}  // namespace usher::policy
