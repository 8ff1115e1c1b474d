// Whom the required actions are asked of, and what has come of it so far; and the first of them, a
// new password. The others and the walk through all of them are required_actions.cpp's.
#pragma once

#include "daemon/sign_in/first_factor.hpp"
#include "daemon/sign_in/pending_actions.hpp"

namespace usher::sign_in {

// An action's end: a decision that stops the sign-in, or none to go on.
using Stop = std::optional<Decision>;

// What this conversation has shown beside the first factor. Whatever was asked for is proven by
// now, or none of this would be asked.
enum class Beside : std::uint8_t { nothing, factor_proven, factor_enrolled };

struct Case {
  const daemon::Context& context;
  ports::Person& person;
  const FirstStep& first;
  Decision& accepted;
  Beside beside;

  std::string_view text(texts::Text text) const { return context.text(text); }
};

Decision stop(const Case& c, Reason reason, std::string_view text);
std::string naming(const Case& c, texts::Text text, policy::Action action);
Stop stop_before(const Case& c, Reason reason, policy::Action action);

// How they stand now. What was typed counts until another password was chosen.
Result<Standing> standing_of(const Case& c);

// What a mailbox shows opens less than what staff hand out.
bool is_by_mail(const Case& c);
bool is_by_staff(const Case& c);

Result<Stop> replace_password(Case& c);

}  // namespace usher::sign_in
