// One pass over a line: what is no word becomes a blank, blanks become one. A secret is let through
// as it is, or not at all.
#include "daemon/letters/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.hpp"

namespace usher::letters {
namespace {

using texts::Language;

constexpr const char* kMonths[texts::kLanguages][12] = {
    {"January", "February", "March", "April", "May", "June", "July", "August", "September",
     "October", "November", "December"},
    {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
     "octobre", "novembre", "décembre"}};

std::string day_of_month(Language language, unsigned day) {
  return language == Language::french && day == 1 ? "1er" : fmt::to_string(day);
}

constexpr const char* between_date_and_time(Language language) {
  return language == Language::french ? " à " : ", ";
}

// --- Lines ---

struct Range {
  char32_t first, last;
};
// Ends a line, turns the direction of what follows, or is not seen at all.
constexpr Range kNoWords[] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},
                              {0x61C, 0x61C},   {0x200B, 0x200F}, {0x2028, 0x202E},
                              {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xE0000, 0xE007F}};

char32_t decoded(std::string_view sequence) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
  constexpr unsigned kLead[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t point = byte(0) & kLead[sequence.size()];
  for (std::size_t i = 1; i < sequence.size(); ++i) point = point << 6U | (byte(i) & 0x3FU);
  return point;
}

bool is_blank(std::string_view sequence) {
  const char32_t point = decoded(sequence);
  const auto holds = [point](const Range& range) {
    return point >= range.first && point <= range.last;
  };
  return point == U' ' || std::any_of(std::begin(kNoWords), std::end(kNoWords), holds);
}

// What nothing was said about still has to be a line.
constexpr std::string_view kNothing = "-";
constexpr std::string_view kCut = "…";

class Line {
 public:
  static Result<Line> of_at_most(std::size_t most) {
    return Line(TRY(Secret::zeroed(most + kCut.size())), most);
  }

  // False: it is full, and says so.
  bool put(std::string_view sequence) {
    if (is_blank(sequence)) {
      blank_due_ = used_ != 0;
      return true;
    }
    if (used_ + sequence.size() + (blank_due_ ? 1 : 0) > most_) {
      append(kCut);
      return false;
    }
    if (blank_due_) append(" ");
    blank_due_ = false;
    append(sequence);
    return true;
  }
  Secret end() {
    if (used_ == 0) append(kNothing);
    text_.shorten(used_);
    return std::move(text_);
  }

 private:
  Line(Secret text, std::size_t most) : text_(std::move(text)), most_(most) {}
  void append(std::string_view bytes) {
    std::memcpy(text_.writable().data() + used_, bytes.data(), bytes.size());
    used_ += bytes.size();
  }

  Secret text_;
  std::size_t most_;
  std::size_t used_ = 0;
  bool blank_due_ = false;
};

Result<Secret> line_of(std::string_view text, std::size_t most) {
  Line line = TRY(Line::of_at_most(most));
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    // A byte that is no text is a blank.
    if (!line.put(length == 0 ? " " : text.substr(0, length))) break;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return line.end();
}

// --- Secrets ---

Result<Secret> secret_of(std::string_view text, const VariableRow& row) {
  const auto is_sign = [](char c) { return c > 0x20 && c < 0x7F; };
  if (text.empty() || text.size() > row.most || !std::all_of(text.begin(), text.end(), is_sign)) {
    return Error(Errc::invalid_input,
                 fmt::format("{}: 1 to {} printable characters of ASCII", row.name, row.most));
  }
  return Secret::copy(text);
}

Error not_of_its_kind(const VariableRow& row) {
  return {Errc::invalid_input, fmt::format("{}: another kind of value", row.name)};
}

}  // namespace

Result<std::string> written(Language language, const Moment& moment) {
  using namespace std::chrono;
  const sys_days first = year(1970) / January / 1;
  const sys_days end = year(10000) / January / 1;
  if (abs(moment.utc_offset) >= days(1) || moment.at < first + days(1) ||
      moment.at >= end - days(1)) {
    return Error(Errc::invalid_input, "no moment that can be written");
  }
  const sys_seconds there = moment.at + moment.utc_offset;
  const sys_days day = floor<days>(there);
  const year_month_day date(day);
  const hh_mm_ss clock(there - day);
  const hh_mm_ss offset(abs(moment.utc_offset));
  const auto month = static_cast<unsigned>(date.month()) - 1;
  return fmt::format(
      "{} {} {}{}{:02}:{:02} (UTC{}{:02}:{:02})",
      day_of_month(language, static_cast<unsigned>(date.day())),
      kMonths[static_cast<std::size_t>(language)][month], static_cast<int>(date.year()),
      between_date_and_time(language), clock.hours().count(), clock.minutes().count(),
      moment.utc_offset < minutes(0) ? '-' : '+', offset.hours().count(), offset.minutes().count());
}

Result<Secret> read_as(Language language, const Value& value) {
  const VariableRow& row = row_of(value.variable);
  const auto* text = std::get_if<std::string_view>(&value.is);
  const auto* moment = std::get_if<Moment>(&value.is);
  const auto* number = std::get_if<std::uint64_t>(&value.is);
  switch (row.kind) {
    case Kind::line:
      if (text != nullptr) return line_of(*text, row.most);
      break;
    case Kind::secret:
      if (text != nullptr) return secret_of(*text, row);
      break;
    case Kind::moment:
      if (moment != nullptr) return Secret::copy(TRY(written(language, *moment)));
      break;
    case Kind::number:
      if (number != nullptr) return Secret::copy(fmt::to_string(*number));
      break;
    case Kind::flag:
      if (text != nullptr) return Secret();
      break;
    case Kind::part:
      break;
  }
  return not_of_its_kind(row);
}

}  // namespace usher::letters
