// Which country a phone number is of, by how it begins, and how its people write their own numbers.
// Pure.
#pragma once

#include <optional>
#include <string_view>

namespace usher::sms {

// ISO 3166-1, two capital letters: "FR". Empty: of none we know, a satellite's among them. "US" and
// "CA" share their numbers, and are both "US" here; what else begins with +1 is not theirs.
std::string_view country_of(std::string_view number);

// We know how its numbers begin.
bool is_country(std::string_view code);
// The two are the same where their numbers are.
bool is_same_country(std::string_view one, std::string_view other);

struct NationalPlan {
  std::string_view calling_code;  // "33"
  std::string_view trunk;         // what people write before a number at home: "0"; may be empty
};
// None: we do not know how people write numbers there.
std::optional<NationalPlan> plan_of(std::string_view country);

}  // namespace usher::sms
