// Values for the tests' letters: one of each variable, and what a letter may be given of them.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/letters/templates.hpp"

namespace usher::letters {

// 22 November 2026, 20:41 at UTC+01:00; what ends, ends later.
inline constexpr std::chrono::sys_seconds kThen{std::chrono::seconds(1'795'376'460)};

inline Moment later(std::chrono::minutes by) {
  return {kThen + by, std::chrono::hours(1)};
}

inline Value sample_of(Variable variable) {
  using namespace std::string_view_literals;
  switch (variable) {
    case Variable::organisation:
      return {variable, "Acme"sv};
    case Variable::login:
      return {variable, "ada"sv};
    case Variable::host:
      return {variable, "db1.acme.example"sv};
    case Variable::time:
      return {variable, later({})};
    case Variable::support:
      return {variable, "the help desk, +33 1 23 45 67 89"sv};
    case Variable::page:
      return {variable, "https://acme.example/sign-in"sv};
    case Variable::code:
      return {variable, "7K3M-9QXT-2VWB"sv};
    case Variable::until:
      return {variable, later(std::chrono::hours(1))};
    case Variable::passphrase:
      return {variable, "Stork+gravel9Tulip"sv};
    case Variable::not_you:
      return {variable, "F4ND-81ZC-KJ5R"sv};
    case Variable::not_you_until:
      return {variable, later(std::chrono::hours(168))};
    case Variable::by:
      return {variable, "grace"sv};
    case Variable::reason:
      return {variable, "ticket 4711"sv};
    case Variable::service:
      return {variable, "sshd"sv};
    case Variable::origin:
      return {variable, "192.0.2.7"sv};
    case Variable::device:
      return {variable, "Ada's phone"sv};
    case Variable::left:
      return {variable, std::uint64_t{9}};
    case Variable::days:
      return {variable, std::uint64_t{7}};
    case Variable::failures:
      return {variable, std::uint64_t{12}};
    case Variable::contact:
      return {variable, "a.l......@example.org"sv};
    case Variable::counts_from:
      return {variable, later(std::chrono::hours(24))};
    case Variable::provider:
      return {variable, "Google"sv};
    case Variable::accounts:
      return {variable, "ada@acme, ada-admin@acme, ada@globex"sv};
    case Variable::few:
    case Variable::known_places:
      return {variable, ""sv};
    case Variable::language:
    case Variable::subject:
    case Variable::content:
      break;
  }
  return {variable, ""sv};
}

enum class Given : std::uint8_t { all, only_due };

inline std::vector<Value> samples(const LetterRow& row, Given given = Given::all) {
  std::vector<Value> values;
  for (const Use& use : row.uses()) {
    if (given == Given::all || use.need != Need::if_given) {
      values.push_back(sample_of(use.variable));
    }
  }
  return values;
}

// In place of the sample, in a letter that has the variable.
inline void set(std::vector<Value>& values, Variable variable, std::string_view text) {
  for (Value& value : values) {
    if (value.variable == variable) value.is = text;
  }
}

inline std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

// All words, with one blank between them.
inline std::string words_of(std::string_view text) {
  std::string words;
  for (const char c : replaced(std::string(text), "\u00A0", " ")) {
    const bool is_blank = c == ' ' || c == '\n';
    if (!is_blank) {
      words += c;
    } else if (!words.empty() && words.back() != ' ') {
      words += ' ';
    }
  }
  while (words.ends_with(' ')) words.pop_back();
  return words;
}

// What a mail program shows of an HTML text's body: without its tags, signs as they are.
inline std::string shown(std::string_view html) {
  constexpr std::string_view kBody = "<body>";
  html.remove_prefix(std::min(html.find(kBody), html.size() - kBody.size()) + kBody.size());
  std::string text;
  bool in_tag = false;
  for (const char c : html) {
    if (c == '<') in_tag = true;
    // A tag ends a word.
    if (!in_tag) text += c;
    if (c == '>' && in_tag) {
      in_tag = false;
      text += ' ';
    }
  }
  for (const auto& [sign, instead] :
       {std::pair{"&lt;", "<"}, std::pair{"&gt;", ">"}, std::pair{"&quot;", "\""},
        std::pair{"&#39;", "'"}, std::pair{"&amp;", "&"}}) {
    text = replaced(std::move(text), sign, instead);
  }
  return words_of(text);
}

}  // namespace usher::letters
