// The threads connections get: one each, at once, and some of them again.
#include "daemon/workers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <set>
#include <thread>

namespace usher::daemon {
namespace {

TEST(Workers, NeverLetWorkWaitForOtherWork) {
  constexpr int kMany = 40;
  std::barrier all_of_them(kMany);  // passed only if all of them run at the same time
  std::atomic<int> done = 0;
  {
    Workers workers;
    for (int i = 0; i < kMany; ++i) {
      ASSERT_TRUE(workers.run([&] {
        all_of_them.arrive_and_wait();
        ++done;
      }));
    }
  }
  EXPECT_EQ(done.load(), kMany);
}

TEST(Workers, UseAThreadAgain) {
  constexpr int kTimes = 200;
  std::mutex mutex;
  std::set<std::thread::id> seen;
  Workers workers;
  for (int i = 0; i < kTimes; ++i) {
    std::atomic<bool> done = false;
    ASSERT_TRUE(workers.run([&] {
      {
        const std::lock_guard lock(mutex);
        seen.insert(std::this_thread::get_id());
      }
      done = true;
      done.notify_one();
    }));
    done.wait(false);
  }
  workers.wait_for_all();
  EXPECT_LT(seen.size(), std::size_t{kTimes / 4});
}

TEST(Workers, AreWaitedForToTheEndOfTheirWork) {
  std::atomic<bool> told = false;
  std::atomic<bool> done = false;
  {
    Workers workers;
    ASSERT_TRUE(workers.run([&] {
      told.wait(false);
      done = true;
    }));
    told = true;
    told.notify_one();
  }
  EXPECT_TRUE(done.load());
}

}  // namespace
}  // namespace usher::daemon
