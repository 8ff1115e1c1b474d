// The table from rules to their words is a switch: a rule without words does not compile.
#include "daemon/sign_in/password_advice.hpp"

#include "daemon/texts/texts.hpp"

namespace usher::sign_in {
namespace {

using policy::Rule;
using texts::Text;

Text text_of(Rule rule) {
  switch (rule) {
    case Rule::not_text:
      return Text::password_not_text;
    case Rule::too_short:
      return Text::password_too_short;
    case Rule::too_long:
      return Text::password_too_long;
    case Rule::too_large:
      return Text::password_too_large;
    case Rule::lower_missing:
      return Text::password_lower_missing;
    case Rule::upper_missing:
      return Text::password_upper_missing;
    case Rule::digit_missing:
      return Text::password_digit_missing;
    case Rule::special_missing:
      return Text::password_special_missing;
    case Rule::common:
      return Text::password_common;
    case Rule::personal:
      return Text::password_personal;
    case Rule::unchanged:
      return Text::password_unchanged;
    case Rule::similar:
      return Text::password_similar;
    case Rule::breached:
      return Text::password_breached;
    case Rule::reused:
      return Text::password_reused;
  }
  return Text::password_not_accepted;
}

}  // namespace

std::string describe(texts::Language language, const std::vector<policy::Failure>& failures) {
  std::string told(texts::of(language, Text::password_not_accepted));
  for (const policy::Failure& failure : failures) {
    told += "\n - ";
    told += texts::fill(language, text_of(failure.rule), fmt::arg("found", failure.found),
                        fmt::arg("wanted", failure.wanted));
  }
  return told;
}

}  // namespace usher::sign_in
