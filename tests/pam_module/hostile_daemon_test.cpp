// A daemon that lies, dies, stalls or is somebody else. Whatever it does, nobody gets in.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "application.hpp"

namespace usher::pam_module::test {
namespace {

using protocol::AnswerKind;
using protocol::Operation;
using protocol::Outcome;
using protocol::Slot;
using protocol::Step;
using protocol::StepKind;
using protocol::Verdict;

const Verdict kAccept{Outcome::accept, Slot::none, 0, Slot::none, kAda, ""};
constexpr Step kAsk{StepKind::ask_hidden, Slot::password, "Password: "};
constexpr Step kTell{StepKind::tell_info, Slot::none, "Once more."};

// A frame of ours with one byte replaced.
std::string with_byte(std::string frame, std::size_t offset, int byte) {
  frame.at(offset) = static_cast<char>(byte);
  return frame;
}

// Offsets in a frame: the header's fields, and the first of the body.
constexpr std::size_t kMagicAt = 0;
constexpr std::size_t kVersionAt = 5;
constexpr std::size_t kTypeAt = 7;
constexpr std::size_t kRequestIdAt = 11;
constexpr std::size_t kBodyAt = 12;

// The module gets this instead of a hello.
void expect_denied_hello(const std::string& frame) {
  Door door;
  door.daemon.accept().expect_hello().send(frame).expect_hang_up();
  EXPECT_EQ(door.authenticate(), PAM_AUTHINFO_UNAVAIL);
}

// The module gets this instead of a step or a verdict.
void expect_denied_reply(const std::string& frame) {
  Door door;
  door.daemon.meet(Operation::authenticate).send(frame).expect_hang_up();
  EXPECT_EQ(door.authenticate(), PAM_AUTHINFO_UNAVAIL);
  EXPECT_TRUE(door.application.shown().empty());
}

TEST(AbsentDaemon, IsADenial) {
  const PrivateDirectory directory;
  Application application(FakeDaemon::options(directory / "login.sock"));
  EXPECT_EQ(application.authenticate(), PAM_AUTHINFO_UNAVAIL);
}

TEST(AbsentDaemon, WithItsSocketLeftBehindIsADenial) {
  const PrivateDirectory directory;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, (directory / "login.sock").c_str());
  {
    const UniqueFd dead(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    ASSERT_EQ(::bind(dead.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  Application application(FakeDaemon::options(directory / "login.sock"));
  EXPECT_EQ(application.authenticate(), PAM_AUTHINFO_UNAVAIL);
}

// As under SIGSTOP: the kernel takes the connection, nobody accepts it.
TEST(SilentDaemon, IsADenialAtTheHelloDeadline) {
  Door door;
  EXPECT_EQ(door.application.authenticate(), PAM_AUTHINFO_UNAVAIL);
  door.daemon.accept().expect_hello().expect_hang_up();
  door.daemon.start();
}

TEST(SilentDaemon, WithAFullQueueIsADenialAtTheHelloDeadline) {
  const PrivateDirectory directory;
  const std::string path = directory / "login.sock";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, path.c_str());
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  const UniqueFd listener(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(listener.get(), generic, sizeof address), 0);
  ASSERT_EQ(::listen(listener.get(), 0), 0);
  std::vector<UniqueFd> queue;
  for (;;) {
    queue.emplace_back(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (::connect(queue.back().get(), generic, sizeof address) != 0) break;
  }
  Application application(FakeDaemon::options(path));
  EXPECT_EQ(application.authenticate(), PAM_AUTHINFO_UNAVAIL);
}

TEST(DyingDaemon, IsADenialWhereverItDies) {
  const std::vector<std::function<void(FakeDaemon&)>> deaths = {
      [](FakeDaemon& daemon) { daemon.accept(); },
      [](FakeDaemon& daemon) { daemon.accept().expect_hello(); },
      [](FakeDaemon& daemon) { daemon.greet(); },
      [](FakeDaemon& daemon) { daemon.meet(Operation::authenticate); },
      [](FakeDaemon& daemon) { daemon.meet(Operation::authenticate).step(kTell); },
      [](FakeDaemon& daemon) {
        daemon.meet(Operation::authenticate).step(kTell).expect_answer(AnswerKind::told);
      },
  };
  for (std::size_t point = 0; point < deaths.size(); ++point) {
    SCOPED_TRACE(point);
    Door door;
    deaths[point](door.daemon);
    door.daemon.hang_up();
    EXPECT_EQ(door.authenticate(), PAM_AUTHINFO_UNAVAIL);
  }
}

TEST(TruncatedFrame, IsADenialAtEveryByte) {
  const std::string hello = hello_frame();
  for (std::size_t size = 0; size < hello.size(); ++size) {
    SCOPED_TRACE("hello " + std::to_string(size));
    expect_denied_hello(hello.substr(0, size));
  }
  const std::string step = step_frame(1, kAsk);
  for (std::size_t size = 0; size < step.size(); ++size) {
    SCOPED_TRACE("step " + std::to_string(size));
    expect_denied_reply(step.substr(0, size));
  }
  const std::string verdict = verdict_frame(kAccept);
  for (std::size_t size = 0; size < verdict.size(); ++size) {
    SCOPED_TRACE("verdict " + std::to_string(size));
    expect_denied_reply(verdict.substr(0, size));
  }
}

TEST(OverLongFrame, IsADenial) {
  for (const std::size_t size : {protocol::kMaxFrame + 1, std::size_t{60'000}}) {
    SCOPED_TRACE(size);
    std::string hello = hello_frame();
    hello.resize(size, '\0');
    expect_denied_hello(hello);
    std::string verdict = verdict_frame(kAccept);
    verdict.resize(size, '\0');
    expect_denied_reply(verdict);
  }
}

TEST(OverLongFrame, IsOneByteTooMany) {
  expect_denied_hello(hello_frame() + '\0');
  expect_denied_reply(step_frame(1, kAsk) + '\0');
  expect_denied_reply(verdict_frame(kAccept) + '\0');
}

TEST(ForeignFrame, WithAnotherMagicIsADenial) {
  expect_denied_hello(with_byte(hello_frame(), kMagicAt, 'X'));
  expect_denied_reply(with_byte(step_frame(1, kAsk), kMagicAt, 'X'));
  expect_denied_reply(with_byte(verdict_frame(kAccept), kMagicAt, 'X'));
}

TEST(ForeignFrame, OfAnotherVersionIsADenial) {
  expect_denied_hello(hello_frame(0));
  expect_denied_hello(hello_frame(protocol::kVersion + 1));
  expect_denied_hello(hello_frame(0xFFFF));
  expect_denied_reply(with_byte(step_frame(1, kAsk), kVersionAt, protocol::kVersion + 1));
  expect_denied_reply(with_byte(verdict_frame(kAccept), kVersionAt, 0));
}

TEST(ForeignFrame, OfAnotherTypeIsADenial) {
  for (const int type : {0, 1, 3, 4, 5, 6, 7, 99}) {
    SCOPED_TRACE(type);
    expect_denied_hello(with_byte(hello_frame(), kTypeAt, type));
  }
  for (const int type : {0, 1, 2, 3, 4, 5, 7, 99}) {
    SCOPED_TRACE(type);
    expect_denied_reply(with_byte(verdict_frame(kAccept), kTypeAt, type));
  }
  expect_denied_hello(verdict_frame(kAccept));
  expect_denied_reply(hello_frame());
}

TEST(ForeignFrame, WithAnotherRequestIdIsADenial) {
  expect_denied_hello(with_byte(hello_frame(), kRequestIdAt, 1));
  expect_denied_reply(step_frame(0, kAsk));
}

TEST(ForeignFrame, ThatRepeatsAStepsNumberIsADenial) {
  for (const std::uint32_t number : {6u, 7u}) {
    SCOPED_TRACE(number);
    Door door;
    door.daemon.meet(Operation::authenticate)
        .send(step_frame(7, kTell))
        .send(step_frame(number, kAsk));
    EXPECT_EQ(door.authenticate(), PAM_AUTHINFO_UNAVAIL);
    EXPECT_EQ(door.application.shown().size(), 1u);
  }
}

TEST(ForeignFrame, WithAnUnknownValueIsADenial) {
  for (const int outcome : {0, 7, 255}) {
    expect_denied_reply(with_byte(verdict_frame(kAccept), kBodyAt, outcome));
  }
  expect_denied_reply(with_byte(verdict_frame(kAccept), kBodyAt + 1, 3));
  expect_denied_reply(with_byte(verdict_frame(kAccept), kBodyAt + 4, 3));
  for (const int kind : {0, 5, 255}) {
    expect_denied_reply(with_byte(step_frame(1, kAsk), kBodyAt, kind));
  }
  expect_denied_reply(with_byte(step_frame(1, kAsk), kBodyAt + 1, 3));
}

TEST(EndlessDaemon, IsLeftAfterTheLastStepAllowed) {
  Door door;
  door.daemon.meet(Operation::authenticate);
  for (std::uint32_t step = 1; step < protocol::kMaxSteps; ++step) {
    door.daemon.step(kTell).expect_answer(AnswerKind::told);
  }
  door.daemon.step(kTell).expect_hang_up();
  EXPECT_EQ(door.authenticate(), PAM_AUTHINFO_UNAVAIL);
  EXPECT_EQ(door.application.shown().size(), protocol::kMaxSteps);
}

TEST(LyingDaemon, CannotLetInSomebodyElse) {
  for (const char* name : {"root", "bob", "ada", "ada.lovelace2", "Ada.Lovelace", ""}) {
    SCOPED_TRACE(name);
    Door door;
    door.daemon.meet(Operation::authenticate)
        .step(kAsk)
        .expect_answer(AnswerKind::given, "correct horse")
        .decide(Verdict{Outcome::accept, Slot::password, 13, Slot::none, name, "Welcome."});
    door.application.types("correct horse");
    EXPECT_EQ(door.authenticate(), PAM_AUTHINFO_UNAVAIL);
    EXPECT_EQ(door.application.token(), std::nullopt);
    EXPECT_EQ(door.application.shown().size(), 1u) << "a welcome for somebody else";
  }
}

TEST(LyingDaemon, CannotLetInSomebodyElseThroughANewPassword) {
  Door door;
  door.daemon.meet(Operation::account)
      .decide(Verdict{Outcome::new_password_needed, Slot::none, 0, Slot::none, "bob", ""});
  EXPECT_EQ(door.check_account(), PAM_AUTHINFO_UNAVAIL);
}

TEST(LyingDaemon, CannotNameAnAnswerThatNobodyGave) {
  const std::vector<Verdict> lies = {
      {Outcome::accept, Slot::password, 6, Slot::none, kAda, ""},  // longer than the answer
      {Outcome::accept, Slot::password, 0, Slot::none, kAda, ""},  // nothing of it
      {Outcome::accept, Slot::new_password, 1, Slot::none, kAda, ""},
      {Outcome::accept, Slot::password, 5, Slot::new_password, kAda, ""},
  };
  for (std::size_t i = 0; i < lies.size(); ++i) {
    SCOPED_TRACE(i);
    Door door;
    door.daemon.meet(Operation::authenticate)
        .step(kAsk)
        .expect_answer(AnswerKind::given, "guess")
        .decide(lies[i]);
    door.application.types("guess");
    EXPECT_EQ(door.authenticate(), PAM_AUTHINFO_UNAVAIL);
    EXPECT_EQ(door.application.token(), std::nullopt);
    EXPECT_EQ(door.application.old_token(), std::nullopt);
  }
}

TEST(LyingDaemon, CannotNameAnAnswerThatWasTakenBack) {
  Door door;
  door.daemon.meet(Operation::authenticate)
      .step(kAsk)
      .expect_answer(AnswerKind::given, "guess")
      .step(kAsk)
      .expect_answer(AnswerKind::no_text)
      .decide(Verdict{Outcome::accept, Slot::password, 5, Slot::none, kAda, ""});
  door.application.types("guess").returns_no_text();
  EXPECT_EQ(door.authenticate(), PAM_AUTHINFO_UNAVAIL);
  EXPECT_EQ(door.application.token(), std::nullopt);
}

// What the socket's place says about who may answer there. The daemon would say yes to all.
TEST(UntrustedSocket, InADirectoryOthersMayWriteGetsNothing) {
  for (const mode_t mode : {0770u, 0707u, 0777u, 0720u, 0702u}) {
    SCOPED_TRACE(mode);
    Door door;
    ASSERT_EQ(::chmod(door.directory.path().c_str(), mode), 0);
    EXPECT_EQ(door.authenticate(), PAM_AUTHINFO_UNAVAIL);
  }
}

TEST(UntrustedSocket, BehindASymbolicLinkGetsNothing) {
  const PrivateDirectory directory;
  FakeDaemon daemon(directory / "real.sock");
  ASSERT_EQ(::symlink("real.sock", (directory / "login.sock").c_str()), 0);
  Application application(FakeDaemon::options(directory / "login.sock"));
  EXPECT_EQ(application.authenticate(), PAM_AUTHINFO_UNAVAIL);
}

TEST(UntrustedSocket, InALinkedDirectoryGetsNothing) {
  const PrivateDirectory directory;
  const PrivateDirectory elsewhere;
  FakeDaemon daemon(directory / "login.sock");
  ASSERT_EQ(::symlink(directory.path().c_str(), (elsewhere / "usher").c_str()), 0);
  Application application(FakeDaemon::options(elsewhere / "usher/login.sock"));
  EXPECT_EQ(application.authenticate(), PAM_AUTHINFO_UNAVAIL);
}

TEST(UntrustedSocket, OwnedBySomebodyElseGetsNothing) {
  const PrivateDirectory directory;
  FakeDaemon daemon(directory / "login.sock");
  std::string server = "0";
  if (::getuid() == 0) {
    ASSERT_EQ(::chown((directory / "login.sock").c_str(), 12345, 12345), 0);
  }  // else socket and directory are the tester's, who is not the server
  Application application("socket=" + (directory / "login.sock") + " server_uid=" + server);
  EXPECT_EQ(application.authenticate(), PAM_AUTHINFO_UNAVAIL);
}

TEST(UntrustedSocket, ThatIsAFileGetsNothing) {
  Application application("socket=/etc/passwd");
  EXPECT_EQ(application.authenticate(), PAM_AUTHINFO_UNAVAIL);
}

// The socket is root's, but another uid listens on it: it may have been handed on.
TEST(UntrustedSocket, ServedBySomebodyElseHearsNoWord) {
  if (::getuid() != 0) GTEST_SKIP() << "only root can listen as somebody else";
  const PrivateDirectory directory;
  const std::string path = directory / "login.sock";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, path.c_str());
  const UniqueFd listener(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  // The system call itself: glibc's setresuid would change every thread of the process.
  ASSERT_EQ(::syscall(SYS_setresuid, -1, 12345, -1), 0);
  const int listening = ::listen(listener.get(), 1);
  ASSERT_EQ(::syscall(SYS_setresuid, -1, 0, -1), 0);
  ASSERT_EQ(listening, 0);

  Application application("socket=" + path);
  EXPECT_EQ(application.authenticate(), PAM_AUTHINFO_UNAVAIL);
  const UniqueFd connection(::accept(listener.get(), nullptr, nullptr));
  ASSERT_TRUE(connection.valid());
  char byte = 0;
  EXPECT_EQ(::recv(connection.get(), &byte, 1, 0), 0);
}

}  // namespace
}  // namespace usher::pam_module::test
