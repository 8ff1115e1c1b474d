// Reads bytes and folds letters. Stricter than passwd(5): what stands here is read by root's
// programs.
#include "daemon/directory/account_fields.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace usher::directory {
namespace {

bool is_path(std::string_view text, std::size_t longest) {
  if (text.size() < 2 || text.size() > longest || text.front() != '/') return false;
  if (text.find(':') != std::string_view::npos) return false;
  if (!is_plain_text(text, Newlines::refused)) return false;
  // "/home/ada/.." is another directory than it looks like.
  return text.find("/../") == std::string_view::npos && !text.ends_with("/..");
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// The atoms of RFC 5322 section 3.2.3, without the quotes that nobody types at a login prompt.
bool is_local_part(std::string_view text) {
  constexpr std::string_view kOthers = ".!#$%&'*+-/=?^_`{|}~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter_or_digit(c) || kOthers.find(c) != std::string_view::npos;
  });
}

bool is_domain(std::string_view text) {
  return !text.empty() && is_letter_or_digit(text.front()) && is_letter_or_digit(text.back()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-'; });
}

}  // namespace

bool is_home(std::string_view text) {
  return is_path(text, kMaxHome);
}

bool is_shell(std::string_view text) {
  return is_path(text, kMaxShell);
}

bool is_organisation_name(std::string_view text) {
  return text.size() <= kMaxOrganisationName && is_domain(text);
}

bool is_attribute_name(std::string_view text) {
  constexpr std::size_t kLongest = 32;
  return !text.empty() && text.size() <= kLongest && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; });
}

bool is_attribute_value(std::string_view text) {
  constexpr std::size_t kLongest = 256;
  return !text.empty() && text.size() <= kLongest && is_plain_text(text, Newlines::refused);
}

Result<std::string> fold_alias(std::string_view text) {
  const Error none(
      Errc::invalid_input,
      "an alias is an email address or name@organisation of at most 254 ASCII letters, "
      "digits and marks");
  if (text.size() > kMaxAlias) return none;
  std::string folded(text);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const std::size_t at = folded.find('@');
  if (at == std::string::npos) return none;
  const std::string_view view = folded;
  if (!is_local_part(view.substr(0, at)) || !is_domain(view.substr(at + 1))) return none;
  return folded;
}

}  // namespace usher::directory
