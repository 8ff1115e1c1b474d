// The verbs of a prompts section that belong to the person: asks, reads, types, hangs up.
#include "tests/daemon/sign_in/scripted_person.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

namespace usher::sign_in {

ScriptedPerson::~ScriptedPerson() {
  if (is_lost_ || at_ == lines_.size()) return;
  ADD_FAILURE() << path_ << ':' << lines_[at_].number
                << ": the conversation ended before: " << lines_[at_].text();
}

// Things that happen meanwhile happen when the line before them is done.
const Line* ScriptedPerson::next() {
  while (at_ < lines_.size() && lines_[at_].starts_with({"meanwhile"})) meanwhile_(lines_[at_++]);
  return at_ < lines_.size() ? &lines_[at_++] : nullptr;
}

Error ScriptedPerson::lost(std::string_view what) {
  is_lost_ = true;
  const std::size_t line = at_ == 0 ? 0 : at_ - 1;
  ADD_FAILURE() << path_ << ':' << (lines_.empty() ? 0 : lines_[line].number)
                << ": instead of this line the person was " << what;
  return Error(Errc::hung_up, "the script does not fit");
}

Result<Secret> ScriptedPerson::ask(const ports::Question& question) {
  const std::string what = fmt::format(
      "asked {}\"{}\"", question.echo == ports::Echo::shown ? "shown " : "", question.text);
  const Line* line = next();
  if (line == nullptr) return lost(what + ", and the script is over");
  const bool shown = line->starts_with({"asks", "shown"});
  const std::string& wanted = line->word(shown ? 2 : 1);
  const bool fits = line->starts_with({"asks"}) && wanted == question.text &&
                    shown == (question.echo == ports::Echo::shown);
  if (!fits) return lost(what);
  const Line* reply = next();
  if (reply != nullptr && reply->starts_with({"hangs", "up"})) {
    return Error(Errc::hung_up, "the other end hung up");
  }
  if (reply == nullptr || !reply->starts_with({"types"})) return lost(what + " and says nothing");
  typed_.push_back(answer(*reply));
  kept_[question.slot] = typed_.back();
  return Secret::copy(typed_.back());
}

Result<void> ScriptedPerson::tell(ports::Tone tone, std::string_view text) {
  const std::string what =
      fmt::format("told {}\"{}\"", tone == ports::Tone::error ? "error " : "", text);
  const Line* line = next();
  if (line == nullptr) return lost(what + ", and the script is over");
  const bool is_error = line->starts_with({"reads", "error"});
  if (!line->starts_with({"reads"}) || is_error != (tone == ports::Tone::error)) return lost(what);
  if (line->starts_with({"reads", "the", "key"})) {
    see_enrolment(*line, text);
    return {};
  }
  if (line->starts_with({"reads", "the", "recovery", "codes"})) {
    world_.recovery_codes = shown_recovery_codes(text);
    const std::set<std::string> different(world_.recovery_codes.begin(),
                                          world_.recovery_codes.end());
    EXPECT_EQ(different.size(), 10U) << path_ << ':' << line->number << ": in: " << text;
    return {};
  }
  if (line->word(is_error ? 2 : 1) != text) return lost(what);
  return {};
}

void ScriptedPerson::see_enrolment(const Line& line, std::string_view text) {
  const std::string key = shown_key(text);
  EXPECT_EQ(key.size(), 32U) << path_ << ':' << line.number << ": no key of 160 bits in: " << text;
  if (line.starts_with({"reads", "the", "key", "again"})) {
    EXPECT_EQ(key, world_.app.key()) << path_ << ':' << line.number;
  } else {
    EXPECT_NE(key, world_.app.key()) << path_ << ':' << line.number;
  }
  // Drawn in blocks or in signs, or where the door says so not at all.
  const bool drawn = text.find("\u2588") != std::string_view::npos ||
                     text.find("########") != std::string_view::npos;
  EXPECT_NE(drawn, line.starts_with({"reads", "the", "key", "alone"})) << path_ << line.number;
  if (key != world_.app.key()) world_.app.scan(key);
}

// types "text" | types nothing | types "x" 600 times | types "password" $app
std::string ScriptedPerson::answer(const Line& line) const {
  if (line.starts_with({"types", "nothing"})) return "";
  std::string text;
  if (line.word(3) == "times") {
    for (int i = std::stoi(line.word(2)); i > 0; --i) text += line.word(1);
    return text;
  }
  for (std::size_t i = 1; i < line.words.size(); ++i) text += value(line.words[i]);
  return text;
}

std::string ScriptedPerson::value(const Word& word) const {
  const ports::Instant now = world_.clock.now();
  if (word.quoted) return word.text;
  if (word.text == "$code") return world_.code;
  if (word.text == "$mailed") return world_.mailed_code();
  if (word.text == "$not-mailed") {
    return world_.mailed_code() == "00000000" ? "00000001" : "00000000";
  }
  if (word.text == "$not-you") return world_.not_you_code();
  if (word.text == "$older-code") return world_.older_code;
  // $recovery-1, and $recovery-1-loosely: upper case, without hyphens.
  constexpr std::string_view kRecovery = "$recovery-";
  if (word.text.starts_with(kRecovery)) {
    const auto number = static_cast<std::size_t>(std::stoi(word.text.substr(kRecovery.size())));
    std::string code = world_.recovery_codes.at(number - 1);
    if (!word.text.ends_with("-loosely")) return code;
    std::erase(code, '-');
    for (char& c : code) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return code;
  }
  if (word.text == "$not-app") return world_.app.wrong_code(now);
  if (word.text == "$app") return world_.app.code(now, 0);
  if (word.text == "$old-app") return world_.app.old().code(now, 0);
  if (word.text == "$app-spaced") {
    const std::string code = world_.app.code(now, 0);
    return code.substr(0, 3) + " " + code.substr(3);
  }
  if (word.text.starts_with("$app")) return world_.app.code(now, std::stoi(word.text.substr(4)));
  ADD_FAILURE() << path_ << ": what is " << word.text << '?';
  return "";
}

}  // namespace usher::sign_in
