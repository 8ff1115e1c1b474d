// A phone number as people type it, in the one form it is kept and sent in. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace usher::sms {

// E.164, "+33612345678". Blanks, dots, hyphens, slashes and brackets between the digits are left
// out. A number without its plus is one of `national_country`, with what people write there before
// it; empty: there are no such. None: it is no number.
std::optional<std::string> parse_number(std::string_view typed, std::string_view national_country);

}  // namespace usher::sms
