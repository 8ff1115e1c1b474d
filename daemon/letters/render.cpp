// Mustache first, with marks in place of values; then the blocks; then the values, straight into
// memory that is wiped.
#include "daemon/letters/render.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <vector>

#include "daemon/letters/blocks.hpp"
#include "daemon/letters/mustache.hpp"
#include "daemon/letters/paper.hpp"

namespace usher::letters {
namespace {

using protocol::courier::MailText;
using texts::Language;

// By variable; what is not there was not given.
using Cleaned = std::array<std::optional<Secret>, kVariables>;

const Use* use_of(const LetterRow& row, Variable variable) {
  for (const Use& use : row.uses()) {
    if (use.variable == variable) return &use;
  }
  return nullptr;
}

Error about(Variable variable, std::string_view what) {
  return {Errc::invalid_input, fmt::format("{} {}", row_of(variable).name, what)};
}

Result<void> check_complete(const LetterRow& row, const Cleaned& cleaned) {
  const auto is_given = [&](Variable variable) {
    return cleaned[static_cast<std::size_t>(variable)].has_value();
  };
  for (const Use& use : row.uses()) {
    const bool is_due = use.need != Need::if_given || is_given(use.section);
    if (is_due != is_given(use.variable)) {
      return about(use.variable, is_due ? "is missing" : "is given alone");
    }
  }
  return {};
}

Result<Cleaned> clean(const LetterRow& row, Language language, std::span<const Value> values) {
  Cleaned cleaned;
  for (const Value& value : values) {
    if (use_of(row, value.variable) == nullptr)
      return about(value.variable, "is none of its values");
    auto& place = cleaned[static_cast<std::size_t>(value.variable)];
    if (place) return about(value.variable, "is given twice");
    place = TRY(read_as(language, value));
  }
  TRY(check_complete(row, cleaned));
  return cleaned;
}

Result<std::string> expand_given(const std::string& text, const Cleaned& cleaned) {
  std::vector<Substitute> marks;
  for (std::size_t i = 0; i < kVariables; ++i) {
    if (!cleaned[i]) continue;
    const auto variable = static_cast<Variable>(i);
    marks.push_back({row_of(variable).name, {kMark, mark_of(variable)}});
  }
  return expand(text, marks);
}

// A marked text with its values.
void fill(Paper& paper, std::string_view text, const Cleaned& cleaned, Escape escape) {
  while (!text.empty()) {
    const std::string_view words = text.substr(0, text.find(kMark));
    paper.put(words, escape);
    text.remove_prefix(words.size());
    if (text.size() < 2) break;
    const auto& value = cleaned[static_cast<std::size_t>(marked_by(text[1]))];
    // The content, and nothing else, is HTML as it is.
    const bool is_html = marked_by(text[1]) == Variable::content;
    if (value) paper.put(value->view(), is_html ? Escape::none : escape);
    text.remove_prefix(2);
  }
}

Result<Secret> text_of(std::span<const Block> blocks, const Cleaned& cleaned) {
  Paper paper = TRY(Paper::of_at_most(protocol::courier::kMaxText));
  for (const Block& block : blocks) {
    if (paper.size() != 0) paper.put("\n");
    const std::size_t begin = paper.size();
    if (block.kind == BlockKind::prose) {
      fill(paper, block.text, cleaned, Escape::none);
      paper.wrap_since(begin);
      paper.put("\n");
      continue;
    }
    std::string_view lines = block.text;
    while (!lines.empty()) {
      const std::string_view line = lines.substr(0, lines.find('\n'));
      paper.put("    ");
      fill(paper, line, cleaned, Escape::none);
      paper.put("\n");
      lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    }
  }
  return paper.end("the text");
}

Result<Secret> content_of(std::span<const Block> blocks, const Cleaned& cleaned) {
  Paper paper = TRY(Paper::of_at_most(protocol::courier::kMaxHtml));
  for (const Block& block : blocks) {
    const bool is_prose = block.kind == BlockKind::prose;
    paper.put(is_prose ? "<p>" : "<pre>");
    fill(paper, block.text, cleaned, Escape::html);
    paper.put(is_prose ? "</p>\n" : "</pre>\n");
  }
  return paper.end("the HTML");
}

Result<Secret> html_of(const LetterTemplate& layout, const Cleaned& cleaned) {
  const std::string expanded = TRY(expand_given(layout.body, cleaned));
  Paper paper = TRY(Paper::of_at_most(protocol::courier::kMaxHtml));
  // The layout is HTML, its values are not.
  std::string_view rest = expanded;
  while (!rest.empty()) {
    const std::string_view words = rest.substr(0, rest.find(kMark));
    paper.put(words);
    rest.remove_prefix(words.size());
    fill(paper, rest.substr(0, 2), cleaned, Escape::html);
    rest.remove_prefix(std::min<std::size_t>(rest.size(), 2));
  }
  return paper.end("the HTML");
}

}  // namespace

Result<MailText> write_letter(const Stationery& stationery, std::span<const Value> values) {
  const LetterTemplate& letter = stationery.letter;
  const Language language = stationery.language;
  Cleaned cleaned = TRY(clean(stationery.row, language, values));

  const std::string subject = TRY(expand_given(letter.subject, cleaned));
  Paper subject_line = TRY(Paper::of_at_most(protocol::courier::kMaxSubject));
  fill(subject_line, with_signs_bound(subject, language), cleaned, Escape::none);

  const std::string body = TRY(expand_given(with_empty_lines_kept(letter.body), cleaned));
  const std::vector<Block> blocks = blocks_of(body, language);

  MailText mail;
  mail.subject = TRY(subject_line.end("the subject"));
  mail.text = TRY(text_of(blocks, cleaned));
  const auto place = [&](Variable part) -> std::optional<Secret>& {
    return cleaned[static_cast<std::size_t>(part)];
  };
  place(Variable::content) = TRY(content_of(blocks, cleaned));
  place(Variable::subject) = TRY(Secret::copy(mail.subject.view()));
  place(Variable::language) = TRY(Secret::copy(texts::code_of(language)));
  mail.html = TRY(html_of(stationery.layout, cleaned));
  return mail;
}

}  // namespace usher::letters
