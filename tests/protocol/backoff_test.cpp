// Waiting longer each time.
#include "protocol/backoff.hpp"

#include <gtest/gtest.h>

namespace usher::protocol {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, GrowsToHalfAMinuteAndIsNeverTheSameForAll) {
  Backoff backoff({500ms, 30s});
  EXPECT_EQ(backoff.next(0), 500ms);
  EXPECT_EQ(backoff.next(0), 1'000ms);
  EXPECT_EQ(backoff.next(500), 1'500ms);
  for (int i = 0; i < 10; ++i) (void)backoff.next(7);
  EXPECT_EQ(backoff.next(0), 30'000ms);
  EXPECT_EQ(backoff.next(15'000), 15'000ms);
  for (std::uint32_t random = 0; random < 100'000; random += 977) {
    const auto wait = backoff.next(random);
    EXPECT_TRUE(wait >= 15'000ms && wait <= 30'000ms) << random;
  }
  backoff.reset();
  EXPECT_EQ(backoff.next(0), 500ms);
}

TEST(Backoff, HasNoMoreThanTheLongestAfterAnyNumberOfFailures) {
  EXPECT_EQ(wait_after(1, {1min, 60min}, 0), 1min);
  EXPECT_EQ(wait_after(7, {1min, 60min}, 0), 60min);
  EXPECT_EQ(wait_after(INT64_MAX, {1min, 60min}, 0), 60min);
}

}  // namespace
}  // namespace usher::protocol
