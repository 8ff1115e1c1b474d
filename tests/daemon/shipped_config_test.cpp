// config/usher.toml is the table of keys in another form: every key, commented, at its default,
// with its range above it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "daemon/config.hpp"

namespace usher::daemon {
namespace {

constexpr const char* kShipped = USHER_SOURCE_DIR "/config/usher.toml";

struct Shipped {
  std::vector<KeyDescription> order;  // views into the members below
  std::vector<std::string> names, fallbacks, ranges;
  std::string enabled;  // the file with every key's "# " taken away
};

bool is_setting(std::string_view line) {
  if (!line.starts_with("# ")) return false;
  line.remove_prefix(2);
  const std::size_t equals = line.find(" = ");
  return equals != std::string_view::npos &&
         line.substr(0, equals).find_first_not_of("abcdefghijklmnopqrstuvwxyz_-") ==
             std::string_view::npos;
}

Shipped read_shipped() {
  std::ifstream file(kShipped);
  EXPECT_TRUE(file.is_open()) << kShipped;
  Shipped shipped;
  std::string section, range;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('[')) section = line.substr(1, line.find(']') - 1);
    if (line.starts_with("# Range: ")) range = line.substr(9);
    if (is_setting(line)) {
      const std::string setting = line.substr(2);
      const std::size_t equals = setting.find(" = ");
      shipped.names.push_back(fmt::format("{}.{}", section, setting.substr(0, equals)));
      shipped.fallbacks.push_back(setting.substr(equals + 3));
      shipped.ranges.push_back(range);
      range.clear();
      line = setting;
    }
    shipped.enabled += line + "\n";
  }
  return shipped;
}

TEST(ShippedConfig, NamesEveryKeyWithItsDefaultAndRangeInTheTablesOrder) {
  const Shipped shipped = read_shipped();
  std::size_t at = 0;
  for (const KeyDescription& row : config_keys()) {
    ASSERT_LT(at, shipped.names.size()) << row.name << " is missing";
    EXPECT_EQ(shipped.names[at], row.name);
    EXPECT_EQ(shipped.fallbacks[at], row.fallback) << row.name;
    EXPECT_EQ(shipped.ranges[at], row.range) << row.name;
    ++at;
  }
  for (; at < shipped.names.size(); ++at) {
    EXPECT_TRUE(shipped.names[at].starts_with("front_ends.")) << shipped.names[at];
  }
}

TEST(ShippedConfig, SetsNothingAsItStands) {
  const auto config = load_config(kShipped, true);
  ASSERT_TRUE(config) << config.error().text();
  EXPECT_TRUE(config->front_ends.empty());
}

TEST(ShippedConfig, IsTakenWithEveryDefaultSwitchedOn) {
  const auto config = parse_config(read_shipped().enabled, "config/usher.toml");
  ASSERT_TRUE(config) << config.error().text();
  for (const auto& [service, name] : config->front_ends) {
    Facts facts;
    facts.trusted = true;
    facts.service = service;
    EXPECT_EQ(front_end_of(facts, {}).name, name) << service << " is not at its default";
  }
}

TEST(ShippedConfig, GivesAReasonAboveEveryKey) {
  std::ifstream file(kShipped);
  std::string two_above, above;
  for (std::string line; std::getline(file, line);) {
    if (is_setting(line)) {
      EXPECT_TRUE(above.starts_with("# Range: ")) << line;
      EXPECT_TRUE(two_above.starts_with("# ") && two_above.ends_with('.')) << line;
    }
    two_above = above;
    above = line;
  }
}

}  // namespace
}  // namespace usher::daemon
