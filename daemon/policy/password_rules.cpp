// One pass over the rules, all failures collected: a person is told everything at once.
#include "daemon/policy/password_rules.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "daemon/policy/similarity.hpp"
#include "daemon/policy/unicode.hpp"

namespace usher::policy {
namespace {

constexpr std::size_t kShortestPart = 4;

// Fewer characters than these beside the words would be no password without them.
constexpr std::size_t kOfItsOwn = 8;

// Text that is no UTF-8 is taken byte by byte.
std::string_view character_at_start(std::string_view text) {
  return text.substr(0, std::max<std::size_t>(utf8_sequence_length(text), 1));
}

// "aaaaaaaa", eight spaces, "12121212": no list holds them in each length. What is shorter is said
// to be too short.
bool repeats_two(std::string_view folded) {
  if (folded.size() < kOfItsOwn) return false;
  std::string_view first, other;
  while (!folded.empty()) {
    const std::string_view next = character_at_start(folded);
    if (first.empty()) first = next;
    if (next != first && other.empty()) other = next;
    if (next != first && next != other) return false;
    folded.remove_prefix(next.size());
  }
  return true;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

// How long the longest of the words is that the text begins with; 0: with none.
std::size_t word_before(std::string_view text, const PersonalWords& words) {
  std::size_t longest = 0;
  for (const auto* list : {&words.whole, &words.contained}) {
    for (const std::string& word : *list) {
      if (word.size() > longest && text.starts_with(word)) longest = word.size();
    }
  }
  return longest;
}

// No letter but theirs: "ada12345", "AcmeAcme", "lovelace 1815!".
bool is_made_of(std::string_view folded, const PersonalWords& words) {
  std::size_t others = 0;
  bool has_word = false;
  while (!folded.empty()) {
    const std::size_t word = word_before(folded, words);
    if (word == 0 && is_letter(folded.front())) return false;
    has_word = has_word || word > 0;
    others += word == 0 ? 1 : 0;
    folded.remove_prefix(std::max<std::size_t>(word, 1));
  }
  return has_word && others < kOfItsOwn;
}

bool is_personal(std::string_view folded, const PersonalWords& words) {
  const auto contains = [&](const std::string& word) {
    return word.size() >= kShortestPart && folded.find(word) != std::string_view::npos;
  };
  return is_made_of(folded, words) ||
         std::any_of(words.contained.begin(), words.contained.end(), contains);
}

// Compared as they would be stored: another spelling of the same characters is no change.
Secret comparable(const Secret& previous) {
  Result<Secret> normalised = normalise(previous.view());
  return normalised.has_value() ? normalised.release_value() : Secret();
}

void add_word(std::vector<std::string>& words, std::string_view text) {
  const Result<Secret> folded = fold_case(text);
  if (folded.has_value() && !folded->empty()) words.emplace_back(folded->view());
}

}  // namespace

void add_words(std::vector<std::string>& words, std::string_view text) {
  constexpr std::string_view kBetween = " \t,;:.@_/-";
  add_word(words, text);
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find_first_of(kBetween));
    if (word.size() >= kShortestPart) add_word(words, word);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
}

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

Failure why_not_normal(std::string_view typed, const PasswordRules& rules) {
  if (!is_plain_text(typed, Newlines::refused)) return {Rule::not_text};
  const Result<Secret> composed = to_nfc(typed);
  if (!composed.has_value() || composed->empty()) return {Rule::not_text};
  const std::size_t found = count_classes(composed->view()).code_points;
  if (found > rules.max_length) return {Rule::too_long, rules.max_length, found};
  // How many of the same mix would fit, in characters as they were typed: some are composed to
  // more.
  const std::size_t shown = std::min(found, count_classes(typed).code_points);
  return {Rule::too_large, kMaxBytes * shown / std::max(composed->size(), typed.size()), shown};
}

std::vector<Failure> evaluate(const Secret& candidate, const Secret& previous,
                              const PasswordRules& rules, const PersonalWords& words) {
  if (!is_plain_text(candidate.view(), Newlines::refused)) return {{Rule::not_text}};
  const Result<Secret> folded = fold_case(candidate.view());
  if (!folded.has_value()) return {{Rule::not_text}};

  const ClassCounts counts = count_classes(candidate.view());
  const Secret before = comparable(previous);
  const bool unchanged = !before.empty() && candidate.equals(before);
  const struct {
    bool failed;
    Failure failure;
  } checks[] = {
      {counts.code_points < rules.min_length,
       {Rule::too_short, rules.min_length, counts.code_points}},
      {counts.code_points > rules.max_length,
       {Rule::too_long, rules.max_length, counts.code_points}},
      {rules.needs_lower && counts.lower == 0, {Rule::lower_missing}},
      {rules.needs_upper && counts.upper == 0, {Rule::upper_missing}},
      {rules.needs_digit && counts.digit == 0, {Rule::digit_missing}},
      {rules.needs_special && counts.special == 0, {Rule::special_missing}},
      {is_common(folded->view()) || repeats_two(folded->view()), {Rule::common}},
      {is_personal(folded->view(), words), {Rule::personal}},
      {unchanged, {Rule::unchanged}},
      {!unchanged && !before.empty() && is_similar(candidate, before), {Rule::similar}},
  };
  std::vector<Failure> failures;
  for (const auto& check : checks) {
    if (check.failed) failures.push_back(check.failure);
  }
  return failures;
}

bool is_typable(const Secret& candidate, std::string_view keyboard) {
  std::string_view text = candidate.view();
  while (!text.empty()) {
    const std::string_view character = character_at_start(text);
    if (character.size() > 1 && keyboard.find(character) == std::string_view::npos) return false;
    text.remove_prefix(character.size());
  }
  return true;
}

bool is_too_young(const PasswordRules& rules, std::chrono::milliseconds age) {
  return age.count() >= 0 && age < rules.min_age;
}

bool is_overdue(const PasswordRules& rules, std::chrono::milliseconds age) {
  return rules.max_age.count() > 0 && age >= rules.max_age;
}

}  // namespace usher::policy
