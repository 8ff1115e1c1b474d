// The templates Usher brings, and what an administrator puts in their place.
#include "daemon/letters/templates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "daemon/letters/built_in.hpp"
#include "daemon/letters/render.hpp"

namespace usher::letters {
namespace {

using protocol::courier::MailText;
using texts::Language;

// The longest values there can be, of the sign that takes most room in HTML.
struct Longest {
  std::string line = std::string(1024, '"');

  Value of(const VariableRow& row) const {
    constexpr Moment kMoment{std::chrono::sys_days(std::chrono::year(2026) / 9 / 30),
                             std::chrono::hours(1)};
    if (row.kind == Kind::moment) return {row.variable, kMoment};
    if (row.kind == Kind::number) return {row.variable, UINT64_MAX};
    // One more than a line may have, and it is cut and has a sign that says so.
    return {row.variable,
            std::string_view(line).substr(0, row.most + (row.kind == Kind::line ? 1 : 0))};
  }
};

// One bit for each section: the values given if those are in the letter.
std::vector<Value> longest_values(const LetterRow& row, unsigned sections, const Longest& longest) {
  std::vector<Value> values;
  std::vector<Variable> given;
  unsigned bit = 1;
  for (const Use& use : row.uses()) {
    if (use.need == Need::if_given && use.section == use.variable) {
      if ((sections & bit) != 0) given.push_back(use.variable);
      bit <<= 1U;
    }
  }
  for (const Use& use : row.uses()) {
    if (use.need != Need::if_given ||
        std::find(given.begin(), given.end(), use.section) != given.end()) {
      values.push_back(longest.of(row_of(use.variable)));
    }
  }
  return values;
}

unsigned sections_of(const LetterRow& row) {
  unsigned count = 0;
  for (const Use& use : row.uses()) {
    if (use.need == Need::if_given && use.section == use.variable) ++count;
  }
  return count;
}

}  // namespace

const LetterTemplate& Templates::of(Letter letter, Language language) const {
  return letters_[static_cast<std::size_t>(letter)][static_cast<std::size_t>(language)];
}

Result<Templates> Templates::built_in() {
  Templates templates;
  templates.layout_ = TRY(parse_layout("layout.html", built_in_layout()));
  for (const LetterRow& row : letters::letters()) {
    for (const Language language : texts::languages()) {
      const std::string file = fmt::format("{}/{}.txt", texts::code_of(language), row.name);
      const auto text = built_in_text(texts::code_of(language), row.name);
      if (!text) return Error(Errc::internal, file + " is missing");
      templates.letters_[static_cast<std::size_t>(row.letter)][static_cast<std::size_t>(language)] =
          TRY(parse_letter(file, *text, row));
    }
  }
  return templates;
}

Result<void> Templates::check_size(Letter letter, Language language) const {
  const LetterRow& row = row_of(letter);
  const Longest longest;
  for (unsigned sections = 0; sections < 1U << sections_of(row); ++sections) {
    const auto rendered = write_letter({row, of(letter, language), layout_, language},
                                       longest_values(row, sections, longest));
    if (!rendered) {
      return Error(rendered.error().code(),
                   fmt::format("{}:1: {} with the longest values; shorten it",
                               of(letter, language).file, rendered.error().text()));
    }
  }
  return {};
}

Result<void> Templates::replace(Letter letter, Language language, const std::string& file,
                                std::string_view text) {
  LetterTemplate parsed = TRY(parse_letter(file, text, row_of(letter)));
  LetterTemplate& place =
      letters_[static_cast<std::size_t>(letter)][static_cast<std::size_t>(language)];
  std::swap(place, parsed);
  const auto checked = check_size(letter, language);
  if (!checked) std::swap(place, parsed);
  return checked;
}

Result<void> Templates::replace_layout(const std::string& file, std::string_view text) {
  LetterTemplate parsed = TRY(parse_layout(file, text));
  std::swap(layout_, parsed);
  for (const LetterRow& row : letters::letters()) {
    for (const Language language : texts::languages()) {
      const auto checked = check_size(row.letter, language);
      if (checked) continue;
      std::swap(layout_, parsed);
      return checked.error().in(fmt::format("{}:1: around", file));
    }
  }
  return {};
}

Result<MailText> Templates::render(Letter letter, Language language,
                                   std::span<const Value> values) const {
  const LetterRow& row = row_of(letter);
  return write_letter({row, of(letter, language), layout_, language}, values).in(row.name);
}

}  // namespace usher::letters
