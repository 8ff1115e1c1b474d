// The table of steps: the word in the record and the sentence an administrator reads.
#include "daemon/trail.hpp"

#include <algorithm>
#include <array>

namespace usher::daemon {
namespace {

// A record holds 1,024 (daemon/store/schema), and conclude.cpp writes two words before these.
constexpr std::size_t kLongest = 800;
constexpr std::size_t kLongestName = 64;

struct Row {
  Step step;
  std::string_view name;
  std::string_view sentence;
  Shown shown = Shown::as_it_is;
};

constexpr std::array<Row, kSteps> kRows{{
    {Step::front_end, "front-end", "The front end was {value}."},
    {Step::started_by_person, "started-by", "It was started by {value}."},
    {Step::started_by_uid, "started-by-uid", "It was started by uid {value}."},

    {Step::password_right, "password-right", "The password was right."},
    {Step::password_wrong, "password-wrong", "The password was wrong."},
    {Step::password_wrong_as_before, "password-wrong-as-before",
     "The password was wrong, and the same as one before: it was not counted again."},
    {Step::password_not_looked_at, "password-not-looked-at",
     "The password was not looked at, right or wrong."},
    {Step::no_password, "no-password", "There is no password to compare with."},
    {Step::one_time_code_right, "one-time-code-right",
     "A right one-time code was typed in the place of the password."},
    {Step::one_time_code_elsewhere, "one-time-code-elsewhere",
     "A right one-time code was typed, where none is redeemed."},
    {Step::wrong_passwords, "wrong-passwords",
     "Wrong passwords from that class of origins that counted then: {value}."},
    {Step::refused_from, "refused-from",
     "From {value} on, passwords from there are not looked at."},
    {Step::refused_until, "refused-until", "That was to end at {value}.", Shown::as_time},
    {Step::waited, "waited", "The answer waited {value} s."},

    {Step::factor_right, "factor-right", "The code ({value}) was right."},
    {Step::factor_wrong, "factor-wrong", "The code ({value}) was wrong."},
    {Step::factor_spent, "factor-spent", "The code ({value}) was right, and used before."},
    {Step::factor_not_looked_at, "factor-not-looked-at",
     "The code ({value}) was not looked at, right or wrong."},
    {Step::factor_not_typed, "factor-not-typed", "No code ({value}) was typed."},
    {Step::factor_not_askable, "factor-not-askable",
     "The program could not ask for the code ({value})."},
    {Step::factors_suspended, "factors-suspended",
     "The second factor was suspended: it was not asked for."},
    {Step::wrong_codes_at_once, "wrong-codes-at-once",
     "Wrong codes in the same half minute: {value}."},
    {Step::wrong_codes_from_unknown, "wrong-codes-from-unknown",
     "Wrong codes from unknown hosts since the factor was enrolled: {value}."},
    {Step::wrong_codes, "wrong-codes",
     "Wrong codes in all since the factor was enrolled: {value}."},

    {Step::password_short_alone, "password-short-alone",
     "The password was too short to stand alone, and while the second factor is suspended it "
     "does."},
    {Step::factors_replaced, "factors-replaced",
     "A new second factor took the place of what had been suspended; removed, a set of recovery "
     "codes being one: {value}."},
    {Step::action_done, "action-done", "A required action was done: {value}."},
    {Step::action_put_off, "action-put-off", "A recommended action was put off: {value}."},
    {Step::action_due, "action-due", "A required action was still due: {value}."},
    {Step::action_failed, "action-failed",
     "A recommended action failed, and the sign-in went on without it: {value}."},

    {Step::contact_code_sent, "contact-code-sent",
     "A code was sent to an address that is to be confirmed."},
    {Step::contact_code_wrong, "contact-code-wrong",
     "What was typed was not the code that had been sent to the address."},

    {Step::password_breached, "password-breached",
     "The password is in the filter of breached ones."},
    {Step::breach_not_looked_for, "breach-not-looked-for",
     "Whether the password is a breached one could not be looked up: the filter is damaged."},

    {Step::factor_help, "factor-help", "They asked for help with the code, by a lone ?."},

    {Step::sessions_ended, "sessions-ended", "Their open sessions were ended."},
    {Step::sessions_stay, "sessions-stay",
     "Their open sessions could not be ended, and stay: the record's detail says why."},
}};

constexpr bool rows_are_whole() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].step != static_cast<Step>(i)) return false;
    if (kRows[i].name.empty() || kRows[i].sentence.empty()) return false;
  }
  return true;
}
static_assert(rows_are_whole(), "a step is missing or out of order");

constexpr const Row& row_of(Step step) {
  return kRows[static_cast<std::size_t>(step)];
}

constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@+-";

}  // namespace

void Trail::append(std::string_view word) {
  const std::size_t blank = text_.empty() ? 0 : 1;
  if (text_.size() + blank + word.size() > kLongest) return;
  text_.append(blank, ' ').append(word);
}

void Trail::note(Step step) {
  append(row_of(step).name);
}

void Trail::note(Step step, std::string_view name) {
  std::string value(name.substr(0, kLongestName));
  for (char& c : value) {
    if (kLetters.find(c) == std::string_view::npos) c = '?';
  }
  append(std::string(row_of(step).name) + "=" + value);
}

void Trail::note(Step step, std::int64_t number) {
  append(std::string(row_of(step).name) + "=" + std::to_string(number));
}

std::vector<Noted> read_trail(std::string_view text) {
  std::vector<Noted> noted;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    const std::string_view name = word.substr(0, word.find('='));
    const auto* row =
        std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return r.name == name; });
    if (row == kRows.end()) continue;
    const bool has_value = name.size() < word.size();
    noted.push_back({row->step, std::string(has_value ? word.substr(name.size() + 1) : "")});
  }
  return noted;
}

std::string_view name_of(Step step) {
  return row_of(step).name;
}

std::string_view sentence_of(Step step) {
  return row_of(step).sentence;
}

Shown shown_as(Step step) {
  return row_of(step).shown;
}

}  // namespace usher::daemon
