// Reads a template and says what is wrong with it: file, line and the cure. What passed renders
// whatever the values, and within what a mail may hold (templates.cpp tries that).
//
// Mustache (mustache(5)) without what a letter has no use for: partials, lambdas, other delimiters,
// and values that are not escaped.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "daemon/letters/letter.hpp"

namespace usher::letters {

inline constexpr std::size_t kMaxTemplate = 12'000;

// Still with its tags.
struct LetterTemplate {
  std::string file;  // as complaints name it
  std::string subject;
  std::string body;
};

// "Subject: ...", an empty line, the text.
Result<LetterTemplate> parse_letter(std::string file, std::string_view text, const LetterRow& row);
// The HTML around every letter: {{language}} and {{{content}}} must stand in it.
Result<LetterTemplate> parse_layout(std::string file, std::string_view text);

// "invitation" for "invitaton"; the list must not be empty.
std::string_view nearest(std::string_view name, std::span<const std::string_view> names);

}  // namespace usher::letters
