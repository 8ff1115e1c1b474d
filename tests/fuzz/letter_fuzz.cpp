// Any text as a template, and any bytes as a letter's values: a template is refused with its line,
// or its letter can be sent whatever the values are, on lines and in HTML tags of the template's
// own. The input: a byte that chooses the letter, the template, a NUL, then what each value's text
// is.
#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "daemon/letters/templates.hpp"
#include "tests/fuzz/require.hpp"

using namespace usher;
using namespace usher::letters;
using usher::fuzz::require;

namespace {

Value value_of(const VariableRow& row, std::string_view text) {
  switch (row.kind) {
    case Kind::moment:
      return {row.variable, Moment{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22), {}}};
    case Kind::number:
      return {row.variable, std::uint64_t{text.size()}};
    case Kind::secret:
      return {row.variable, std::string_view("7K3M-9QXT-2VWB")};
    default:
      return {row.variable, text};
  }
}

std::vector<Value> values_of(const LetterRow& row, std::string_view text) {
  std::vector<Value> values;
  for (const Use& use : row.uses()) values.push_back(value_of(row_of(use.variable), text));
  return values;
}

std::ptrdiff_t signs(const Secret& text, char sign) {
  return std::count(text.view().begin(), text.view().end(), sign);
}

void require_sendable(const protocol::courier::MailText& mail) {
  require(!mail.subject.empty() && mail.subject.size() <= protocol::courier::kMaxSubject);
  require(!mail.text.empty() && mail.text.size() <= protocol::courier::kMaxText);
  require(mail.html.size() <= protocol::courier::kMaxHtml);
  require(is_plain_text(mail.subject.view(), Newlines::refused));
  require(is_plain_text(mail.text.view(), Newlines::allowed));
  require(is_plain_text(mail.html.view(), Newlines::allowed));
}

void require_letters(const Templates& templates, const LetterRow& row, std::string_view text) {
  const auto language = texts::Language::french;
  const auto mail = templates.render(row.letter, language, values_of(row, text));
  const auto plain = templates.render(row.letter, language, values_of(row, "x"));
  require(mail.has_value() && plain.has_value());
  require_sendable(*mail);
  // No value makes a tag.
  require(signs(mail->html, '<') == signs(plain->html, '<'));
  require(signs(mail->html, '>') == signs(plain->html, '>'));
}

void require_line(std::string_view complaint) {
  constexpr std::string_view kFile = "x.txt:";
  require(complaint.starts_with(kFile) && complaint.size() > kFile.size());
  require(complaint[kFile.size()] >= '1' && complaint[kFile.size()] <= '9');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const Templates built_in = Templates::built_in().release_value();
  const LetterRow& row = letters::letters()[data[0] % kLetters];
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string_view text = input.substr(0, input.find('\0'));
  const std::string_view values = input.substr(std::min(input.size(), text.size() + 1));
  Templates templates = built_in;
  const auto replaced = templates.replace(row.letter, texts::Language::french, "x.txt", text);
  if (replaced.has_value()) {
    require_letters(templates, row, values);
  } else {
    require_line(replaced.error().text());
  }
  require_letters(built_in, row, values);
  return 0;
}
