// Nothing is repaired but blanks around it and the case of a domain.
#include "daemon/contacts/value.hpp"

#include <algorithm>

#include "daemon/sms/number.hpp"
#include "protocol/courier_work.hpp"

namespace usher::contacts {
namespace {

using store::ContactKind;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Not line feeds: what holds one is no slip of the hand.
std::string_view without_blanks_around(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

std::optional<std::string> parse_address(std::string_view typed) {
  if (!protocol::courier::is_address(typed)) return std::nullopt;
  std::string address(typed);
  const auto at = static_cast<std::ptrdiff_t>(address.find('@'));
  std::transform(address.begin() + at, address.end(), address.begin() + at, lower);
  return address;
}

}  // namespace

std::optional<std::string> parse_value(ContactKind kind, std::string_view typed,
                                       std::string_view national_country) {
  const std::string_view text = without_blanks_around(typed);
  switch (kind) {
    case ContactKind::mail:
      return parse_address(text);
    case ContactKind::mobile:
      return sms::parse_number(text, national_country);
  }
  return std::nullopt;
}

std::optional<ContactKind> kind_of(std::string_view typed, std::string_view national_country) {
  for (const ContactKind kind : {ContactKind::mail, ContactKind::mobile}) {
    if (parse_value(kind, typed, national_country)) return kind;
  }
  return std::nullopt;
}

std::string masked(ContactKind kind, std::string_view value) {
  constexpr std::size_t kShownStart = 3;
  constexpr std::size_t kShownEnd = 2;
  switch (kind) {
    case ContactKind::mail:
      return std::string(value.substr(0, 1)) + "..." +
             std::string(value.substr(std::min(value.find('@'), value.size())));
    case ContactKind::mobile:
      return std::string(value.substr(0, kShownStart)) + " ... " +
             std::string(value.substr(value.size() - std::min(value.size(), kShownEnd)));
  }
  return {};
}

}  // namespace usher::contacts
