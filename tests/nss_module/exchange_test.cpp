// The file is exchanged while threads read, while processes fork, and while the writer is killed.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>
#include <vector>

#include "base/unique_fd.hpp"
#include "nss_module/shared_mapping.hpp"
#include "nss_world.hpp"

namespace usher::nss_module::test {
namespace {

constexpr int kMostMappings = 4;  // kSlots of shared_mapping.cpp

// carol's uid tells which file answered.
fakes::PublishedDirectory edition(std::uint32_t number) {
  auto content = fakes::small_directory();
  content.people.push_back(fakes::published_person("carol", 2'000'000 + number));
  return content;
}

TEST(NssExchange, IsSeenByTheNextLookup) {
  NssWorld world;
  for (std::uint32_t number = 1; number < 20; ++number) {
    world.publish(edition(number));
    EXPECT_EQ(uid_of("carol"), 2'000'000 + number);
    EXPECT_EQ(mappings(), 1);
  }
}

TEST(NssExchange, BetweenMarkAndRenameTheOldFileAnswersAndTheNewOneIsFound) {
  NssWorld world;
  world.publish(edition(1));
  EXPECT_EQ(uid_of("carol"), 2'000'001U);
  world.mark_superseded();
  for (int i = 0; i < 100; ++i) ASSERT_EQ(uid_of("carol"), 2'000'001U);
  EXPECT_LE(mappings(), kMostMappings);
  world.publish(edition(2));
  EXPECT_EQ(uid_of("carol"), 2'000'002U);
}

TEST(NssExchange, UnderSixtyFourThreadsLosesNoAnswerAndKeepsFewMappings) {
  NssWorld world;
  world.publish(edition(0));
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> wrong{0};
  std::atomic<std::uint64_t> answers{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 64; ++i) {
    threads.emplace_back([&] {
      while (!stop.load()) {
        const bool right = uid_of("ada") == 1'900'000'001U && uid_of("carol") >= 2'000'000U &&
                           uid_of("nobody-else") == 0;
        (right ? answers : wrong).fetch_add(1);
      }
    });
  }
  for (std::uint32_t number = 1; number <= 40; ++number) world.publish(edition(number));
  while (answers.load() < 1000 && wrong.load() == 0) std::this_thread::yield();
  stop.store(true);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong.load(), 0U);
  EXPECT_EQ(uid_of("carol"), 2'000'040U);
  EXPECT_LE(mappings(), kMostMappings);
}

TEST(NssExchange, WithAReaderThatNeverEndsGoesOn) {
  NssWorld world;
  const Result<Lease> held = Lease::take(world.file().c_str());
  ASSERT_TRUE(held.has_value());
  for (std::uint32_t number = 1; number < 30; ++number) {
    world.publish(edition(number));
    ASSERT_EQ(uid_of("carol"), 2'000'000 + number);
  }
  published::PersonView ada;
  EXPECT_EQ(held->view().find_person("ada", ada), published::Found::yes) << "what is held stays";
  EXPECT_LE(mappings(), 2);
}

TEST(NssExchange, WithEverySlotHeldMapsTheFileForOneLookup) {
  NssWorld world;
  std::vector<Result<Lease>> held;
  for (std::uint32_t number = 1; number < 8; ++number) {
    world.publish(edition(number));
    held.push_back(Lease::take(world.file().c_str()));
    ASSERT_TRUE(held.back().has_value());
    ASSERT_EQ(uid_of("carol"), 2'000'000 + number);
  }
  held.clear();
  world.publish(edition(9));
  EXPECT_EQ(uid_of("carol"), 2'000'009U);
  EXPECT_LE(mappings(), kMostMappings);
}

// In a forked child: files prepared by the parent take their place one after the other, each
// lookup must see the newest, and what the parent's threads held must not pile up.
int exchange_in_child(const NssWorld& world, const std::vector<std::string>& prepared) {
  std::uint32_t number = 100;
  for (const std::string& path : prepared) {
    const UniqueFd old(::open(world.file().c_str(), O_RDWR | O_CLOEXEC));
    const off_t size = ::lseek(old.get(), 0, SEEK_END);
    if (::pwrite(old.get(), &published::kSuperseded, 1, size - 1) != 1) return 2;
    if (::rename(path.c_str(), world.file().c_str()) != 0) return 3;
    if (uid_of("carol") != 2'000'000 + number++) return 4;
  }
  return uid_of("ada") == 1'900'000'001U ? 0 : 5;
}

TEST(NssExchange, InAChildForkedInMidLookupGoesOn) {
  NssWorld world;
  world.publish(edition(1));
  std::vector<std::string> prepared;
  for (std::uint32_t i = 0; i < 12; ++i) {
    prepared.push_back(world.file() + ".child" + std::to_string(i));
    ASSERT_TRUE(fakes::publish(edition(100 + i), prepared.back()).has_value());
  }
  std::optional<Result<Lease>> held(Lease::take(world.file().c_str()));
  ASSERT_TRUE(held->has_value());
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const int code = exchange_in_child(world, prepared);
    // Ending what was begun before the fork must not uncount somebody else.
    held.reset();
    const bool still = uid_of("ada") == 1'900'000'001U;
    ::_exit(code != 0 ? code : still && mappings() <= 2 ? 0 : 6);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(NssExchange, InChildrenForkedWhileThreadsExchangeNeverHangs) {
  NssWorld world;
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      while (!stop.load()) (void)uid_of("ada");
    });
  }
  std::thread writer([&] {
    // A child forked in the middle holds the writer's lock until it ends: not every one succeeds.
    for (std::uint32_t number = 0; !stop.load(); ++number) {
      (void)fakes::publish(edition(number), world.file());
    }
  });
  int failed = 0;
  for (int i = 0; i < 50; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      int found = 0;
      for (int round = 0; round < 20; ++round) found += uid_of("ada") == 1'900'000'001U ? 1 : 0;
      ::_exit(found == 20 ? 0 : 1);
    }
    int status = 0;
    (void)::waitpid(child, &status, 0);
    if (status != 0) ++failed;
  }
  stop.store(true);
  for (std::thread& thread : threads) thread.join();
  writer.join();
  EXPECT_EQ(failed, 0);
}

