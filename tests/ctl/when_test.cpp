// Times as they are typed.
#include "ctl/when.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <ctime>

namespace usher::ctl {
namespace {

constexpr std::int64_t kNow = 1'700'000'000'000;  // 2023-11-14T22:13:20Z

class When : public ::testing::Test {
 protected:
  void SetUp() override {
    ::setenv("TZ", "UTC-01", 1);  // an hour east of Greenwich
    ::tzset();
  }
};

TEST_F(When, ReadsSpansDaysAndMoments) {
  const std::pair<const char*, std::int64_t> expected[] = {
      {"2h", kNow - 7'200'000},
      {"90m", kNow - 5'400'000},
      {"3d", kNow - 259'200'000},
      {"10000d", kNow - 864'000'000'000},
      {"2023-11-14", 1'699'916'400'000},  // begins an hour earlier than in Greenwich
      {"2024-02-29", 1'709'161'200'000},
      {"2023-11-14T22:13:20Z", kNow},
      {"2023-11-14t22:13:20z", kNow},
      {"2023-11-14T23:13:20+01:00", kNow},
      {"2023-11-14T17:43:20-04:30", kNow},
      {"2023-11-14T22:13:20.987654321Z", kNow},
      {"1960-01-01", 0},
      {"1970-01-01T00:00:00+01:00", 0},
  };
  for (const auto& [typed, milliseconds] : expected) {
    const auto read = since(typed, kNow);
    ASSERT_TRUE(read) << typed;
    EXPECT_EQ(*read, milliseconds) << typed;
  }
}

TEST_F(When, RefusesWhatIsNone) {
  for (const std::string& typed : {
           std::string(),
           std::string("yesterday"),
           std::string("2"),
           std::string("h"),
           std::string("0h"),
           std::string("-2h"),
           std::string("+2h"),
           std::string("2h "),
           std::string("10001d"),
           std::string("99999999999999999999h"),
           std::string("2w"),
           std::string("2023-02-29"),
           std::string("2023-13-01"),
           std::string("2023-00-10"),
           std::string("2023-11-00"),
           std::string("2023-1-1"),
           std::string("23-11-14"),
           std::string("02023-11-14"),
           std::string("2023-11-14x"),
           std::string("2023-11-14T"),
           std::string("2023-11-14T22:13"),
           std::string("2023-11-14T22:13:20"),
           std::string("2023-11-14 22:13:20Z"),
           std::string("2023-11-14T24:00:00Z"),
           std::string("2023-11-14T22:60:00Z"),
           std::string("2023-11-14T22:13:20.Z"),
           std::string("2023-11-14T22:13:20.1234567890Z"),
           std::string("2023-11-14T22:13:20+1:00"),
           std::string("2023-11-14T22:13:20+24:00"),
           std::string("2023-11-14T22:13:20+01:60"),
           std::string("2023-11-14T22:13:20ZZ"),
           std::string("2h\0", 3),
           std::string(100'000, '1'),
       }) {
    EXPECT_FALSE(since(typed, kNow)) << typed.substr(0, 40);
  }
}

}  // namespace
}  // namespace usher::ctl
