// usher_bench as ./dev bench runs it: the shape of its lines, and how it ends. Figures are its
// readers' to judge.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace {

struct Ended {
  std::vector<std::string> lines;
  int status = -1;
};

Ended bench(const std::string& arguments, const std::string& environment = "") {
  const std::string command = environment + USHER_SHIPPED_DIR "/bench/usher_bench " + arguments;
  FILE* pipe = ::popen(command.c_str(), "r");
  Ended run;
  if (pipe == nullptr) return run;
  std::array<char, 4096> line{};
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) run.lines.emplace_back(line.data());
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) run.status = WEXITSTATUS(status);
  return run;
}

TEST(Bench, PrintsOneObjectALineWithEightFields) {
  const Ended run = bench("hash --json --brief 2>/dev/null");
  EXPECT_EQ(run.status, 0);
  std::set<std::string> names;
  for (const std::string& line : run.lines) {
    SCOPED_TRACE(line);
    const auto object = nlohmann::json::parse(line, nullptr, false);
    ASSERT_TRUE(object.is_object());
    EXPECT_EQ(object.size(), 8U);
    names.insert(object.value("name", ""));
    EXPECT_TRUE(object.value("unit", nlohmann::json()).is_string());
    EXPECT_TRUE(object.value("ours", nlohmann::json()).is_number());
    EXPECT_TRUE(object.value("peer", nlohmann::json()).is_string());
    EXPECT_TRUE(object.value("peer_value", nlohmann::json()).is_number());
    EXPECT_TRUE(object.value("ratio", nlohmann::json()).is_number());
    EXPECT_TRUE(object.value("target", nlohmann::json()).is_string());
    EXPECT_TRUE(object.value("met", nlohmann::json()).is_boolean());
  }
  EXPECT_EQ(names, (std::set<std::string>{"hash", "hash-concurrent"}));
}

TEST(Bench, NoPeerIsNull) {
  const Ended run = bench("memory --json --brief 2>/dev/null");
  EXPECT_EQ(run.status, 0);
  ASSERT_EQ(run.lines.size(), 1U);
  const auto object = nlohmann::json::parse(run.lines.front(), nullptr, false);
  ASSERT_TRUE(object.is_object());
  EXPECT_TRUE(object.at("peer").is_null());
  EXPECT_TRUE(object.at("peer_value").is_null());
  EXPECT_TRUE(object.at("ratio").is_null());
}

TEST(Bench, PrintsATableWithTheSameFields) {
  const Ended run = bench("hash --brief 2>/dev/null");
  EXPECT_EQ(run.status, 0);
  ASSERT_EQ(run.lines.size(), 3U);
  EXPECT_TRUE(run.lines.front().starts_with("name "));
  EXPECT_TRUE(run.lines.back().starts_with("hash-concurrent "));
}

// The whole walk: sign-ins through the module with both daemons, few enough to be quick.
TEST(Bench, MeasuresSignInsThroughTheShippedModule) {
  const Ended run = bench("login --json --brief 2>&1");
  EXPECT_EQ(run.status, 0) << (run.lines.empty() ? "" : run.lines.back());
}

TEST(Bench, SaysWhatItCouldNotMeasure) {
  // No place for a private directory.
  const Ended run = bench("memory --json --brief 2>&1 >/dev/null", "TMPDIR=/nowhere ");
  EXPECT_EQ(run.status, 1);
  ASSERT_FALSE(run.lines.empty());
  EXPECT_TRUE(run.lines.back().starts_with("memory: not measured: ")) << run.lines.back();
}

TEST(Bench, RefusesANameItDoesNotKnow) {
  const Ended run = bench("swimming 2>/dev/null");
  EXPECT_EQ(run.status, 2);
  EXPECT_TRUE(run.lines.empty());
}

}  // namespace
