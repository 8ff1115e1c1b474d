// Sixty-four people with one valid code, the app's or a recovery code: exactly one is let in, every
// time.
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <functional>
#include <iostream>
#include <thread>

#include "tests/system/host.hpp"

namespace usher::test {
namespace {

constexpr int kAtOnce = 64;

struct Round {
  int accepted = 0;
  int refused = 0;
};

// All of them stand at the question for the code before the first one answers.
Round sign_in_at_once(const Host& host, const std::string& code) {
  std::atomic<int> accepted = 0;
  std::atomic<int> refused = 0;
  std::barrier everybody_asked(kAtOnce);
  const auto one_person = [&] {
    bool asked = false;
    const Talk seen =
        talk(host.login_socket(), protocol::Operation::authenticate,
             [&](std::string_view question, const std::string&) -> std::optional<std::string> {
               if (question == "Password: ") return kPassword;
               if (asked) return "";  // refused once: no more tries
               asked = true;
               everybody_asked.arrive_and_wait();
               return code;
             });
    if (!asked) everybody_asked.arrive_and_drop();
    accepted += seen.accepted();
    refused += seen.outcome == protocol::Outcome::refuse;
  };
  std::vector<std::jthread> people;
  for (int i = 0; i < kAtOnce; ++i) people.emplace_back(one_person);
  people.clear();
  return {accepted, refused};
}

// The code that all of them use in that round.
using CodeOf = std::function<std::string(const Host& host, const Ada& ada, int round)>;

std::string shown_by_app(const Host& host, const Ada& ada, int /*each is another time*/) {
  return app_code(ada.key, host.clock());
}
std::string on_paper(const Host& /*at any time*/, const Ada& ada, int round) {
  return ada.recovery_codes[static_cast<std::size_t>(round)];
}

void race(int rounds, const CodeOf& code_of, const std::vector<std::string>& environment) {
  Host host;
  ASSERT_TRUE(host.start(environment));
  Ada ada = add_ada(host);
  ASSERT_NO_FATAL_FAILURE(first_sign_in(host, ada));
  ASSERT_EQ(ada.recovery_codes.size(), 10U);
  const auto started = std::chrono::steady_clock::now();
  int exact = 0;
  for (int i = 0; i < rounds; ++i) {
    host.advance(30);
    const Round round = sign_in_at_once(host, code_of(host, ada, i));
    EXPECT_EQ(round.accepted, 1) << "round " << i;
    EXPECT_EQ(round.refused, kAtOnce - 1) << "round " << i;
    exact += round.accepted == 1 && round.refused == kAtOnce - 1;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  std::cout << kAtOnce << " at once with one code: exactly one let in in " << exact << " of "
            << rounds << " rounds, " << took.count() << " s\n";
  EXPECT_EQ(host.usherctl({"audit", "verify"}).status, 0);
  host.stop();
}

TEST(OneCode, P9_LetsExactlyOneOfSixtyFourIn) {
  race(200, shown_by_app, {});
}

TEST(OneCode, P9_LetsExactlyOneOfSixtyFourInAtFullHashCost) {
  race(5, shown_by_app, {"USHER_TEST_REAL_HASHES=1"});
}

TEST(OneCode, G16_LetsExactlyOneOfSixtyFourInWithARecoveryCode) {
  race(10, on_paper, {});
}

}  // namespace
}  // namespace usher::test