TEST(NssExchange, WithAWriterKilledAtAnyMomentLosesNoAnswer) {
  NssWorld world;
  for (int round = 0; round < 40; ++round) {
    const pid_t writer = ::fork();
    ASSERT_GE(writer, 0);
    if (writer == 0) {
      for (std::uint32_t number = 0;; ++number) {
        if (!fakes::publish(edition(number), world.file())) ::_exit(1);
      }
    }
    for (int i = 0; i < 40 * (round + 1); ++i) ASSERT_EQ(uid_of("ada"), 1'900'000'001U);
    ASSERT_EQ(::kill(writer, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(writer, &status, 0), writer);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer gave up by itself";
    for (int i = 0; i < 10; ++i) ASSERT_EQ(uid_of("ada"), 1'900'000'001U);
  }
  world.publish(edition(7));
  EXPECT_EQ(uid_of("carol"), 2'000'007U);
}

TEST(NssExchange, WithFourThousandDescriptorsOpenFindsTheNewFile) {
  constexpr rlim_t kNeeded = 4'300;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_GE(before.rlim_max, kNeeded) << "this test needs a hard limit of 4,300 descriptors";
  const rlimit raised{before.rlim_cur > kNeeded ? before.rlim_cur : kNeeded, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &raised), 0);
  {
    NssWorld world;
    std::vector<UniqueFd> held;
    for (int i = 0; i < 4'096; ++i) held.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    ASSERT_TRUE(held.back().valid());
    world.publish(edition(3));
    EXPECT_EQ(uid_of("carol"), 2'000'003U);
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace usher::nss_module::test
