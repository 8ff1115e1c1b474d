// Addresses and networks as they come from sshd and from usher.toml.
#include "daemon/policy/network.hpp"

#include <gtest/gtest.h>

namespace usher::policy {
namespace {

std::string host(std::string_view text) {
  const auto address = parse_address(text);
  return address ? host_of(*address) : "none";
}

TEST(Network, KnowsAHostByItsAddressOrItsSlash64) {
  EXPECT_EQ(host("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(host("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(host("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(host("2001:DB8:1:2::9"), "2001:db8:1:2::/64");
  EXPECT_EQ(host("::1"), "::/64");
}

TEST(Network, TakesNothingButANumericAddress) {
  for (const char* text :
       {"", "localhost", "host.example.org", "192.0.2", "192.0.2.256", "192.0.2.7 ", "192.0.2.7:22",
        "fe80::1%eth0", "0x7f.1", "1234", "UNKNOWN"}) {
    EXPECT_EQ(host(text), "none") << text;
  }
  EXPECT_EQ(host(std::string_view("192.0.2.7\0x", 11)), "none");
}

TEST(Network, ContainsWhatItsPrefixSays) {
  struct Row {
    const char* network;
    const char* address;
    bool inside;
  };
  for (const Row& row : {Row{"192.0.2.0/24", "192.0.2.255", true},
                         {"192.0.2.0/24", "192.0.3.0", false},
                         {"192.0.2.0/24", "::ffff:192.0.2.9", true},
                         {"192.0.2.128/25", "192.0.2.127", false},
                         {"192.0.2.7", "192.0.2.7", true},
                         {"192.0.2.7", "192.0.2.8", false},
                         {"2001:db8::/32", "2001:db8:ffff::1", true},
                         {"2001:db8::/32", "2001:db9::1", false},
                         {"2001:db8::/33", "2001:db8:8000::1", false},
                         {"128.0.0.0/1", "2001:db8::1", false},
                         {"::1", "::1", true}}) {
    const auto network = parse_network(row.network);
    ASSERT_TRUE(network) << row.network;
    EXPECT_EQ(network->contains(*parse_address(row.address)), row.inside)
        << row.network << ' ' << row.address;
  }
}

TEST(Network, RefusesWhatIsNoneAndEverybody) {
  for (const char* text : {"", "/24", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/x", "192.0.2.1/24",
                           "0.0.0.0/0", "::/0", "::ffff:0.0.0.0/0", "2001:db8::1/64",
                           "2001:db8::/129", "example.org/24", "192.0.2.0/-1", "192.0.2.0/24/8"}) {
    EXPECT_FALSE(parse_network(text)) << text;
  }
}

}  // namespace
}  // namespace usher::policy
