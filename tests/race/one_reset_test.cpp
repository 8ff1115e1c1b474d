// Fifty people with one mailed code for a new password, each with a password of their own: exactly
// one of those is set, and everybody else is refused.
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <iostream>
#include <thread>

#include "tests/race/mailbox.hpp"

namespace usher::test {
namespace {

constexpr int kAtOnce = 50;
constexpr int kRounds = 5;

// Another one each round: nobody's is one of Ada's last ten.
std::string password_of(int round, int person) {
  return "gravel lantern " + std::to_string(round) + " soprano " + std::to_string(person);
}

// All of them stand at the second question for the new password before the first one answers it.
// Who was told that it is set.
std::vector<int> redeem_at_once(const Host& host, const std::string& code, int round) {
  std::array<std::atomic<bool>, kAtOnce> set{};
  std::barrier everybody_ready(kAtOnce);
  const auto one_person = [&](int person) {
    bool ready = false;
    const Talk seen =
        talk(host.login_socket(), protocol::Operation::authenticate,
             [&](std::string_view question, const std::string&) -> std::optional<std::string> {
               if (question.starts_with("Password")) return code;
               if (question.starts_with("New password again")) {
                 ready = true;
                 everybody_ready.arrive_and_wait();
               }
               return password_of(round, person);
             });
    if (!ready) everybody_ready.arrive_and_drop();
    set[static_cast<std::size_t>(person)] =
        seen.told.find("Your new password is set") != std::string::npos;
    EXPECT_TRUE(ready) << "the code opened nothing for person " << person;
    EXPECT_EQ(seen.outcome, protocol::Outcome::refuse) << "by a mailbox alone nobody is let in";
  };
  std::vector<std::jthread> people;
  for (int i = 0; i < kAtOnce; ++i) people.emplace_back(one_person, i);
  people.clear();
  std::vector<int> winners;
  for (int i = 0; i < kAtOnce; ++i) {
    if (set[static_cast<std::size_t>(i)]) winners.push_back(i);
  }
  return winners;
}

bool opens(const Host& host, const std::string& password) {
  return talk(host.login_socket(), protocol::Operation::authenticate, std::vector{password})
      .accepted();
}

TEST(OneReset, O9_OneMailedCodeSetsExactlyOneOfFiftyPasswords) {
  Host host(std::string(kMailSettings) + "[mfa]\nrequired = false\n");
  ASSERT_TRUE(host.start());
  Ada ada = invited_ada(host);
  ASSERT_NO_FATAL_FAILURE(first_sign_in(host, ada));
  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    host.advance(3'700);  // another hour, another budget
    (void)forget(host);
    const std::string code = mailed_code(host);
    ASSERT_NE(code, "");
    const std::string epoch = host.look_into_store("SELECT epoch FROM people");
    const std::vector<int> winners = redeem_at_once(host, code, round);
    ASSERT_EQ(winners.size(), 1U);
    EXPECT_EQ(host.look_into_store("SELECT epoch FROM people"),
              std::to_string(std::stoi(epoch) + 1));
    EXPECT_EQ(host.look_into_store("SELECT count(*) FROM outbox WHERE event = 'reset-done'"),
              std::to_string(round + 1));
    EXPECT_TRUE(opens(host, password_of(round, winners.front())));
    EXPECT_FALSE(opens(host, password_of(round, (winners.front() + 1) % kAtOnce)));
    EXPECT_FALSE(opens(host, code));
  }
  std::cout << kAtOnce << " at once with one mailed code: exactly one new password in " << kRounds
            << " of " << kRounds << " rounds\n";
  EXPECT_EQ(host.usherctl({"audit", "verify"}).status, 0);
  host.stop();
}

// No usher-courier ever comes, so nothing but the sweep at the start looks at the wish.
TEST(OneReset, O8_AWishThatNobodyDecidesIsRecordedAndGoneAfterItsHour) {
  Host host(kMailSettings);
  ASSERT_TRUE(host.start());
  ASSERT_TRUE(host.usherctl({"user", "add", "ada"}).status == 0);
  const auto count = [&](const std::string& rows) {
    return host.look_into_store("SELECT count(*) FROM " + rows);
  };
  const std::string records = "audit WHERE operation = 'forgot' AND person = 'ada'";
  (void)forget(host);
  ASSERT_EQ(count("reset_requests"), "1");
  host.stop();
  host.advance(3'601);
  ASSERT_TRUE(host.start());
  const protocol::Deadline limit = protocol::Deadline::after(std::chrono::seconds(20));
  while (count(records) == "0" && !limit.passed()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_EQ(count(records), "1");
  EXPECT_EQ(count("reset_requests"), "0");
  host.stop();
}

}  // namespace
}  // namespace usher::test
