// The throttle's arithmetic, as tables: how long, how many, until when, and what a clock that is
// set changes, which is nothing.
#include "daemon/policy/throttle.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace usher::policy {
namespace {

using namespace std::chrono_literals;

constexpr Limits kLimits{.standing = 90, .all = 100};
constexpr Span kNow = 1000h;

// A digest of its own for each number.
std::string strike(int number) {
  std::string text = std::to_string(number);
  text.resize(kStrikeBytes, '.');
  return text;
}

Tries after(int failures, Tries tries = {}, Span now = kNow, int first = 0) {
  for (int i = 0; i < failures; ++i) tries = with_failure(tries, strike(first + i), now);
  return tries;
}

TEST(Throttle, WaitsLongerTheMoreFailuresADayHas) {
  struct Row {
    int failures;
    Span delay;
  };
  for (const Row& row : {Row{1, 1s}, Row{2, 1s}, Row{3, 3s}, Row{8, 3s}, Row{9, 5s}, Row{24, 5s},
                         Row{25, 10s}, Row{100, 10s}, Row{10'000, 10s}}) {
    EXPECT_EQ(delay_after(after(row.failures), kNow), row.delay) << row.failures;
  }
}

TEST(Throttle, RefusesAtTheLimitsAndOnlyWhereThereAreAny) {
  struct Row {
    const char* what;
    Tries tries;
    Verdict verdict;
  };
  const std::vector<Row> rows{
      {"nothing", {}, Verdict::go_on},
      {"one less", after(89), Verdict::go_on},
      {"the limit of what stands", after(90), Verdict::refuse},
      {"forgiven", forgiven(after(90)), Verdict::go_on},
      {"forgiven, one less than all", after(9, forgiven(after(90)), kNow, 90), Verdict::go_on},
      {"forgiven, all", after(10, forgiven(after(90)), kNow, 90), Verdict::refuse},
      {"forgiven again", forgiven(after(10, forgiven(after(90)), kNow, 90)), Verdict::refuse},
      {"many more than a byte counts", after(1000), Verdict::refuse},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(judge(row.tries, kLimits, kNow), row.verdict) << row.what;
    EXPECT_EQ(judge(row.tries, std::nullopt, kNow), Verdict::go_on) << row.what;
  }
}

TEST(Throttle, LetsAtMostTheLimitThroughInAny24Hours) {
  // Somebody tries every minute for a week; each hour's answered tries are kept.
  Tries tries;
  std::vector<Span> answered;
  for (Span now = kNow; now < kNow + 7 * 24h; now += 1min) {
    if (judge(tries, kLimits, now) == Verdict::refuse) continue;
    tries = with_failure(tries, strike(static_cast<int>(answered.size())), now);
    answered.push_back(now);
  }
  for (std::size_t i = 0; i + kLimits.all < answered.size(); ++i) {
    EXPECT_GE(answered[i + kLimits.all] - answered[i], 24h) << i;
  }
  EXPECT_GT(answered.size(), 6 * kLimits.standing) << "and each day anew";
}

TEST(Throttle, OpensOnceTheWindowHasMovedOn) {
  const Tries tries = after(90);
  ASSERT_EQ(judge(tries, kLimits, kNow), Verdict::refuse);
  const Span opens = opens_at(tries, kLimits, kNow).value_or(0s);
  EXPECT_EQ(opens, kNow + 25h);
  EXPECT_EQ(judge(tries, kLimits, opens - 1ms), Verdict::refuse);
  EXPECT_EQ(judge(tries, kLimits, opens), Verdict::go_on);
  EXPECT_EQ(opens_at(tries, kLimits, opens), std::nullopt);
  EXPECT_EQ(opens_at(after(89), kLimits, kNow), std::nullopt);
}

TEST(Throttle, ForgivesTheSameWrongPassword) {
  Tries tries = after(3);
  for (int i = 0; i < 200; ++i) tries = with_failure(tries, strike(i % 3), kNow);
  EXPECT_EQ(sum_of(tries.all), 3U);
  EXPECT_EQ(delay_after(tries, kNow), 3s);
}

TEST(Throttle, RemembersTheLastFewWrongPasswordsForADayAtMost) {
  Tries tries = after(static_cast<int>(kMaxStrikes) + 1);
  EXPECT_EQ(tries.strikes.size(), kMaxStrikes * kStrikeBytes);
  tries = with_failure(tries, strike(0), kNow);  // the oldest is forgotten
  EXPECT_EQ(sum_of(tries.all), kMaxStrikes + 2);
  EXPECT_FALSE(aged(tries, kNow + 24h).strikes.empty());
  EXPECT_TRUE(aged(tries, kNow + 25h).strikes.empty());
}

TEST(Throttle, KeepsEachFailureForAtLeastADayAndNoLongerThanAnHourMore) {
  for (Span past_the_hour = 0min; past_the_hour < 1h; past_the_hour += 7min) {
    const Tries tries = after(1, {}, kNow + past_the_hour);
    EXPECT_EQ(sum_of(aged(tries, kNow + past_the_hour + 24h).all), 1U);
    EXPECT_EQ(sum_of(aged(tries, kNow + past_the_hour + 25h).all), 0U);
  }
}

// A store brought back from a backup may know a later hour than its clock.
TEST(Throttle, ForgetsNothingWhenTimeIsEarlierThanTheCounters) {
  const Tries tries = after(90);
  EXPECT_EQ(judge(tries, kLimits, kNow - 100h), Verdict::refuse);
  EXPECT_EQ(sum_of(with_failure(tries, strike(90), kNow - 100h).all), 91U);
}

// --- The time the counters go by

struct Jump {
  const char* what;
  ClockReading later;
  Span passed;
};

TEST(ThrottleTime, GoesByTheTimeSinceBootAndAcrossABootByTheWallClock) {
  const Timepiece start{500h, {"one", 10h, 9000h}};
  const std::vector<Jump> rows{
      {"an hour", {"one", 11h, 9001h}, 1h},
      {"the wall clock is set ten years ahead", {"one", 10h + 1min, 96'000h}, 1min},
      {"the wall clock is set back to 1970", {"one", 10h + 1min, 0h}, 1min},
      {"a machine brought back to an earlier moment", {"one", 2h, 8000h}, 0h},
      {"rebooted, off for a day", {"two", 1min, 9024h}, 24h},
      {"rebooted with the clock of 1970", {"two", 5min, 0h}, 5min},
      {"rebooted with a clock far ahead", {"two", 5min, 96'000h}, 87'000h},
      {"the boot has no name", {"", 11h, 9002h}, 2h},
      {"nor one, and the clock is set back", {"", 11h, 8000h}, 0h},
  };
  for (const Jump& row : rows) {
    const Timepiece later = advanced(start, row.later);
    EXPECT_EQ(later.at - start.at, row.passed) << row.what;
    EXPECT_EQ(later.last.boot, row.later.boot) << row.what;
  }
}

// Set back for good, the clock does not stand still: the window moves on at its usual pace.
TEST(ThrottleTime, GoesOnAfterTheClockWasSetBackOrAhead) {
  for (const Span wall : {0h, 96'000h}) {
    Timepiece piece{500h, {"one", 10h, 9000h}};
    const Tries tries = after(90, {}, piece.at);
    piece = advanced(piece, {"one", 10h + 1min, wall});
    EXPECT_EQ(judge(tries, kLimits, piece.at), Verdict::refuse) << wall.count();
    piece = advanced(piece, {"one", 35h + 1min, wall + 25h});
    EXPECT_EQ(judge(tries, kLimits, piece.at), Verdict::go_on) << wall.count();
  }
}

}  // namespace
}  // namespace usher::policy
