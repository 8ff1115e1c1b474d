// When names are published: soon after a change, never too often, again after a failure, and not at
// all once usherd stops.
#include "daemon/directory/publication.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <future>
#include <latch>
#include <vector>

namespace usher::directory {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// A work that remembers when it ran and fails when told to.
class Log {
 public:
  Work work() { return {publishing(), settle_, report()}; }
  std::function<Result<void>(const std::atomic<bool>&)> publishing() {
    return [this](const std::atomic<bool>&) -> Result<void> {
      const std::lock_guard lock(mutex_);
      times_.push_back(Clock::now());
      ran_.notify_all();
      if (failures_ == 0) return {};
      --failures_;
      return Error(Errc::exhausted, "the disk is full");
    };
  }
  std::function<void(const std::optional<Error>&)> report() {
    return [this](const std::optional<Error>& failure) {
      const std::lock_guard lock(mutex_);
      reports_.emplace_back(failure ? failure->text() : "works again");
      ran_.notify_all();
    };
  }
  void settle_with(std::function<Result<void>()> settle) { settle_ = std::move(settle); }
  void fail(int times) { failures_ = times; }
  std::vector<Clock::time_point> wait_for(std::size_t runs) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(ran_.wait_for(lock, 20s, [&] { return times_.size() >= runs; }));
    return times_;
  }
  std::vector<std::string> wait_for_reports(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(ran_.wait_for(lock, 20s, [&] { return reports_.size() >= count; }));
    return reports_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable ran_;
  std::vector<Clock::time_point> times_;
  std::vector<std::string> reports_;
  int failures_ = 0;
  std::function<Result<void>()> settle_ = [] { return Result<void>(); };
};

Result<void> nothing() {
  return {};
}

std::unique_ptr<Publication> start(Log& log, Pace pace) {
  return Publication::start(log.work(), pace).release_value();
}

TEST(Publication, PublishesAtTheStartWithoutBeingAsked) {
  Log work;
  const auto publication = start(work, {});
  EXPECT_EQ(work.wait_for(1).size(), 1U);
}

TEST(Publication, AnswersOnceTheChangeIsPublished) {
  Log work;
  const auto publication = start(work, {.longest = 10ms});
  (void)work.wait_for(1);
  EXPECT_TRUE(publication->publish(Wait::until_published));
  EXPECT_GE(work.wait_for(2).size(), 2U);
}

TEST(Publication, KeepsItsPaceUnderAStormOfChanges) {
  Log work;
  constexpr auto kInterval = 200ms;
  {
    const auto publication = start(work, {.shortest = kInterval});
    std::vector<std::thread> callers;
    for (int i = 0; i < 32; ++i) {
      callers.emplace_back([&] {
        for (int change = 0; change < 3; ++change)
          EXPECT_TRUE(publication->publish(Wait::until_published));
      });
    }
    for (std::thread& caller : callers) caller.join();
  }
  const auto times = work.wait_for(1);
  EXPECT_LT(times.size(), 32U) << "changes that arrive together share a publication";
  for (std::size_t i = 1; i < times.size(); ++i) {
    EXPECT_GE(times[i] - times[i - 1], kInterval - 5ms);  // Deadlines count whole milliseconds
  }
}

TEST(Publication, TheFirstChangeAfterAPauseDoesNotWait) {
  Log work;
  const auto publication = start(work, {.longest = 10ms});
  (void)work.wait_for(1);
  EXPECT_TRUE(publication->publish(Wait::until_published));
  const auto before = Clock::now();
  EXPECT_TRUE(publication->publish(Wait::until_published));
  EXPECT_LT(Clock::now() - before, 250ms);
}

// A script that adds a thousand people must not wait a thousand turns.
TEST(Publication, NobodyWaitsForATurnThatIsNotSoon) {
  Log work;
  const auto publication = start(work, {.shortest = 60s, .longest = 60s});
  (void)work.wait_for(1);
  const auto before = Clock::now();
  // The first one may still meet the publication of the start, and share its end.
  (void)publication->publish(Wait::if_soon);
  for (int change = 0; change < 1000; ++change) {
    EXPECT_FALSE(publication->publish(Wait::if_soon));
  }
  EXPECT_LT(Clock::now() - before, 30s) << "far from one turn of a minute";
}

TEST(Publication, WhatNobodyWaitedForIsPublishedAllTheSame) {
  Log work;
  const auto publication = start(work, {.shortest = 300ms, .soon = 0ms});
  (void)work.wait_for(1);  // what comes now is not the start's, whose pause is not known yet
  EXPECT_TRUE(publication->publish(Wait::until_published));
  const std::size_t before = work.wait_for(2).size();
  EXPECT_FALSE(publication->publish(Wait::if_soon));
  EXPECT_EQ(work.wait_for(before + 1).size(), before + 1);
}

TEST(Publication, AScriptWaitsForEachChangeWhilePublishingIsQuick) {
  Log work;
  const auto publication = start(work, {.multiple = 0});
  (void)work.wait_for(1);
  const auto before = Clock::now();
  for (int change = 0; change < 50; ++change) {
    EXPECT_TRUE(publication->publish(Wait::if_soon)) << change;
  }
  EXPECT_LT(Clock::now() - before, 25s) << "far from one a second";
}

TEST(Publication, NobodyWaitsForTheDisk) {
  Log work;
  std::latch go_on(1);
  int settled = 0;
  work.settle_with([&]() -> Result<void> {
    if (++settled > 1) go_on.wait();  // all but the start's
    return {};
  });
  const auto publication = start(work, {.multiple = 0});
  (void)work.wait_for(1);
  EXPECT_TRUE(publication->publish(Wait::until_published)) << "while its disk hangs";
  go_on.count_down();
}

TEST(Publication, ADiskThatFailsAfterwardsIsAFailureToo) {
  Log work;
  work.settle_with([]() -> Result<void> { return Error(Errc::unavailable, "no disk"); });
  const auto publication = start(work, {.multiple = 0, .first_retry = 1ms, .last_retry = 1ms});
  EXPECT_EQ(work.wait_for_reports(1), std::vector<std::string>{"no disk"});
  EXPECT_GE(work.wait_for(3).size(), 3U) << "it is tried again";
}

TEST(Publication, AFailureIsSaidOnceAndTriedAgainUntilItWorks) {
  Log work;
  work.fail(4);
  const auto publication = start(work, {.longest = 10ms, .first_retry = 1ms, .last_retry = 4ms});
  EXPECT_EQ(work.wait_for(5).size(), 5U);
  EXPECT_EQ(work.wait_for_reports(2),
            (std::vector<std::string>{"the disk is full", "works again"}));
}

TEST(Publication, ACallerLearnsThatItsChangeIsNotPublished) {
  Log work;
  work.fail(1000);
  const auto publication = start(work, {.longest = 10ms, .first_retry = 1ms, .last_retry = 1ms});
  EXPECT_FALSE(publication->publish(Wait::until_published));
}

TEST(Publication, ANewChangeDoesNotWaitForALongRetry) {
  Log work;
  work.fail(1);
  const auto publication = start(work, {.longest = 10ms, .first_retry = std::chrono::minutes(10)});
  (void)work.wait_for_reports(1);
  EXPECT_TRUE(publication->publish(Wait::until_published)) << "the cause was cured meanwhile";
  EXPECT_EQ(work.wait_for_reports(2).back(), "works again");
}

TEST(Publication, ACallersPatienceEnds) {
  std::latch go_on(1);
  const auto publication = Publication::start({[&](const std::atomic<bool>&) -> Result<void> {
                                                 go_on.wait();
                                                 return {};
                                               },
                                               nothing, [](const std::optional<Error>&) {}},
                                              {.patience = 20ms})
                               .release_value();
  EXPECT_FALSE(publication->publish(Wait::until_published));
  go_on.count_down();
}

TEST(Publication, EndsAtOnceWhileItWaitsForItsPace) {
  Log work;
  work.fail(1);
  const auto before = Clock::now();
  {
    const auto publication = start(work, {.first_retry = 60s});
    (void)work.wait_for_reports(1);
  }
  EXPECT_LT(Clock::now() - before, 30s);
}

TEST(Publication, TellsALongReadingToStop) {
  std::latch begun(1);
  bool stopped = false;
  {
    const auto publication =
        Publication::start(
            {[&](const std::atomic<bool>& stopping) -> Result<void> {
               begun.count_down();
               while (!stopping) std::this_thread::yield();
               stopped = true;
               return Error(Errc::hung_up, "stopping");
             },
             nothing, [](const std::optional<Error>& failure) { FAIL() << failure->text(); }},
            {})
            .release_value();
    begun.wait();
  }
  EXPECT_TRUE(stopped);
}

TEST(Publication, LeavesSignalsToTheOthers) {
  std::promise<sigset_t> mask;
  const auto publication = Publication::start({[&](const std::atomic<bool>&) -> Result<void> {
                                                 sigset_t set;
                                                 pthread_sigmask(SIG_SETMASK, nullptr, &set);
                                                 mask.set_value(set);
                                                 return {};
                                               },
                                               nothing, [](const std::optional<Error>&) {}},
                                              {})
                               .release_value();
  const sigset_t set = mask.get_future().get();
  EXPECT_EQ(sigismember(&set, SIGTERM), 1);
  EXPECT_EQ(sigismember(&set, SIGINT), 1);
}

TEST(PublicationDeathTest, DoesNotHoldUpTheEndForEver) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        std::latch begun(1);
        std::latch never(1);
        const auto publication = Publication::start({[&](const std::atomic<bool>&) -> Result<void> {
                                                       begun.count_down();
                                                       never.wait();
                                                       return {};
                                                     },
                                                     nothing, [](const std::optional<Error>&) {}},
                                                    {.stop = 10ms})
                                     .release_value();
        begun.wait();
      },
      ::testing::ExitedWithCode(EXIT_FAILURE), "");
}

}  // namespace
}  // namespace usher::directory
