// What people and administrators type as an address or a number, in the one form it is kept in.
// The only parser of contacts: what it lets through means nothing to a mail server but an address.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/store/contacts.hpp"

namespace usher::contacts {

// mail: protocol::courier::is_address, its domain in lower case, at most 254 bytes.
// mobile: sms::parse_number, with `national_country` where a number without its plus is taken.
// None: it is no such thing.
std::optional<std::string> parse_value(store::ContactKind kind, std::string_view typed,
                                       std::string_view national_country = "");
// Of either kind.
std::optional<store::ContactKind> kind_of(std::string_view typed,
                                          std::string_view national_country = "");

// Enough of it to know one's own: "a...@acme.example", "+33 ... 78". Whoever signs in may be
// looked over the shoulder, or be somebody else.
std::string masked(store::ContactKind kind, std::string_view value);

}  // namespace usher::contacts
