// Digits first, then what stands before them.
#include "daemon/sms/number.hpp"

#include "daemon/sms/countries.hpp"
#include "protocol/courier_sms.hpp"

namespace usher::sms {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A plus at the start, and digits. None: something else is among them, or it is too long.
std::optional<std::string> plus_and_digits(std::string_view typed) {
  constexpr std::string_view kBetween = " .-/()";
  constexpr std::size_t kMost = 20;
  std::string kept;
  for (const char c : typed) {
    if (kBetween.find(c) != std::string_view::npos) continue;
    const bool is_first_plus = c == '+' && kept.empty();
    if (!(is_digit(c) || is_first_plus) || kept.size() == kMost) return std::nullopt;
    kept += c;
  }
  return kept;
}

// "+33 (0)6 12 34 56 78": what is dialled at home stands in brackets.
std::string without_bracketed_zero(std::string_view typed) {
  constexpr std::string_view kZero = "(0)";
  std::string text(typed);
  if (const auto at = text.find(kZero); at != std::string::npos) text.erase(at, kZero.size());
  return text;
}

// Behind the calling code stands what nobody dials there from abroad.
bool has_trunk_zero(std::string_view number) {
  const auto plan = plan_of(country_of(number));
  return plan && plan->trunk == "0" &&
         number.substr(1 + plan->calling_code.size()).starts_with('0');
}

std::optional<std::string> at_home(std::string_view digits, std::string_view country) {
  const auto plan = plan_of(country);
  if (!plan || !digits.starts_with(plan->trunk)) return std::nullopt;
  digits.remove_prefix(plan->trunk.size());
  // "1 212 555 0123": North America writes its calling code as others write a trunk prefix, and no
  // number there begins with 0 or 1.
  const bool is_north_american = plan->calling_code == "1";
  if (is_north_american && digits.starts_with('1')) digits.remove_prefix(1);
  if (is_north_american && (digits.starts_with('0') || digits.starts_with('1'))) {
    return std::nullopt;
  }
  // What begins like a number abroad ("0033...") is none of ours. Italy writes its zeros.
  const bool keeps_zero = plan->trunk.empty();
  if (digits.starts_with(keeps_zero ? "00" : "0")) return std::nullopt;
  return "+" + std::string(plan->calling_code) + std::string(digits);
}

}  // namespace

std::optional<std::string> parse_number(std::string_view typed, std::string_view national_country) {
  const bool is_from_abroad = typed.find('+') != std::string_view::npos;
  auto number = plus_and_digits(is_from_abroad ? without_bracketed_zero(typed) : typed);
  if (number && !number->starts_with('+')) number = at_home(*number, national_country);
  if (!number || !protocol::courier::is_phone_number(*number)) return std::nullopt;
  if (has_trunk_zero(*number)) return std::nullopt;
  return number;
}

}  // namespace usher::sms
