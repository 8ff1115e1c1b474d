// What holds of every policy that was read, whatever the text.
#pragma once

#include "base/text.hpp"
#include "daemon/policy/policy.hpp"
#include "tests/fuzz/require.hpp"

namespace usher::fuzz {

inline void require_usable(const policy::Policy& policy) {
  const policy::PasswordRules& rules = policy.password;
  require(rules.min_length >= 6 && rules.min_length <= 64);
  require(rules.max_length >= 64 && rules.max_length <= policy::kMaxCodePoints);
  require(rules.history <= 24);
  require(rules.min_age.count() >= 0 && rules.min_age.count() <= 365);
  require(rules.max_age.count() >= 0 && rules.max_age.count() <= 3650);
  for (const std::string& word : policy.words) {
    require(!word.empty() && word.size() <= 64 && is_plain_text(word, Newlines::refused));
  }
}

}  // namespace usher::fuzz
