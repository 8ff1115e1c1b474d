// The process around the module: what it may find there, and that it leaves it as it was.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <security/pam_modules.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <csignal>
#include <filesystem>
#include <future>

#include "application.hpp"

extern char** environ;

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
const Verdict kRefuse{Outcome::refuse, Slot::none, 0, Slot::none, kAda, ""};

std::size_t open_descriptors() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    (void)entry;
    ++count;
  }
  return count;
}

void play_sign_in(Door& door) {
  door.daemon.meet(Operation::authenticate)
      .step(kAsk)
      .expect_answer(AnswerKind::given, "correct horse")
      .decide(kAccept);
  door.application.types("correct horse");
}

TEST(Caller, WithFourThousandDescriptorsSignsIn) {
  constexpr rlim_t kNeeded = 4'300;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_GE(before.rlim_max, kNeeded) << "this test needs a hard limit of 4,300 descriptors";
  const rlimit raised{before.rlim_cur > kNeeded ? before.rlim_cur : kNeeded, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &raised), 0);
  {
    std::vector<UniqueFd> held;
    for (int i = 0; i < 4'096; ++i) held.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    ASSERT_TRUE(held.back().valid());
    Door door;
    play_sign_in(door);
    EXPECT_EQ(door.authenticate(), PAM_SUCCESS);
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

// Runs in a child: true when none of the standard descriptors is open.
bool standard_descriptors_are_closed() {
  for (int fd = 0; fd <= 2; ++fd) {
    if (::fcntl(fd, F_GETFD) != -1) return false;
  }
  return true;
}

TEST(Caller, WithoutStandardDescriptorsSignsInAndFindsThemClosed) {
  constexpr int kFoundOpen = 200;
  Door door;
  door.daemon.meet(Operation::authenticate)
      .step(kAsk)
      .expect_answer(AnswerKind::given, "correct horse")
      .decide(kAccept);
  const pid_t child = ::fork();  // before the daemon's thread starts
  ASSERT_GE(child, 0);
  if (child == 0) {
    for (int fd = 0; fd <= 2; ++fd) ::close(fd);
    bool closed = true;
    // The module's connection is open while the person is asked, and must not be 0, 1 or 2.
    const pam_conv conversation{
        [](int, const pam_message**, pam_response** responses, void* found) {
          *static_cast<bool*>(found) = standard_descriptors_are_closed();
          *responses = static_cast<pam_response*>(std::calloc(1, sizeof(pam_response)));
          (*responses)->resp = ::strdup("correct horse");
          return PAM_SUCCESS;
        },
        &closed};
    if (pam_set_item(door.application.handle(), PAM_CONV, &conversation) != PAM_SUCCESS) {
      ::_exit(kFoundOpen);
    }
    const int code = door.application.authenticate();
    ::_exit(closed && standard_descriptors_are_closed() ? code : kFoundOpen);
  }
  door.daemon.start();
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  door.daemon.finish();
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), PAM_SUCCESS);
}

// Linux raises no SIGPIPE for this kind of socket even without MSG_NOSIGNAL, so the flag itself is
// beyond this test; what it holds is that the caller lives, whatever the transport becomes.
TEST(Caller, WithDefaultSigpipeSurvivesADaemonThatHangsUp) {
  struct sigaction before {};
  struct sigaction fatal {};
  fatal.sa_handler = SIG_DFL;
  ASSERT_EQ(::sigaction(SIGPIPE, &fatal, &before), 0);
  std::promise<void> gone;
  Door door;
  door.daemon.meet(Operation::authenticate).step(kAsk).hang_up().run([&] { gone.set_value(); });
  // Types only when the daemon has gone: the answer is written to a dead connection.
  door.application.types_after([&] { gone.get_future().wait(); }, "correct horse");
  EXPECT_EQ(door.authenticate(), PAM_AUTHINFO_UNAVAIL);
  ASSERT_EQ(::sigaction(SIGPIPE, &before, nullptr), 0);
}

// Everything of a process that a library can change without anybody asking for it.
struct Surroundings {
  mode_t mask;
  std::string directory;
  std::string locale;
  std::vector<std::string> environment;
  std::vector<void (*)(int)> handlers;
  std::vector<int> blocked;

