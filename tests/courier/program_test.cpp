// The built program between a usherd and a real mail server.
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <fstream>
#include <iterator>

#include "tests/courier/fake_usherd.hpp"
#include "tests/courier/mail_server.hpp"
#include "tests/courier/smses.hpp"

namespace usher::courier {
namespace {

using namespace protocol::courier;

constexpr const char* kPassword = "correct-horse-Battery9";

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class CourierProgram : public ::testing::Test {
 protected:
  CourierProgram() {
    std::ofstream(place_ / "usher-smtp-password") << kPassword << '\n';
    server_.behave({{"password", kPassword}});
  }
  ~CourierProgram() override {
    if (pid_ > 0) (void)end_by(SIGKILL);
  }

  void start() {
    std::string words[] = {USHER_COURIER, "--socket", usherd_.socket()};
    char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
    std::string credentials = "CREDENTIALS_DIRECTORY=" + place_.path();
    std::string sanitizer = "ASAN_OPTIONS=detect_leaks=0";
    char* environment[] = {credentials.data(), sanitizer.data(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log_.c_str(),
                                       O_WRONLY | O_CREAT | O_APPEND, 0600);
    ASSERT_EQ(::posix_spawn(&pid_, words[0].c_str(), &actions, nullptr, arguments, environment), 0);
    ::posix_spawn_file_actions_destroy(&actions);
  }
  // How it ended: by which signal, 0 by none.
  int end_by(int signal) {
    (void)::kill(pid_, signal);
    int status = 0;
    (void)::waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }
  FakeUsherd::MakeMail to_server() {
    return [port = server_.starttls(), ca_file = server_.ca_file()] {
      Mail mail = courier::mail();
      mail.server.port = port;
      mail.server.ca_file = ca_file;
      return mail;
    };
  }
  std::string log() { return slurp(log_); }

  fakes::TemporaryDirectory place_;
  std::string log_ = place_ / "log";
  MailServer server_;
  FakeUsherd usherd_;
  pid_t pid_ = 0;
};

TEST_F(CourierProgram, SendsAndSaysNothingThatIsSecret) {
  const std::string id = usherd_.offer(to_server());
  start();
  EXPECT_EQ(usherd_.reports(1)[0].outcome, Outcome::sent);
  usherd_.await_takes(2);
  EXPECT_EQ(end_by(SIGTERM), SIGTERM);
  EXPECT_EQ(server_.mails().size(), 1U);
  EXPECT_EQ(log(), "<6>id=" + id + " sent\n");
}

TEST_F(CourierProgram, SendsATextMessageAndSaysNothingThatIsSecret) {
  PythonServer gateway("sms_gateway.py");
  std::string port = gateway.line();
  port.pop_back();
  (void)gateway.ask({{"body", R"({"id":"m-1"})"}, {"key", kPassword}});
  std::ofstream(place_ / "usher-sms-key") << kPassword << '\n';
  const std::string id = usherd_.offer([&] {
    Sms sms = courier::sms();
    sms.gateway.url = "https://localhost:" + port + "/send";
    sms.gateway.headers = {"Authorization: Bearer {key}"};
    sms.gateway.ca_file = gateway.ca_file();
    return What(std::move(sms));
  });
  start();
  const Report report = usherd_.reports(1)[0];
  EXPECT_EQ(report.outcome, Outcome::sent) << report.detail;
  EXPECT_EQ(report.detail, "200 m-1");
  usherd_.await_takes(2);
  EXPECT_EQ(end_by(SIGTERM), SIGTERM);
  EXPECT_EQ(gateway.ask({{"requests", true}}).size(), 1U);
  EXPECT_EQ(log(), "<6>id=" + id + " sent\n");
}

TEST_F(CourierProgram, EndsAtOnceWhileItWaits) {
  start();
  usherd_.await_takes(1);
  EXPECT_EQ(end_by(SIGTERM), SIGTERM);
}

TEST_F(CourierProgram, FinishesTheMailInHandBeforeItEnds) {
  server_.behave({{"password", kPassword}, {"slow", "message"}});
  (void)usherd_.offer(to_server());
  start();
  server_.await_slow();
  (void)::kill(pid_, SIGTERM);
  server_.go_on();
  EXPECT_EQ(usherd_.reports(1)[0].outcome, Outcome::sent);
  EXPECT_EQ(end_by(SIGTERM), SIGTERM);
  EXPECT_EQ(server_.mails().size(), 1U);
}

TEST_F(CourierProgram, IsOfferedAgainWhatItWasKilledOver) {
  server_.behave({{"password", kPassword}, {"slow", "message"}});
  const std::string id = usherd_.offer(to_server());
  start();
  server_.await_slow();
  EXPECT_EQ(end_by(SIGKILL), SIGKILL);
  server_.behave({{"password", kPassword}});
  start();
  const auto reports = usherd_.reports(1);
  EXPECT_EQ(reports[0].id, id);
  EXPECT_EQ(reports[0].outcome, Outcome::sent);
}

TEST_F(CourierProgram, TakesNoOtherArgument) {
  std::string words[] = {USHER_COURIER, "--password=x"};
  char* arguments[] = {words[0].data(), words[1].data(), nullptr};
  ASSERT_EQ(::posix_spawn(&pid_, words[0].c_str(), nullptr, nullptr, arguments, environ), 0);
  int status = 0;
  EXPECT_EQ(::waitpid(pid_, &status, 0), pid_);
  pid_ = 0;
  EXPECT_EQ(WEXITSTATUS(status), 2);
}

}  // namespace
}  // namespace usher::courier
