// What a letter is told, and how it reads: cleaned of all that a mail program might take for
// something else than words. What is typed in anger into a reason must not break a line.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "daemon/letters/letter.hpp"
#include "daemon/texts/language.hpp"

namespace usher::letters {

// A moment as the clock of the host showed it. Whoever writes a letter says what it is: nothing
// here asks for the time, or for the zone.
struct Moment {
  std::chrono::sys_seconds at{};
  std::chrono::minutes utc_offset{};
};

// A flag's text is not looked at.
struct Value {
  Variable variable;
  std::variant<std::string_view, Moment, std::uint64_t> is;
};

// "22 November 2026, 20:41 (UTC+01:00)", "22 novembre 2026 à 20:41 (UTC+01:00)".
// Errc::invalid_input: outside the years 1970 to 9999, or an offset of more than a day.
Result<std::string> written(texts::Language language, const Moment& moment);

// As it stands in the mail: UTF-8 on one line, at most as long as the variable's row says.
// Errc::invalid_input: another kind of value than the variable's, or a secret that is none.
Result<Secret> read_as(texts::Language language, const Value& value);

}  // namespace usher::letters
