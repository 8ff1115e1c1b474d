// English is understood in every language: it is what the manual says.
#include "daemon/sign_in/yes.hpp"

#include <algorithm>

namespace usher::sign_in {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_word(std::string_view typed, std::string_view word) {
  while (typed.starts_with(' ')) typed.remove_prefix(1);
  while (typed.ends_with(' ')) typed.remove_suffix(1);
  return std::equal(typed.begin(), typed.end(), word.begin(), word.end(),
                    [](char left, char right) { return lower(left) == right; });
}

}  // namespace

bool is_yes(const daemon::Context& c, std::string_view typed) {
  return is_word(typed, texts::of(texts::Language::english, texts::Text::yes)) ||
         is_word(typed, c.text(texts::Text::yes));
}

Result<bool> says_yes(const daemon::Context& c, ports::Person& person, std::string_view question) {
  const Secret typed = TRY(person.ask({question, ports::Echo::shown}));
  return is_yes(c, typed.view());
}

}  // namespace usher::sign_in
