// A siege, on a clock turned by hand: one stranger guesses ada's password from the net, bob guesses
// it in a loop of `su - ada`, a third has the password and guesses codes, and ada goes on signing
// in. USHER_TEST_GUESSES says how many guesses the first two make (./dev proof throttle: 100,000
// each).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <barrier>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <map>
#include <thread>

#include "daemon/policy/throttle.hpp"
#include "tests/daemon/sign_in/blunt_person.hpp"
#include "tests/daemon/sign_in/world.hpp"

namespace usher::sign_in {
namespace {

using namespace std::chrono_literals;
using protocol::Operation;
using protocol::Outcome;

constexpr const char* kAdas = "seven green kites";
constexpr const char* kHome = "sshd from 198.51.100.4";

int guesses_wanted() {
  const char* wanted = std::getenv("USHER_TEST_GUESSES");
  return wanted != nullptr ? std::atoi(wanted) : 2'000;
}

// The passwords one class of strangers had looked at, and when.
class Besieger {
 public:
  Besieger(const char* who, const char* door) : who_(who), door_(door) {}

  void guess(World& world) {
    BluntPerson person({fmt::format("guess {} of {}", ++made_, who_)});
    const auto decided = world.converse(Operation::authenticate, "ada", door_, person);
    ASSERT_TRUE(decided.has_value()) << decided.error().text();
    ASSERT_EQ(decided->outcome, Outcome::refuse);
    if (decided->reason == Reason::throttled) return;
    ASSERT_EQ(decided->reason, Reason::wrong_password);
    const ports::Instant now = world.clock.now();
    ++looked_at_;
    last_day_.push_back(now);
    while (now - last_day_.front() >= 24h) last_day_.pop_front();
    most_a_day_ = std::max(most_a_day_, last_day_.size());
  }

  void report() const {
    std::cout << fmt::format("{}: {} guesses, {} looked at, at most {} in any 24 hours\n", who_,
                             made_, looked_at_, most_a_day_);
  }
  int made() const { return made_; }
  std::size_t most_a_day() const { return most_a_day_; }
  std::size_t looked_at() const { return looked_at_; }

 private:
  const char* who_;
  const char* door_;
  int made_ = 0;
  std::size_t looked_at_ = 0;
  std::size_t most_a_day_ = 0;
  std::deque<ports::Instant> last_day_;
};

class Siege : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.add("ada", "Ada Lovelace");
    world_.give_password("ada", kAdas);
    world_.give_app("ada");
    ada_signs_in(kHome);
  }

  void ada_signs_in(const char* door) {
    world_.clock.turn(30s);
    BluntPerson person({kAdas, world_.app.code(world_.clock.now(), 0)});
    const auto decided = world_.converse(Operation::authenticate, "ada", door, person);
    ++tries_;
    let_in_ += decided && decided->outcome == Outcome::accept ? 1 : 0;
  }

  std::string codes_counted() {
    return *world_.store().read([](store::Database& database) -> Result<std::string> {
      store::Query query = TRY(database.query("SELECT wrong_codes FROM factors"));
      TRY(query.next());
      return query.text(0);
    });
  }

  World world_;
  int tries_ = 0;
  int let_in_ = 0;
};

TEST_F(Siege, NeverKeepsTheOwnerOutAndGivesStrangersAHundredADay) {
  Besieger stranger("a stranger from the net", "sshd from 203.0.113.66");
  Besieger bob("bob, by su", "su");
  // 5,000 guesses a day each; she comes four times a day, by console and from home in turn.
  constexpr int kADay = 5'000;
  const int wanted = guesses_wanted();
  for (int i = 0; i < wanted && !HasFatalFailure(); ++i) {
    if (i % (kADay / 4) == kADay / 8) ada_signs_in(i % (kADay / 2) == kADay / 8 ? "login" : kHome);
    world_.clock.turn(std::chrono::milliseconds(24h) / kADay);
    stranger.guess(world_);
    bob.guess(world_);
  }
  ada_signs_in("login");
  ada_signs_in(kHome);
  stranger.report();
  bob.report();
  std::cout << fmt::format("ada: let in at the first try {} of {} times\n", let_in_, tries_);
  EXPECT_EQ(let_in_, tries_);
  for (const Besieger* besieger : {&stranger, &bob}) {
    EXPECT_EQ(besieger->made(), wanted);
    EXPECT_LE(besieger->most_a_day(), 100U);
    EXPECT_GE(besieger->most_a_day(), 90U) << "or nothing was besieged";
  }
}

