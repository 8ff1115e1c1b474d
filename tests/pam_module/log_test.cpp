// What the module writes to the system log, and what it must never write there. This program
// defines pam_syslog itself: the module's calls arrive here instead of in libpam.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <security/pam_ext.h>
#include <syslog.h>

#include <array>
#include <cstdarg>
#include <cstdio>

#include "application.hpp"

namespace {

struct Line {
  int priority;
  std::string text;
};
std::vector<Line> lines;

// libpam's own lines arrive here too, and are not ours to judge.
bool is_the_modules(const void* address) {
  Dl_info caller{};
  return ::dladdr(address, &caller) != 0 && std::string_view(caller.dli_fname) == USHER_MODULE;
}

}  // namespace

extern "C" void pam_syslog(const pam_handle_t*, int priority, const char* format, ...) {
  if (!is_the_modules(__builtin_return_address(0))) return;
  std::array<char, 1024> text{};
  va_list values;
  va_start(values, format);
  (void)std::vsnprintf(text.data(), text.size(), format, values);
  va_end(values);
  lines.push_back(Line{priority, text.data()});
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

constexpr Step kAsk{StepKind::ask_hidden, Slot::password, "Password: "};
const Verdict kAccept{Outcome::accept, Slot::none, 0, Slot::none, kAda, ""};
const Verdict kRefuse{Outcome::refuse, Slot::none, 0, Slot::none, kAda, "No."};

class Log : public testing::Test {
 protected:
  Log() { lines.clear(); }

  static void expect_lines(const std::vector<std::pair<int, std::string>>& beginnings) {
    ASSERT_EQ(lines.size(), beginnings.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      EXPECT_EQ(lines[i].priority, beginnings[i].first);
      EXPECT_TRUE(lines[i].text.starts_with(beginnings[i].second)) << lines[i].text;
    }
  }
};

TEST_F(Log, IsSilentAboutASignIn) {
  Door door;
  door.daemon.meet(Operation::authenticate).decide(kAccept);
  EXPECT_EQ(door.authenticate(), PAM_SUCCESS);
  expect_lines({});
}

TEST_F(Log, WithDebugSaysWhatHowAndHowLong) {
  Door door("debug");
  door.daemon.meet(Operation::authenticate).decide(kAccept);
  EXPECT_EQ(door.authenticate(), PAM_SUCCESS);
  expect_lines({{LOG_DEBUG, "authenticate for ada.lovelace: accept after "}});
  EXPECT_NE(lines.front().text.find(" ms"), std::string::npos);
}

TEST_F(Log, NoticesARefusal) {
  Door door;
  door.daemon.meet(Operation::account).decide(kRefuse);
  EXPECT_EQ(door.check_account(), PAM_PERM_DENIED);
  expect_lines({{LOG_NOTICE, "account for ada.lovelace: refuse"}});
}

TEST_F(Log, NeverHoldsAnAnswerNorATextOfTheDaemon) {
  Door door("debug");
  door.daemon.meet(Operation::authenticate)
      .step(kAsk)
      .expect_answer(AnswerKind::given, "correct horse")
      .decide(Verdict{Outcome::accept, Slot::password, 4'000, Slot::none, kAda, "Welcome."});
  door.application.types("correct horse");
  EXPECT_EQ(door.authenticate(), PAM_AUTHINFO_UNAVAIL);
  ASSERT_FALSE(lines.empty());
  for (const Line& line : lines) {
    EXPECT_EQ(line.text.find("horse"), std::string::npos);
    EXPECT_EQ(line.text.find("Welcome"), std::string::npos);
    EXPECT_EQ(line.text.find("Password"), std::string::npos);
  }
}

TEST_F(Log, NamesTheErrorOfAnAbsentDaemon) {
  const PrivateDirectory directory;
  Application application(FakeDaemon::options(directory / "login.sock"));
  EXPECT_EQ(application.authenticate(), PAM_AUTHINFO_UNAVAIL);
  expect_lines({{LOG_ERR, "authenticate for ada.lovelace: looking for usherd's socket: "}});
}

TEST_F(Log, NamesTheOptionNobodyUnderstands) {
  Application application("debug no_such_option");
  EXPECT_EQ(application.open_session(), PAM_SERVICE_ERR);
  expect_lines({{LOG_ERR, "unknown or malformed option: no_such_option"}});
}

TEST_F(Log, NamesTheItemThatIsTooLong) {
  Door door;
  door.application.set_item(PAM_RHOST, std::string(257, 'h'));
  EXPECT_EQ(door.authenticate(), PAM_SYSTEM_ERR);
  expect_lines({{LOG_ERR, "authenticate for ada.lovelace: an item of PAM is too long: PAM_RHOST"}});
}

TEST_F(Log, NamesAVerdictAboutSomebodyElse) {
  Door door;
  door.daemon.meet(Operation::authenticate)
      .decide(Verdict{Outcome::accept, Slot::none, 0, Slot::none, "bob", ""});
  EXPECT_EQ(door.authenticate(), PAM_AUTHINFO_UNAVAIL);
  expect_lines({{LOG_ERR, "authenticate for ada.lovelace: usherd decided about another"}});
}

TEST_F(Log, NamesAPamUserThatChanged) {
  Door door;
  door.daemon.meet(Operation::authenticate)
      .step(kAsk)
      .expect_answer(AnswerKind::given, "correct horse")
      .decide(kAccept);
  door.application.types_after([&] { pam_set_item(door.application.handle(), PAM_USER, "bob"); },
                               "correct horse");
  EXPECT_EQ(door.authenticate(), PAM_AUTHINFO_UNAVAIL);
  expect_lines({{LOG_ERR, "authenticate for ada.lovelace: PAM_USER changed"}});
}

TEST_F(Log, HoldsNoNameThatIsNotOne) {
  for (const std::string& name :
       {std::string("ada\nusher: accepted bob"), std::string("ada@example.org"),
        std::string("\x1b[2J"), std::string(33, 'a')}) {
    lines.clear();
    Door door("debug", name.c_str());
    door.daemon.meet(Operation::authenticate).decide(kRefuse);
    EXPECT_EQ(door.authenticate(), PAM_AUTH_ERR);
    expect_lines({{LOG_NOTICE, "authenticate for (unprintable): refuse"},
                  {LOG_DEBUG, "authenticate for (unprintable): refuse after "}});
  }
}

TEST_F(Log, IsSilentAboutLocalAccounts) {
  Door door("debug", "root");
  EXPECT_EQ(door.authenticate(), PAM_USER_UNKNOWN);
  expect_lines({});
}

}  // namespace
}  // namespace usher::pam_module::test
