// One pass over the rules, all failures collected: a person is told everything at once.
#include "daemon/policy/password_rules.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "daemon/policy/unicode.hpp"

namespace usher::policy {
namespace {

bool is_personal(std::string_view folded, const PersonalWords& words) {
  constexpr std::size_t kShortestPart = 4;
  const auto equals = [&](const std::string& word) { return folded == word; };
  const auto contains = [&](const std::string& word) {
    return word.size() >= kShortestPart && folded.find(word) != std::string_view::npos;
  };
  return std::any_of(words.whole.begin(), words.whole.end(), equals) ||
         std::any_of(words.contained.begin(), words.contained.end(), contains);
}

}  // namespace

Result<Secret> normalise(std::string_view typed) {
  if (typed.size() > kMaxBytes) return Error(Errc::invalid_input, "a password is over 511 bytes");
  if (!is_plain_text(typed, Newlines::refused)) {
    return Error(Errc::invalid_input, "a password is not plain text");
  }
  Secret composed = TRY(to_nfc(typed));
  if (composed.size() > kMaxBytes) {
    return Error(Errc::invalid_input, "a password is over 511 bytes");
  }
  return composed;
}

std::vector<Failure> evaluate(const Secret& candidate, const PasswordPolicy& policy,
                              const PersonalWords& words) {
  if (!is_plain_text(candidate.view(), Newlines::refused)) return {{Rule::not_text}};
  const Result<Secret> folded = fold_case(candidate.view());
  if (!folded.has_value()) return {{Rule::not_text}};

  const ClassCounts counts = count_classes(candidate.view());
  const struct {
    bool failed;
    Failure failure;
  } checks[] = {
      {counts.code_points < policy.min_length,
       {Rule::too_short, policy.min_length, counts.code_points}},
      {counts.code_points > policy.max_length,
       {Rule::too_long, policy.max_length, counts.code_points}},
      {candidate.size() > kMaxBytes, {Rule::too_long, kMaxBytes, candidate.size()}},
      {policy.needs_lower && counts.lower == 0, {Rule::lower_missing}},
      {policy.needs_upper && counts.upper == 0, {Rule::upper_missing}},
      {policy.needs_digit && counts.digit == 0, {Rule::digit_missing}},
      {policy.needs_special && counts.special == 0, {Rule::special_missing}},
      {is_common(folded->view()), {Rule::common}},
      {is_personal(folded->view(), words), {Rule::personal}},
  };
  std::vector<Failure> failures;
  for (const auto& check : checks) {
    if (check.failed) failures.push_back(check.failure);
  }
  return failures;
}

}  // namespace usher::policy
