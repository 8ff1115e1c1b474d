// How many refusals of one caller are kept, and of how many callers.
#include "daemon/admin/refusal_budget.hpp"

#include <gtest/gtest.h>

namespace usher::admin {
namespace {

using namespace std::chrono_literals;

ports::Uptime after(std::chrono::milliseconds since) {
  return {"boot", since};
}

TEST(RefusalBudget, KeepsSoManyADayAndCaller) {
  RefusalBudget budget;
  for (int i = 0; i < RefusalBudget::kMostADay; ++i) EXPECT_TRUE(budget.spend(Uid{1}, after(1h)));
  EXPECT_FALSE(budget.spend(Uid{1}, after(1h)));
  EXPECT_TRUE(budget.spend(Uid{2}, after(1h)));
  EXPECT_FALSE(budget.spend(Uid{1}, after(25h - 1ms)));
  EXPECT_TRUE(budget.spend(Uid{1}, after(25h)));
}

TEST(RefusalBudget, HoldsSoManyCallersAndForgetsThemAfterADay) {
  RefusalBudget budget;
  for (std::uint32_t uid = 0; uid < RefusalBudget::kCallers; ++uid) {
    EXPECT_TRUE(budget.spend(Uid{uid}, after(1h)));
  }
  EXPECT_FALSE(budget.spend(Uid{5000}, after(2h)));
  EXPECT_TRUE(budget.spend(Uid{7}, after(2h)));
  EXPECT_TRUE(budget.spend(Uid{5000}, after(25h)));
}

}  // namespace
}  // namespace usher::admin
