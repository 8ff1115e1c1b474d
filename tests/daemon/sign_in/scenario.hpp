// Scenarios: sign-ins written as text, in tests/scripts. tests/scripts/README.md says how to read
// them.
#pragma once

#include <string>
#include <vector>

namespace usher::sign_in {

struct Word {
  std::string text;
  bool quoted = false;
};

struct Line {
  int number = 0;
  std::vector<Word> words;

  // The text of a word, empty when there are fewer.
  const std::string& word(std::size_t index) const;
  bool starts_with(std::initializer_list<std::string_view> start) const;
  std::string text() const;  // as it was written, for messages
};

struct Section {
  std::string kind;  // "given", "run", "prompts", "audit"
  int number = 0;
  std::vector<Line> lines;
};

struct Scenario {
  std::string path;
  std::string name;  // requirement ids, then the file's name: M9_O6_first_sign_in
  std::vector<Section> sections;
  std::vector<std::string> complaints;  // a line that is none; the scenario then fails
};

Scenario read_scenario(const std::string& path);
// Every *.scenario of the folder, by name.
std::vector<Scenario> read_scenarios(const std::string& folder);

}  // namespace usher::sign_in