// Who knows the password goes on guessing codes for a year, from everywhere.
TEST_F(Siege, GivesAGuesserOfCodesLessThanAThousandthForLife) {
  unsigned looked_at = 0;
  for (int i = 0; i < 50; ++i) {
    for (const char* door : {"sshd from 203.0.113.66", "su", kHome}) {
      world_.clock.turn(30s);
      const std::string wrong = world_.app.wrong_code(world_.clock.now());
      BluntPerson person({kAdas, wrong, ""});
      const std::string before = codes_counted();
      const auto decided = world_.converse(Operation::authenticate, "ada", door, person);
      ASSERT_TRUE(decided.has_value());
      looked_at += codes_counted() != before ? 1U : 0U;
    }
  }
  // Three steps' codes of a million are right at a time.
  const double chance = looked_at * 3 / 1e6;
  std::cout << fmt::format("codes: {} looked at in all, {:.3f} % for the life of the enrolment\n",
                           looked_at, chance * 100);
  EXPECT_EQ(looked_at, policy::kMaxWrongCodes);
  EXPECT_LT(chance, 0.001);
}

// Guesses made at once are no way around the limit: one is left, sixty-four come.
TEST_F(Siege, LooksAtNoMoreThanTheLimitOfGuessesMadeAtOnce) {
  constexpr int kAtOnce = 64;
  world_.guess(89, "ada", "sshd");
  std::array<Reason, kAtOnce> reasons{};
  std::barrier together(kAtOnce);
  {
    std::vector<std::jthread> strangers;
    for (int i = 0; i < kAtOnce; ++i) {
      strangers.emplace_back([&, i] {
        BluntPerson person({fmt::format("at once {}", i)});
        together.arrive_and_wait();
        const auto decided = world_.converse(Operation::authenticate, "ada", "sshd", person);
        if (decided.has_value()) reasons[static_cast<std::size_t>(i)] = decided->reason;
      });
    }
  }
  std::map<Reason, int> counts;
  for (const Reason reason : reasons) ++counts[reason];
  EXPECT_EQ(counts[Reason::wrong_password], 1);
  EXPECT_EQ(counts[Reason::throttled], kAtOnce - 1);
}

TEST_F(Siege, LooksAtNoMoreThanThreeWrongCodesOfAStepGuessedAtOnce) {
  constexpr int kAtOnce = 64;
  const std::string wrong = world_.app.wrong_code(world_.clock.now());
  std::barrier together(kAtOnce);
  std::atomic<int> looked_at = 0;
  {
    std::vector<std::jthread> strangers;
    for (int i = 0; i < kAtOnce; ++i) {
      strangers.emplace_back([&] {
        // In one field: one code a conversation.
        BluntPerson person({std::string(kAdas) + wrong});
        together.arrive_and_wait();
        const auto decided = world_.converse(Operation::authenticate, "ada", "locker", person);
        looked_at += decided && decided->reason == Reason::wrong_code ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(looked_at, static_cast<int>(policy::kMaxWrongCodesInStep));
}

// 64 KiB is what an unprivileged program may add (a person and a bucket a class of origins).
TEST_F(Siege, AddsNoRowForNamesThatAreMadeUp) {
  const auto rows = [&] {
    return *world_.store().read([](store::Database& database) -> Result<std::int64_t> {
      store::Query query = TRY(database.query("SELECT count(*) FROM tries"));
      TRY(query.next());
      return query.integer(0);
    });
  };
  for (int i = 0; i < 1'500; ++i) world_.guess(1, fmt::format("made-up-{}", i), "sshd");
  EXPECT_LE(rows(), 1024 + 1);
  EXPECT_GT(rows(), 512);
}

}  // namespace
}  // namespace usher::sign_in
