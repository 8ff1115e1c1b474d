// A line is words; a quoted word may hold blanks and the escapes \" \\ \n \t \uXXXX.
#include "tests/daemon/sign_in/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace usher::sign_in {
namespace {

// Up to U+FFFF, as UTF-8.
std::string utf8_of(unsigned point) {
  const auto byte = [](unsigned bits) { return static_cast<char>(bits); };
  if (point < 0x80) return {byte(point)};
  if (point < 0x800) return {byte(0xC0 | point >> 6), byte(0x80 | (point & 0x3F))};
  return {byte(0xE0 | point >> 12), byte(0x80 | (point >> 6 & 0x3F)), byte(0x80 | (point & 0x3F))};
}

// The character after a backslash; moves `at` behind it.
std::string escaped(std::string_view line, std::size_t& at) {
  const char letter = at < line.size() ? line[at++] : '\\';
  if (letter == 'n') return "\n";
  if (letter == 't') return "\t";
  if (letter != 'u') return {letter};
  const std::string digits(line.substr(at, 4));
  at += digits.size();
  return utf8_of(static_cast<unsigned>(std::stoul(digits, nullptr, 16)));
}

Word take_word(std::string_view line, std::size_t& at, bool& whole) {
  Word word;
  word.quoted = line[at] == '"';
  if (!word.quoted) {
    while (at < line.size() && line[at] != ' ') word.text += line[at++];
    return word;
  }
  ++at;
  while (at < line.size() && line[at] != '"') {
    const char c = line[at++];
    word.text += c == '\\' ? escaped(line, at) : std::string{c};
  }
  whole = at < line.size();
  ++at;
  return word;
}

Line parse_line(std::string_view text, int number, Scenario& scenario) {
  Line line;
  line.number = number;
  bool whole = true;
  for (std::size_t at = text.find_first_not_of(' '); at < text.size() && whole;) {
    if (text[at] == ' ') {
      ++at;
    } else if (text[at] == '#') {
      break;
    } else {
      line.words.push_back(take_word(text, at, whole));
    }
  }
  if (!whole) {
    scenario.complaints.push_back(fmt::format("{}:{}: a quote is open", scenario.path, number));
  }
  return line;
}

bool is_section(std::string_view word) {
  return word == "given" || word == "run" || word == "prompts" || word == "audit";
}

void add_line(Scenario& scenario, std::string_view text, int number) {
  Line line = parse_line(text, number, scenario);
  if (line.words.empty()) return;
  if (text.front() == ' ' && !scenario.sections.empty()) {
    scenario.sections.back().lines.push_back(std::move(line));
  } else if (line.word(0) == "covers") {
    for (std::size_t i = line.words.size(); i > 1; --i) {
      scenario.name = line.word(i - 1) + "_" + scenario.name;
    }
  } else if (is_section(line.word(0)) && line.words.size() == 1) {
    scenario.sections.push_back({line.word(0), number, {}});
  } else {
    scenario.complaints.push_back(
        fmt::format("{}:{}: no section is called that", scenario.path, number));
  }
}

}  // namespace

const std::string& Line::word(std::size_t index) const {
  static const std::string kNone;
  return index < words.size() ? words[index].text : kNone;
}

bool Line::starts_with(std::initializer_list<std::string_view> start) const {
  std::size_t index = 0;
  for (const std::string_view wanted : start) {
    if (index >= words.size() || words[index].quoted || words[index].text != wanted) return false;
    ++index;
  }
  return true;
}

std::string Line::text() const {
  std::string text;
  for (const Word& word : words) {
    if (!text.empty()) text += ' ';
    text += word.quoted ? '"' + word.text + '"' : word.text;
  }
  return text;
}

Scenario read_scenario(const std::string& path) {
  Scenario scenario;
  scenario.path = path;
  scenario.name = std::filesystem::path(path).stem().string();
  std::ifstream file(path);
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (!line.empty()) add_line(scenario, line, number);
  }
  return scenario;
}

std::vector<Scenario> read_scenarios(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".scenario") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Scenario> scenarios;
  for (const std::string& path : paths) scenarios.push_back(read_scenario(path));
  return scenarios;
}

}  // namespace usher::sign_in
