// Times "I forgot my password" at the prompt of a real usherd with real hashes: ?, then 1 in the
// menu, then a wrong password. usher-courier runs meanwhile, and its mail server hangs. The control
// decides the wish inside the prompt (tests/programs/decided_at_prompt.cpp) and must be told apart.
// Right behind each wish another conversation wishes something for a name that nobody has.
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

#include "daemon/store/contacts.hpp"
#include "daemon/store/store.hpp"
#include "tests/proof/rank_test.hpp"
#include "tests/proof/silent_server.hpp"

namespace usher::test {
namespace {

using Moment = std::chrono::steady_clock::time_point;

// Less than a round takes: some wishes are decided while the courier waits for work, others when it
// is back from its server.
constexpr std::chrono::milliseconds kSilence{40};
// No budget of an hour is used up by the round before, and no code of its lives any more.
constexpr std::int64_t kBetweenRounds = 2 * 3600;
constexpr int kUntilAllAreDecided = 1'200;  // milliseconds

struct Asked {
  const char* what;
  const char* name;
  Milliseconds wish{};       // from the choice to the next question
  Milliseconds answer{};     // from the wrong password to the verdict
  Milliseconds whole{};      // from ? to the verdict
  Milliseconds neighbour{};  // the wish right behind it
};

// The first is what the others are compared with; the second costs most to decide; the third is of
// the first one's sort, and shows what chance does.
std::vector<Asked> everybody() {
  return {{"unknown name", "eve"}, {"confirmed address", "ada"}, {"another unknown", "zoe"},
          {"no contacts", "dan"},  {"federated", "fay"},         {"suspended", "bob"}};
}

class Courier {
 public:
  Courier(const Host& host, const std::string& socket) {
    const std::string log = host.path("courier.log");
    std::string words[] = {USHER_SHIPPED_DIR "/courier/usher-courier", "--socket", socket};
    char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(),
                                       O_WRONLY | O_CREAT | O_APPEND, 0600);
    EXPECT_EQ(::posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments, ::environ), 0);
    ::posix_spawn_file_actions_destroy(&actions);
  }
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;
  ~Courier() {
    if (pid_ <= 0) return;
    (void)::kill(pid_, SIGKILL);
    (void)::waitpid(pid_, nullptr, 0);
  }

 private:
  pid_t pid_ = 0;
};

double between(Moment start, Moment end) {
  return std::chrono::duration<double, std::milli>(end - start).count();
}

// How long a wish for a name that nobody has takes; hangs up behind it.
double wish_of_a_neighbour(const Host& host) {
  std::vector<Moment> asked_at;
  talk(
      host.login_socket(), protocol::Operation::authenticate,
      [&](std::string_view, const std::string&) -> std::optional<std::string> {
        asked_at.push_back(std::chrono::steady_clock::now());
        if (asked_at.size() == 3) return std::nullopt;
        return asked_at.size() == 1 ? "?" : "1";
      },
      from_afar("neighbour"));
  EXPECT_EQ(asked_at.size(), 3U);
  return asked_at.size() == 3 ? between(asked_at[1], asked_at[2]) : 0;
}

void forget(const Host& host, Asked& asked) {
  const std::string answers[] = {"?", "1", next_guess()};
  std::vector<Moment> asked_at;
  std::vector<Moment> answered_at;
  const Talk seen = talk(
      host.login_socket(), protocol::Operation::authenticate,
      [&](std::string_view, const std::string&) -> std::optional<std::string> {
        asked_at.push_back(std::chrono::steady_clock::now());
        if (answered_at.size() == std::size(answers)) return std::nullopt;
        if (answered_at.size() == 2) asked.neighbour.push_back(wish_of_a_neighbour(host));
        answered_at.push_back(std::chrono::steady_clock::now());
        return answers[answered_at.size() - 1];
      },
      from_afar(asked.name));
  const Moment end = std::chrono::steady_clock::now();
  ASSERT_EQ(seen.outcome, protocol::Outcome::refuse) << asked.name;
  ASSERT_EQ(answered_at.size(), std::size(answers)) << asked.name;
  asked.wish.push_back(between(answered_at[1], asked_at[2]));
  asked.answer.push_back(between(answered_at[2], end));
  asked.whole.push_back(between(answered_at[0], end));
}

// Nobody but a person confirms an address of theirs; here the row is written while no daemon runs.
Result<void> confirm_all(const Host& host) {
  const auto store = TRY(store::Store::open({.path = host.path("state/usher.db")}));
  const ports::Instant now{std::chrono::seconds(host.clock())};
  return store->write([&](store::Database& database) -> Result<void> {
    for (const char* name : {"ada", "bob"}) {
      const auto person = TRY(store::find_person(database, name));
      if (!person) return Error(Errc::not_found, name);
      for (const auto& contact : TRY(store::list_contacts(database, person->id))) {
        TRY(store::confirm_contact(database, contact.id, now, now));
      }
    }
    return {};
  });
}

