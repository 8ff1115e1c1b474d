// The same module through libpamtest, under pam_wrapper: an application we did not write, calling
// PAM as it is installed. PAM_WRAPPER_SERVICE_DIR must be set before the program starts, so it
// prepares the directory and starts itself again under the preload.
#include <gtest/gtest.h>
#include <security/pam_appl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>

#include "application.hpp"

// It does not say itself that it is C.
extern "C" {
#include <libpamtest.h>
}

namespace usher::pam_module::test {
namespace {

using protocol::AnswerKind;
using protocol::Operation;
using protocol::Outcome;
using protocol::Slot;
using protocol::Step;
using protocol::StepKind;
using protocol::Verdict;

constexpr const char* kService = "usher-pamtest";
constexpr Step kAskPassword{StepKind::ask_hidden, Slot::password, "Password: "};
constexpr Step kAskCode{StepKind::ask_shown, Slot::none, "Code: "};
const Verdict kAccept{Outcome::accept, Slot::none, 0, Slot::none, kAda, ""};

std::string service_directory() {
  const char* directory = std::getenv("PAM_WRAPPER_SERVICE_DIR");
  return directory != nullptr ? directory : "";
}

TEST(Pamtest, SignsInWithPasswordAndCodeAndOpensASession) {
  FakeDaemon daemon(service_directory() + "/login.sock");
  daemon.meet(Operation::authenticate)
      .step(kAskPassword)
      .expect_answer(AnswerKind::given, "correct horse")
      .step(kAskCode)
      .expect_answer(AnswerKind::given, "287082")
      .decide(Verdict{Outcome::accept, Slot::password, 13, Slot::none, kAda, ""})
      .meet(Operation::account)
      .decide(kAccept);
  daemon.start();
  std::array<const char*, 2> hidden{"correct horse", nullptr};
  std::array<const char*, 2> shown{"287082", nullptr};
  pamtest_conv_data data{hidden.data(), shown.data(), nullptr, nullptr};
  pam_testcase cases[] = {
      pam_test(PAMTEST_AUTHENTICATE, PAM_SUCCESS), pam_test(PAMTEST_ACCOUNT, PAM_SUCCESS),
      pam_test(PAMTEST_SETCRED, PAM_SUCCESS), pam_test(PAMTEST_OPEN_SESSION, PAM_SUCCESS),
      pam_test(PAMTEST_CLOSE_SESSION, PAM_SUCCESS)};
  EXPECT_EQ(run_pamtest(kService, kAda, &data, cases, nullptr), PAMTEST_ERR_OK);
}

TEST(Pamtest, IsRefusedWithAWrongPassword) {
  FakeDaemon daemon(service_directory() + "/login.sock");
  daemon.meet(Operation::authenticate)
      .step(kAskPassword)
      .expect_answer(AnswerKind::given, "guess")
      .decide(Verdict{Outcome::refuse, Slot::none, 0, Slot::none, kAda, ""});
  daemon.start();
  std::array<const char*, 2> hidden{"guess", nullptr};
  pamtest_conv_data data{hidden.data(), nullptr, nullptr, nullptr};
  pam_testcase cases[] = {pam_test(PAMTEST_AUTHENTICATE, PAM_AUTH_ERR)};
  EXPECT_EQ(run_pamtest(kService, kAda, &data, cases, nullptr), PAMTEST_ERR_OK);
}

TEST(Pamtest, ChangesAPassword) {
  FakeDaemon daemon(service_directory() + "/login.sock");
  daemon.meet(Operation::prepare_change)
      .decide(kAccept)
      .meet(Operation::change_password)
      .step(kAskPassword)
      .expect_answer(AnswerKind::given, "correct horse")
      .step(Step{StepKind::ask_hidden, Slot::new_password, "New password: "})
      .expect_answer(AnswerKind::given, "battery staple")
      .decide(Verdict{Outcome::accept, Slot::new_password, 14, Slot::password, kAda, ""});
  daemon.start();
  std::array<const char*, 3> hidden{"correct horse", "battery staple", nullptr};
  pamtest_conv_data data{hidden.data(), nullptr, nullptr, nullptr};
  pam_testcase cases[] = {pam_test(PAMTEST_CHAUTHTOK, PAM_SUCCESS)};
  EXPECT_EQ(run_pamtest(kService, kAda, &data, cases, nullptr), PAMTEST_ERR_OK);
}

TEST(Pamtest, LeavesLocalAccountsAlone) {
  FakeDaemon daemon(service_directory() + "/login.sock");
  pamtest_conv_data data{};
  pam_testcase cases[] = {pam_test(PAMTEST_AUTHENTICATE, PAM_USER_UNKNOWN),
                          pam_test(PAMTEST_ACCOUNT, PAM_USER_UNKNOWN),
                          pam_test(PAMTEST_CHAUTHTOK, PAM_USER_UNKNOWN)};
  EXPECT_EQ(run_pamtest(kService, "root", &data, cases, nullptr), PAMTEST_ERR_OK);
}

TEST(Pamtest, IsRefusedWithoutADaemon) {
  pamtest_conv_data data{};
  pam_testcase cases[] = {pam_test(PAMTEST_AUTHENTICATE, PAM_AUTHINFO_UNAVAIL),
                          pam_test(PAMTEST_ACCOUNT, PAM_AUTHINFO_UNAVAIL)};
  EXPECT_EQ(run_pamtest(kService, kAda, &data, cases, nullptr), PAMTEST_ERR_OK);
}

}  // namespace

// The outer run: a private service directory, then this program under pam_wrapper.
int run_under_wrapper(const char* program) {
  const PrivateDirectory directory;
  std::ofstream service(directory / kService);
  for (const char* facility : {"auth", "account", "password", "session"}) {
    service << facility << " required " << USHER_MODULE << " "
            << FakeDaemon::options(directory / "login.sock") << "\n";
  }
  service.close();
  const std::string command = "PAM_WRAPPER=1 PAM_WRAPPER_SERVICE_DIR=" + directory.path() +
                              " LD_PRELOAD=libpam_wrapper.so exec '" + program + "'";
  return std::system(command.c_str()) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace usher::pam_module::test

int main(int count, char** values) {
  testing::InitGoogleTest(&count, values);
  if (std::getenv("PAM_WRAPPER") == nullptr) {
    return usher::pam_module::test::run_under_wrapper(values[0]);
  }
  return RUN_ALL_TESTS();
}