  static Surroundings now() {
    Surroundings here;
    here.mask = ::umask(0);
    (void)::umask(here.mask);
    here.directory = std::filesystem::current_path();
    here.locale = std::setlocale(LC_ALL, nullptr);
    for (char** entry = environ; *entry != nullptr; ++entry) here.environment.push_back(*entry);
    sigset_t blocked;
    EXPECT_EQ(::sigprocmask(SIG_SETMASK, nullptr, &blocked), 0);
    for (int signal = 1; signal < NSIG; ++signal) {
      struct sigaction action {};
      (void)::sigaction(signal, nullptr, &action);
      here.handlers.push_back(action.sa_handler);
      here.blocked.push_back(sigismember(&blocked, signal));
    }
    return here;
  }
  friend bool operator==(const Surroundings&, const Surroundings&) = default;
};

TEST(Caller, FindsItsSurroundingsAsTheyWere) {
  Door door;
  play_sign_in(door);
  door.daemon.meet(Operation::account).decide(kRefuse).meet(Operation::prepare_change).hang_up();
  const mode_t mask = ::umask(0123);
  const Surroundings before = Surroundings::now();
  door.daemon.start();
  EXPECT_EQ(door.application.authenticate(), PAM_SUCCESS);
  EXPECT_EQ(door.application.check_account(), PAM_PERM_DENIED);
  EXPECT_EQ(door.application.change_password(), PAM_TRY_AGAIN);
  EXPECT_EQ(door.application.set_credentials(), PAM_SUCCESS);
  EXPECT_EQ(Surroundings::now(), before);
  (void)::umask(mask);
}

// call_module() itself compares errno, and without libpam between, which changes it.
TEST(Caller, FindsErrnoAsItWas) {
  const PrivateDirectory directory;
  Application application("");
  const std::string socket = "socket=" + (directory / "login.sock");
  for (const char* function : {"pam_sm_authenticate", "pam_sm_acct_mgmt", "pam_sm_chauthtok"}) {
    SCOPED_TRACE(function);
    EXPECT_NE(call_module(function, application.handle(), PAM_PRELIM_CHECK, {socket}), PAM_SUCCESS);
  }
  for (const char* function : {"pam_sm_authenticate", "pam_sm_acct_mgmt", "pam_sm_chauthtok",
                               "pam_sm_open_session", "pam_sm_close_session"}) {
    SCOPED_TRACE(function);
    EXPECT_EQ(call_module(function, application.handle(), 0, {"no_such_option"}), PAM_SERVICE_ERR);
  }
  EXPECT_EQ(call_module("pam_sm_setcred", application.handle(), 0, {"no_such_option"}),
            PAM_SUCCESS);
}

// libpam never does this; a caller of our own might.
TEST(Caller, ThatMixesThePhasesOfAChangeIsRefused) {
  Door door;
  for (const int phases : {0, PAM_PRELIM_CHECK | PAM_UPDATE_AUTHTOK}) {
    EXPECT_EQ(
        call_module("pam_sm_chauthtok", door.application.handle(), phases, door.module_options()),
        PAM_SYSTEM_ERR);
  }
}

TEST(Caller, PassesNothingOnToAProgramItExecutes) {
  const auto inheritable = [] {
    std::vector<int> found;
    for (int fd = 0; fd < 1024; ++fd) {
      const int flags = ::fcntl(fd, F_GETFD);
      if (flags != -1 && (flags & FD_CLOEXEC) == 0) found.push_back(fd);
    }
    return found;
  };
  const std::vector<int> before = inheritable();
  const std::size_t open_before = open_descriptors();
  Door door;
  door.daemon.meet(Operation::authenticate)
      .step(kAsk)
      .expect_answer(AnswerKind::given, "correct horse")
      .decide(kAccept);
  door.application.types_after(
      [&] {
        EXPECT_GT(open_descriptors(), open_before) << "the module's connection is open now";
        EXPECT_EQ(inheritable(), before);
      },
      "correct horse");
  EXPECT_EQ(door.authenticate(), PAM_SUCCESS);
}

TEST(Caller, LosesNoDescriptorInTwoHundredSignIns) {
  std::size_t before = 0;
  for (int i = 0; i < 200; ++i) {
    Door door;
    play_sign_in(door);
    door.daemon.meet(Operation::account)
        .send("not a frame")
        .meet(Operation::account)
        .send_with_descriptor(verdict_frame(kAccept))
        .hang_up();
    door.daemon.start();
    EXPECT_EQ(door.application.authenticate(), PAM_SUCCESS);
    EXPECT_EQ(door.application.check_account(), PAM_AUTHINFO_UNAVAIL);
    EXPECT_EQ(door.application.check_account(), PAM_SUCCESS);
    door.daemon.finish();
    if (i == 0) before = open_descriptors();  // libc may keep one for the system log
    ASSERT_EQ(open_descriptors(), before);
  }
}

}  // namespace
}  // namespace usher::pam_module::test
