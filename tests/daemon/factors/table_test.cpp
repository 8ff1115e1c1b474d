// Every kind of factor that is written has its row: a kind without one would never be asked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "daemon/factors/factor.hpp"

namespace usher::factors {
namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at) {
    found.push_back((*at)[1]);
  }
  return found;
}

std::vector<std::string> kinds_in_the_sources() {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(USHER_SOURCE_DIR "/daemon/factors")) {
    if (entry.path().extension() != ".cpp") continue;
    const auto found = matches(content_of(entry.path()), "\\bconst FactorKind (\\w+)\\s*\\{");
    names.insert(names.end(), found.begin(), found.end());
  }
  return names;
}

TEST(FactorTable, HasARowForEveryKindInTheSources) {
  const auto rows = matches(content_of(USHER_SOURCE_DIR "/daemon/factors/table.cpp"), "&(\\w+),");
  const auto written = kinds_in_the_sources();
  ASSERT_FALSE(written.empty());
  EXPECT_THAT(rows, ::testing::UnorderedElementsAreArray(written));
  EXPECT_EQ(kinds().size(), written.size());
}

TEST(FactorTable, HasWholeRowsWithNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const FactorKind* kind : kinds()) {
    EXPECT_TRUE(names.insert(kind->name).second) << kind->name;
    EXPECT_NE(kind->prove, nullptr);
    EXPECT_NE(kind->check, nullptr);
    EXPECT_NE(kind->enrol, nullptr);
    EXPECT_NE(kind->code_at_end, nullptr);
    EXPECT_EQ(kind->is_code != nullptr, kind->standing == Standing::stand_in);
    EXPECT_EQ(find_kind(kind->name), kind);
  }
  EXPECT_EQ(find_kind("carrier-pigeon"), nullptr);
}

}  // namespace
}  // namespace usher::factors
