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

std::optional<std::string> at_home(std::string_view digits, std::string_view country) {
  const auto plan = plan_of(country);
  if (!plan || !digits.starts_with(plan->trunk)) return std::nullopt;
  digits.remove_prefix(plan->trunk.size());
  // What begins like a number abroad ("0033...") is none of ours. Italy writes its zeros.
  const bool keeps_zero = plan->trunk.empty();
  if (digits.starts_with(keeps_zero ? "00" : "0")) return std::nullopt;
  return "+" + std::string(plan->calling_code) + std::string(digits);
}

}  // namespace

std::optional<std::string> parse_number(std::string_view typed, std::string_view national_country) {
  auto number = plus_and_digits(typed);
  if (number && !number->starts_with('+')) number = at_home(*number, national_country);
  if (!number || !protocol::courier::is_phone_number(*number)) return std::nullopt;
  return number;
}

}  // namespace usher::sms
