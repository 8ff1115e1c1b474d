// Hashes: what is never true, what always costs the same, and whose turn it is.
#include "daemon/hasher.hpp"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/fakes/entropy.hpp"

namespace usher::daemon {
namespace {

constexpr crypto::HashCost kCheap{1, 8};

Secret secret_of(std::string_view text) {
  return Secret::copy(text).release_value();
}

class HasherTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto::initialise());
    hasher_ = Hasher::create(kCheap, 1, entropy_).release_value();
  }
  fakes::SeededEntropy entropy_;
  std::unique_ptr<Hasher> hasher_;
};

TEST_F(HasherTest, KnowsTheRightPasswordFromTheWrong) {
  const std::string phc =
      hasher_->hash(secret_of("correct horse"), Origin::local_seat).release_value();
  EXPECT_TRUE(*hasher_->verify(secret_of("correct horse"), phc, Origin::local_seat));
  EXPECT_FALSE(*hasher_->verify(secret_of("correct horsf"), phc, Origin::local_seat));
  EXPECT_FALSE(*hasher_->verify(secret_of(""), phc, Origin::local_seat));
}

TEST_F(HasherTest, VerifiesAnAdoptedHashAndWantsItRenewed) {
  // "Hello world!", as "openssl passwd -5" writes it.
  const std::string adopted = "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5";
  EXPECT_TRUE(*hasher_->verify(secret_of("Hello world!"), adopted, Origin::local_seat));
  EXPECT_FALSE(*hasher_->verify(secret_of("Hello world"), adopted, Origin::local_seat));
  EXPECT_TRUE(hasher_->needs_rehash(adopted));
}

TEST_F(HasherTest, NeverSaysYesWithoutAStoredHash) {
  EXPECT_FALSE(*hasher_->verify(secret_of(""), std::nullopt, Origin::local_seat));
  // The dummy's own password: the same bytes from the same seed.
  fakes::SeededEntropy same_seed;
  Secret dummy_password = Secret::zeroed(32).release_value();
  same_seed.fill(dummy_password.writable());
  EXPECT_FALSE(*hasher_->verify(dummy_password, std::nullopt, Origin::local_seat));
}

TEST_F(HasherTest, ComputesOneHashWhoeverIsAsked) {
  const std::string phc = hasher_->hash(secret_of("a"), Origin::known_host).release_value();
  EXPECT_EQ(hasher_->computed(), 1U);
  (void)hasher_->verify(secret_of("a"), phc, Origin::known_host);
  EXPECT_EQ(hasher_->computed(), 2U);
  (void)hasher_->verify(secret_of("b"), phc, Origin::known_host);
  EXPECT_EQ(hasher_->computed(), 3U);
  (void)hasher_->verify(secret_of("a"), std::nullopt, Origin::known_host);
  EXPECT_EQ(hasher_->computed(), 4U);
}

TEST_F(HasherTest, CannotDecideOverADamagedHash) {
  const auto verified = hasher_->verify(secret_of("a"), std::string("$9$old"), Origin::local_seat);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code(), Errc::damaged);
  // The permit was given back all the same.
  EXPECT_TRUE(hasher_->hash(secret_of("a"), Origin::local_seat));
}

TEST_F(HasherTest, RenewsHashesOfAnotherCost) {
  const std::string cheap = hasher_->hash(secret_of("a"), Origin::local_seat).release_value();
  EXPECT_FALSE(hasher_->needs_rehash(cheap));
  const auto dearer = Hasher::create({2, 8}, 1, entropy_).release_value();
  EXPECT_TRUE(dearer->needs_rehash(cheap));
}

TEST_F(HasherTest, WorksWithoutAnyPermitGranted) {
  const auto hasher = Hasher::create(kCheap, 0, entropy_).release_value();
  EXPECT_TRUE(hasher->hash(secret_of("a"), Origin::unknown_host));
}

TEST_F(HasherTest, LetsManyThreadsThroughOnFewPermits) {
  const auto hasher = Hasher::create(kCheap, 2, entropy_).release_value();
  const std::string phc = hasher->hash(secret_of("a"), Origin::local_seat).release_value();
  constexpr Origin kOrigins[] = {Origin::local_seat, Origin::known_host, Origin::unknown_host,
                                 Origin::su_by_other};
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      for (int turn = 0; turn < 8; ++turn) {
        const auto verified = hasher->verify(secret_of("a"), phc, kOrigins[(i + turn) % 4]);
        if (verified.has_value() && *verified) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 16 * 8);
  EXPECT_EQ(hasher->computed(), 1U + 16 * 8);
}

// One permit, held by a dear hash; three wait for it, the least favoured first.
class Contest {
 public:
  Contest(Hasher& hasher, std::string dear, std::string cheap)
      : hasher_(hasher), dear_(std::move(dear)), cheap_(std::move(cheap)) {}

  std::vector<Origin> order() {
    const std::uint64_t before = hasher_.computed();
    std::thread holder([&] { (void)hasher_.verify(secret_of("x"), dear_, Origin::unknown_host); });
    while (hasher_.computed() == before) std::this_thread::yield();
    std::vector<std::thread> waiting;
    for (const Origin origin : {Origin::unknown_host, Origin::known_host, Origin::own_privilege}) {
      std::atomic<pid_t> id{0};
      waiting.emplace_back([this, origin, &id] { enter(origin, id); });
      wait_until_it_waits(id);
    }
    holder.join();
    for (std::thread& thread : waiting) thread.join();
    return order_;
  }

 private:
  void enter(Origin origin, std::atomic<pid_t>& id) {
    const Secret password = secret_of("x");
    id = static_cast<pid_t>(::syscall(SYS_gettid));
    (void)hasher_.verify(password, cheap_, origin);
    const std::lock_guard lock(mutex_);
    order_.push_back(origin);
  }
  // Asleep means waiting for the permit: it does nothing else that sleeps.
  static void wait_until_it_waits(const std::atomic<pid_t>& id) {
    while (id == 0) std::this_thread::yield();
    const std::string path = "/proc/self/task/" + std::to_string(id) + "/stat";
    for (std::string stat; !stat.ends_with("S");) {
      std::ifstream file(path);
      std::string pid, name;
      file >> pid >> name >> stat;
      if (!file) return;  // it ended: the order will tell
    }
  }

  Hasher& hasher_;
  std::string dear_, cheap_;
  std::mutex mutex_;
  std::vector<Origin> order_;
};

TEST_F(HasherTest, ServesTheOwnersDoorsFirstAndStrangersLast) {
  const auto dear = Hasher::create({8, 64 * 1024}, 1, entropy_).release_value();
  const std::string dear_phc = dear->hash(secret_of("y"), Origin::local_seat).release_value();
  const auto middling = Hasher::create({4, 8 * 1024}, 1, entropy_).release_value();
  const std::string phc = middling->hash(secret_of("y"), Origin::local_seat).release_value();
  const std::vector<Origin> wanted = {Origin::own_privilege, Origin::known_host,
                                      Origin::unknown_host};
  // A machine under load may hold a thread back for longer than a hash takes: then once more. A
  // hasher without lines gives the wrong order every time.
  std::vector<Origin> order;
  for (int round = 0; round < 5 && order != wanted; ++round) {
    order = Contest(*hasher_, dear_phc, phc).order();
  }
  EXPECT_EQ(order, wanted);
}

}  // namespace
}  // namespace usher::daemon
