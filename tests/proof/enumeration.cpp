// Times refusals through the socket of a real usherd with real hashes, and asks a rank test whether
// one sort of name can be told from a wrong password. The control has no dummy hash and must be
// told apart, or the proof proves nothing.
// usage: enumeration_proof [SAMPLES]. The waits, equal by construction, are left out.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "tests/proof/rank_test.hpp"

namespace usher::test {
namespace {

struct Sort {
  const char* what;
  const char* name;
  const char* password;  // empty: another one each time
  Milliseconds milliseconds{};
};

std::vector<Sort> sorts() {
  return {{"wrong password", "ada", ""},
          {"unknown name", "nobody-here", ""},
          {"suspended", "bob", ""},
          {"throttled, wrong", "carol", ""},
          {"throttled, right", "carol", kPassword},
          {"no password yet", "dan", ""}};
}

// From the answer to the end of the conversation.
double refuse(const Host& host, const char* name, const std::string& password) {
  std::chrono::steady_clock::time_point answered;
  const Talk seen = talk(
      host.login_socket(), protocol::Operation::authenticate,
      [&](std::string_view, const std::string&) -> std::optional<std::string> {
        answered = std::chrono::steady_clock::now();
        return password;
      },
      from_afar(name));
  EXPECT_EQ(seen.outcome, protocol::Outcome::refuse) << name;
  const std::chrono::duration<double, std::milli> took =
      std::chrono::steady_clock::now() - answered;
  return took.count();
}

void prepare(Host& host) {
  for (const char* name : {"ada", "bob", "carol"}) add_with_password(host, name);
  ASSERT_EQ(host.usherctl({"user", "add", "dan"}).status, 0);
  ASSERT_EQ(host.usherctl({"user", "suspend", "bob", "--reason", "a proof"}).status, 0);
}

// Everybody's sample in every round, in an order drawn anew: what the machine does meanwhile meets
// all alike. Once a day of the test's clock nobody but carol is near a limit.
std::vector<Sort> measure(Host& host) {
  std::vector<Sort> measured = sorts();
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < measured.size(); ++i) order.push_back(i);
  std::mt19937 shuffler(1);  // NOLINT(cert-msc51-cpp): the same order in every run
  for (int round = 0; round < samples; ++round) {
    if (round % 60 == 0) {
      host.advance(26 * 3600);
      for (int i = 0; i < 90; ++i) (void)refuse(host, "carol", next_guess());
    }
    std::shuffle(order.begin(), order.end(), shuffler);
    for (const std::size_t i : order) {
      Sort& sort = measured[i];
      const std::string password = *sort.password != '\0' ? sort.password : next_guess();
      sort.milliseconds.push_back(refuse(host, sort.name, password));
    }
  }
  return measured;
}

void report(const std::vector<Sort>& measured, std::vector<double>& scores) {
  for (const Sort& sort : measured) {
    scores.push_back(compare(sort.what, sort.milliseconds, measured.front().milliseconds));
  }
}

std::vector<double> scores_of(const std::vector<std::string>& environment) {
  Host host("[mfa]\nrequired = false\n");
  std::vector<double> scores;
  EXPECT_TRUE(host.start(environment));
  prepare(host);
  if (!::testing::Test::HasFatalFailure()) report(measure(host), scores);
  host.stop();
  return scores;
}

// One false alarm in some 2,000 proofs of five comparisons.
constexpr double kTellsApart = 3.9;

TEST(Enumeration, NoSortOfNameCanBeToldFromAWrongPasswordByItsTime) {
  std::printf("as it ships, %d samples a sort:\n", samples);
  for (const double score : scores_of({"USHER_TEST_REAL_HASHES=1"})) {
    EXPECT_LT(std::abs(score), kTellsApart);
  }
}

TEST(Enumeration, WithoutTheDummyHashItCan) {
  std::printf("without the dummy hash:\n");
  const auto scores = scores_of({"USHER_TEST_REAL_HASHES=1", "USHER_TEST_NO_DUMMY=1"});
  ASSERT_EQ(scores.size(), sorts().size());
  EXPECT_GT(std::abs(scores[1]), 2 * kTellsApart) << "the unknown name";
}

}  // namespace
}  // namespace usher::test

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  if (argc > 1) usher::test::samples = std::atoi(argv[1]);
  return RUN_ALL_TESTS();
}
