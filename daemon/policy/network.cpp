// inet_pton (RFC 4291, RFC 5952) and masks.
#include "daemon/policy/network.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace usher::policy {
namespace {

constexpr unsigned kMappedBits = 96;
constexpr unsigned kHostBits = 64;

bool is_mapped(const Address& address) {
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  return std::equal(kMapped.begin(), kMapped.end(), address.begin());
}

Address masked(const Address& address, unsigned prefix) {
  Address result{};
  for (unsigned i = 0; i < address.size(); ++i) {
    const unsigned bits = std::min(8U, prefix > i * 8 ? prefix - i * 8 : 0U);
    result[i] = static_cast<std::uint8_t>(address[i] & (0xFF00U >> bits));
  }
  return result;
}

std::optional<unsigned> parse_number(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  Address address{};
  if (::inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
  address = {};
  address[10] = address[11] = 0xFF;
  if (::inet_pton(AF_INET, terminated.c_str(), &address[12]) == 1) return address;
  return std::nullopt;
}

std::string host_of(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_mapped(address)) {
    return ::inet_ntop(AF_INET, &address[12], text.data(), text.size());
  }
  const Address network = masked(address, kHostBits);
  return std::string(::inet_ntop(AF_INET6, network.data(), text.data(), text.size())) + "/64";
}

bool Network::contains(const Address& other) const {
  return masked(other, prefix) == address;
}

std::optional<Network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  const unsigned before = is_mapped(*address) ? kMappedBits : 0;
  Network network{*address, 128};
  if (slash != std::string_view::npos) {
    const auto prefix = parse_number(text.substr(slash + 1));
    if (!prefix || *prefix == 0 || *prefix > 128 - before) return std::nullopt;
    network.prefix = before + *prefix;
  }
  if (masked(*address, network.prefix) != *address) return std::nullopt;
  return network;
}

}  // namespace usher::policy
