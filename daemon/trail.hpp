// What happened on the way to a decision, for whoever has to explain it later: a word a step, kept
// with the audit record. The words are this program's own; values are numbers and names out of its
// tables. Nothing that anybody typed is ever noted, and no secret.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::daemon {

enum class Step : std::uint8_t {
  // The door.
  front_end,
  started_by_person,
  started_by_uid,
  // The first question.
  password_right,
  password_wrong,
  password_wrong_as_before,
  password_not_looked_at,
  no_password,
  one_time_code_right,
  one_time_code_elsewhere,
  wrong_passwords,
  refused_from,
  refused_until,
  waited,
  // The second factor, by its kind.
  factor_right,
  factor_wrong,
  factor_spent,
  factor_not_looked_at,
  factor_not_typed,
  factor_not_askable,
  factors_suspended,
  wrong_codes_at_once,
  wrong_codes_from_unknown,
  wrong_codes,
  // Required actions, by their names.
  password_short_alone,
  factors_replaced,
  action_done,
  action_put_off,
  action_due,
  action_failed,
  // A contact that is to be confirmed.
  contact_code_sent,
  contact_code_wrong,
  // What a right password was found to be.
  password_breached,
  breach_not_looked_for,
  // The device is out of reach.
  factor_help,
  // After "it was not me".
  sessions_ended,
  sessions_stay,
};
inline constexpr std::size_t kSteps = static_cast<std::size_t>(Step::sessions_stay) + 1;

class Trail {
 public:
  void note(Step step);
  // A name: what is not of [A-Za-z0-9_.@+-] stands as '?', and it is cut at 64 characters.
  void note(Step step, std::string_view name);
  void note(Step step, std::int64_t number);

  // "front-end=sshd password-wrong wrong-passwords=3". Never longer than a record may hold: of a
  // conversation that goes on for ever the end is missing.
  const std::string& text() const { return text_; }

 private:
  void append(std::string_view word);

  std::string text_;
};

// How a value is shown.
enum class Shown : std::uint8_t { as_it_is, as_time };

// One word of a trail, read back.
struct Noted {
  Step step;
  std::string value;  // empty where the step has none
};
// Words this program does not know, of a newer one, are left out.
std::vector<Noted> read_trail(std::string_view text);

std::string_view name_of(Step step);
// A sentence for an administrator; {value} stands in it where the step has one.
std::string_view sentence_of(Step step);
Shown shown_as(Step step);

}  // namespace usher::daemon
