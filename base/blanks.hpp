// What glibc's readers of passwd and group files skip before a name, a member and a number
// (nss/nss_files: isspace() in the C locale): who reads these files must not be stricter.
#pragma once

#include <string_view>

namespace usher {

constexpr bool is_blank(char byte) {
  return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

constexpr std::string_view without_leading_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text;
}

}  // namespace usher
