// Sentences with a value in them, and the words for each password rule.
#include "daemon/sign_in/texts.hpp"

#include <fmt/format.h>

namespace usher::sign_in::texts {
namespace {

std::string advice(const policy::Failure& failure) {
  using policy::Rule;
  switch (failure.rule) {
    case Rule::not_text:
      return "it holds a character that is no text; use letters, digits, signs and spaces";
    case Rule::too_short:
      return fmt::format("it has {} characters; use at least {}, for example a few words",
                         failure.found, failure.wanted);
    case Rule::too_long:
      return fmt::format("it has {} characters; use at most {}", failure.found, failure.wanted);
    case Rule::lower_missing:
      return "it has no lower-case letter; add one";
    case Rule::upper_missing:
      return "it has no upper-case letter; add one";
    case Rule::digit_missing:
      return "it has no digit; add one";
    case Rule::special_missing:
      return "it has no special character; add one, a space will do";
    case Rule::common:
      return "it is one of the passwords everybody tries first; choose another";
    case Rule::personal:
      return "it contains your name or your organisation's; choose something unrelated";
    case Rule::unchanged:
      return "it is what you just used; choose another";
  }
  return "it is not accepted";
}

}  // namespace

std::string suspended(std::string_view support) {
  return fmt::format("Your account is suspended. Contact {}.", support);
}

std::string finish_elsewhere(std::string_view support) {
  return fmt::format(
      "Your account is not set up completely. Sign in once at the console or over SSH, "
      "or contact {}.",
      support);
}

std::string enrol_elsewhere(std::string_view support) {
  return fmt::format(
      "Your second factor is not set up. Sign in at the console of this machine, or ask {} for a "
      "new one-time code.",
      support);
}

std::string sign_in_first(std::string_view support) {
  return fmt::format("Sign in once with your password first, or contact {}.", support);
}

std::string describe(const std::vector<policy::Failure>& failures) {
  std::string text = "This password cannot be used:";
  for (const policy::Failure& failure : failures) text += "\n - " + advice(failure);
  return text;
}

}  // namespace usher::sign_in::texts
