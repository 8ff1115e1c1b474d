// Numeric addresses, and which network they are in. Pure: never asks a name server, and a host name
// is no address.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace usher::policy {

// IPv6, or IPv4 as RFC 4291 section 2.5.5.2 maps it: ::ffff:192.0.2.7 and 192.0.2.7 are one.
using Address = std::array<std::uint8_t, 16>;
std::optional<Address> parse_address(std::string_view text);

// What one host is known by: an IPv4 address, or the /64 of an IPv6 one, whose other half changes
// by the day (RFC 8981).
std::string host_of(const Address& address);

struct Network {
  Address address{};
  unsigned prefix = 128;
  bool contains(const Address& other) const;
};
// "192.0.2.0/24", "2001:db8::/32", or one address. None: it is none, bits beyond the prefix are
// set, or it is everybody (/0).
std::optional<Network> parse_network(std::string_view text);

}  // namespace usher::policy