void prepare(const Host& host) {
  for (const char* name : {"ada", "bob", "dan"}) add_with_password(host, name);
  for (const std::vector<std::string>& line :
       {std::vector<std::string>{"user", "add", "fay", "--source", "federated:acme"},
        {"contact", "add", "ada", "mail", "ada@acme.example"},
        {"contact", "add", "bob", "mail", "bob@acme.example"},
        {"contact", "add", "fay", "mail", "fay@acme.example"},
        {"user", "suspend", "bob", "--reason", "a proof"}}) {
    const Output done = host.usherctl(line);
    ASSERT_EQ(done.status, 0) << line[2] << ": " << done.text;
  }
}

// Everybody's sample in every round, in an order drawn anew.
std::vector<Asked> measure(Host& host) {
  std::vector<Asked> measured = everybody();
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < measured.size(); ++i) order.push_back(i);
  std::mt19937 shuffler(1);  // NOLINT(cert-msc51-cpp): the same order in every run
  for (int round = 0; round < samples; ++round) {
    host.advance(kBetweenRounds);
    std::shuffle(order.begin(), order.end(), shuffler);
    for (const std::size_t i : order) forget(host, measured[i]);
    // Each wish is decided within a second, and nobody waits two hours for it.
    (void)::poll(nullptr, 0, kUntilAllAreDecided);
  }
  return measured;
}

// What became of the wishes: most of each sort must have been decided as such a one is, or nothing
// was measured. On a slow machine some wait until nobody waits for them any more.
void expect_decided(const Host& host) {
  for (const auto& [name, reason] : {std::pair("ada", "code-mailed"),
                                     {"dan", "no-recovery-address"},
                                     {"fay", "signed-in-elsewhere"},
                                     {"bob", "suspended"}}) {
    const std::string count = host.look_into_store(
        fmt::format("SELECT count(*) FROM audit WHERE operation = 'forgot' AND person = '{}' AND "
                    "reason = '{}'",
                    name, reason));
    std::printf(" %s: %s decided as %s\n", name, count.c_str(), reason);
    EXPECT_GE(std::atoi(count.c_str()), samples / 2) << name << " " << reason;
  }
}

// One false alarm in some 1,200 proofs of twenty comparisons.
constexpr double kTellsApart = 4.1;

struct Scores {
  std::vector<double> wish{};
  std::vector<double> answer{};
  std::vector<double> whole{};
  std::vector<double> neighbour{};
};

std::vector<double> scores_of(const std::vector<Asked>& measured, Milliseconds Asked::*part,
                              const char* what) {
  std::printf(" %s\n", what);
  std::vector<double> scores;
  for (const Asked& asked : measured) {
    scores.push_back(compare(asked.what, asked.*part, measured.front().*part));
  }
  return scores;
}

Scores scores_with(std::vector<std::string> environment) {
  const SilentServer server(kSilence);
  Host host(
      fmt::format("[mfa]\nrequired = false\n[forgot]\nfrom = \"any\"\n"
                  "[mail]\nserver = \"127.0.0.1\"\nport = {}\nfrom = \"it@acme.example\"\n",
                  server.port()));
  environment.emplace_back("USHER_TEST_REAL_HASHES=1");
  EXPECT_TRUE(host.start(environment));
  prepare(host);
  host.stop();
  const Result<void> confirmed = confirm_all(host);
  EXPECT_TRUE(confirmed.has_value()) << confirmed.error().text();
  EXPECT_TRUE(host.start(environment));
  if (::testing::Test::HasFailure()) return {};
  const Courier courier(host, host.path("courier.sock"));
  const std::vector<Asked> measured = measure(host);
  const int connections = server.connections();
  std::printf(" %d connections to a server that hangs\n", connections);
  EXPECT_GE(connections, samples / 2) << slurp(host.path("courier.log"));
  expect_decided(host);
  return {scores_of(measured, &Asked::wish, "from the choice to the next question:"),
          scores_of(measured, &Asked::answer, "from the wrong password to the verdict:"),
          scores_of(measured, &Asked::whole, "from ? to the verdict:"),
          scores_of(measured, &Asked::neighbour, "another one's wish right behind it:")};
}

TEST(Forgotten, NoSortOfNameCanBeToldFromAnUnknownOneByItsTime) {
  std::printf("as it ships, %d samples a sort:\n", samples);
  const Scores scores = scores_with({});
  ASSERT_EQ(scores.whole.size(), everybody().size());
  for (const auto* part : {&scores.wish, &scores.answer, &scores.whole, &scores.neighbour}) {
    for (const double score : *part) EXPECT_LT(std::abs(score), kTellsApart);
  }
}

TEST(Forgotten, DecidedInsideThePromptItCan) {
  std::printf("decided inside the prompt:\n");
  const Scores scores = scores_with({"USHER_TEST_DECIDE_AT_PROMPT=1"});
  ASSERT_EQ(scores.wish.size(), everybody().size());
  // By the wish: against the hash of the whole conversation a decision is small.
  EXPECT_GT(std::abs(scores.wish[1]), kTellsApart) << "the confirmed address";
}

}  // namespace
}  // namespace usher::test
