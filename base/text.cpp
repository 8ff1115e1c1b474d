// Parsers of names and UTF-8. They read bytes, decide nothing, and never allocate.
#include "base/text.hpp"

namespace usher {
namespace {

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || c == '_';
}
bool is_name_part(char c) {
  return is_name_start(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

// Well-formed sequences, RFC 3629 section 4: the range of the second byte depends on the first.
struct SequenceForm {
  unsigned char first_low, first_high;
  unsigned char second_low, second_high;
  std::size_t length;
};
constexpr SequenceForm kForms[] = {
    {0x00, 0x7F, 0x00, 0x00, 1}, {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

bool within(unsigned char byte, unsigned char low, unsigned char high) {
  return byte >= low && byte <= high;
}

}  // namespace

Result<UserName> UserName::parse(std::string_view text) {
  if (text.empty()) return Error(Errc::invalid_input, "a user name is empty");
  if (text.size() > kMaxLength) return Error(Errc::invalid_input, "a user name is too long");
  if (!is_name_start(text.front())) {
    return Error(Errc::invalid_input, "a user name starts with a lower-case letter or '_'");
  }
  for (const char c : text) {
    if (!is_name_part(c)) {
      return Error(Errc::invalid_input, "a user name holds only a-z, 0-9, '_', '.' and '-'");
    }
  }
  UserName name;
  name.text_.append(text);
  return name;
}

bool UserName::is_one(std::string_view text) {
  if (text.empty() || text.size() > kMaxLength || !is_name_start(text.front())) return false;
  for (const char c : text) {
    if (!is_name_part(c)) return false;
  }
  return true;
}

std::size_t utf8_sequence_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (const SequenceForm& form : kForms) {
    if (!within(byte(0), form.first_low, form.first_high)) continue;
    if (text.size() < form.length) return 0;
    if (form.length > 1 && !within(byte(1), form.second_low, form.second_high)) return 0;
    for (std::size_t i = 2; i < form.length; ++i) {
      if (!within(byte(i), 0x80, 0xBF)) return 0;
    }
    return form.length;
  }
  return 0;
}

bool is_plain_text(std::string_view text, Newlines newlines) {
  while (!text.empty()) {
    // Most of all text, and much of what a publication does.
    if (text[0] >= 0x20 && text[0] < 0x7F) {
      text.remove_prefix(1);
      continue;
    }
    const std::size_t length = utf8_sequence_length(text);
    if (length == 0) return false;
    const auto first = static_cast<unsigned char>(text[0]);
    const bool is_newline = first == '\n' && newlines == Newlines::allowed;
    if (first < 0x20 && !is_newline) return false;
    if (first == 0x7F) return false;
    // C1 controls, U+0080 to U+009F: some terminals obey them like an escape sequence.
    if (first == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace usher
