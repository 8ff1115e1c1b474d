// Escaping and alignment. The width of a character is taken for one column.
#include "ctl/output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "base/text.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;

// The code point of a valid UTF-8 sequence.
char32_t code_point(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return first;
  char32_t point = first & (0x7FU >> sequence.size());
  for (const char c : sequence.substr(1)) point = point << 6 | (static_cast<unsigned>(c) & 0x3FU);
  return point;
}

bool is_control(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0);
}

// They make a terminal show text in another order than it stands (UAX #9).
bool is_direction_override(char32_t point) {
  return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// JSON escapes C0 itself; DEL and C1 stand only inside its strings, so \u is always right.
std::string json_for_terminals(std::string_view json) {
  std::string safe;
  while (!json.empty()) {
    const std::size_t length = std::max<std::size_t>(utf8_sequence_length(json), 1);
    const char32_t point = code_point(json.substr(0, length));
    if (is_control(point)) {
      safe += fmt::format("\\u{:04x}", static_cast<unsigned>(point));
    } else {
      safe += json.substr(0, length);
    }
    json.remove_prefix(length);
  }
  return safe;
}

void print_row(std::FILE* file, const std::vector<std::string>& cells,
               const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += cells[i];
    if (i + 1 < cells.size()) line.append(widths[i] - columns(cells[i]) + 2, ' ');
  }
  print(file, line + "\n");
}

}  // namespace

void print(std::FILE* file, std::string_view text) {
  // A full disk or a closed pipe is noticed once, when the stream is flushed at the end.
  (void)std::fwrite(text.data(), 1, text.size(), file);
}

std::string escaped(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    if (length == 0) {
      safe += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
      text.remove_prefix(1);
      continue;
    }
    const char32_t point = code_point(text.substr(0, length));
    if (is_control(point)) {
      safe += fmt::format("\\x{:02x}", static_cast<unsigned>(point));
    } else if (is_direction_override(point)) {
      safe += fmt::format("\\u{{{:04x}}}", static_cast<unsigned>(point));
    } else {
      safe += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return safe;
}

std::string local_time(std::int64_t milliseconds) {
  const time_t seconds = milliseconds / 1000;
  tm local{};
  if (localtime_r(&seconds, &local) == nullptr) return fmt::format("@{}", seconds);
  char date[40];
  char zone[8];  // +hhmm
  if (std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &local) == 0 ||
      std::strftime(zone, sizeof zone, "%z", &local) != 5) {
    return fmt::format("@{}", seconds);
  }
  return fmt::format("{}{:.3}:{}", date, zone, zone + 3);
}

Result<void> print_json(std::FILE* file, const protocol::varlink::ReplyOk& reply) {
  using protocol::varlink::BadText;
  const std::string text =
      json_for_terminals(TRY(protocol::varlink::to_text(reply.parameters, BadText::replaced)));
  if (!reply.secret) {
    print(file, text + "\n");
    return {};
  }
  print(file, text.substr(0, text.size() - 1));
  print(file, fmt::format("{}\"{}\":\"", reply.parameters.empty() ? "" : ",", reply.secret->name));
  print(file, reply.secret->text.view());
  print(file, "\"}\n");
  return {};
}

Table::Table(std::vector<std::string> header) {
  rows_.push_back(std::move(header));
}

void Table::add(const std::vector<std::string>& cells) {
  std::vector<std::string> row;
  row.reserve(rows_.front().size());
  for (const std::string& cell : cells) row.push_back(cell.empty() ? "-" : escaped(cell));
  row.resize(rows_.front().size(), "-");
  rows_.push_back(std::move(row));
}

void Table::print_to(std::FILE* file) const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  }
  for (const auto& row : rows_) print_row(file, row, widths);
}

void Facts::add(std::string_view name, std::string_view value) {
  facts_.emplace_back(name, value.empty() ? "-" : escaped(value));
}

void Facts::print_to(std::FILE* file) const {
  std::size_t width = 0;
  for (const auto& fact : facts_) width = std::max(width, columns(fact.first));
  for (const auto& [name, value] : facts_) {
    print(file, fmt::format("{:<{}}  {}\n", name, width, value));
  }
}

std::string text_member(const Json& object, std::string_view name) {
  const std::string* text = protocol::varlink::text_of(object, name);
  return text == nullptr ? std::string() : *text;
}

std::string list_member(const Json& object, std::string_view name) {
  std::string list;
  for (const Json& row : rows_member(object, name)) {
    const auto* text = row.get_ptr<const std::string*>();
    if (text != nullptr) list += (list.empty() ? "" : ", ") + *text;
  }
  return list;
}

std::string number_member(const Json& object, std::string_view name) {
  const auto number = protocol::varlink::number_of(object, name);
  return number ? std::to_string(*number) : "-";
}

std::string time_member(const Json& object, std::string_view name) {
  const auto number = protocol::varlink::number_of(object, name);
  return number ? local_time(*number) : "-";
}

const Json& rows_member(const Json& object, std::string_view name) {
  static const Json kNone = Json::array();
  const Json* rows = protocol::varlink::member_of(object, name);
  return rows == nullptr || !rows->is_array() ? kNone : *rows;
}

}  // namespace usher::ctl
