// Malformed frames, storms and strangers at the login socket of the shipped test daemon: one
// connection is closed and counted, everybody else's conversation goes on, nothing piles up.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <iostream>
#include <thread>

#include "tests/system/host.hpp"
#include "tests/system/raw_connection.hpp"

namespace usher::test {
namespace {

using protocol::Header;
using protocol::MessageType;
using protocol::Operation;

std::int64_t number_in(const std::string& json, const std::string& name) {
  const std::size_t at = json.find("\"" + name + "\":");
  return at == std::string::npos ? -1 : std::stoll(json.substr(at + name.size() + 3));
}

std::int64_t refused_frames(const Host& host) {
  return number_in(host.usherctl({"status", "--json"}).text, "refused_frames");
}

std::size_t descriptors_of(pid_t process) {
  std::size_t count = 0;
  const std::string room = "/proc/" + std::to_string(process) + "/fd";
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(room)) ++count;
  return count;
}

// The daemon closes its ends a moment after ours: the least of some looks is what it holds.
std::size_t settled_descriptors_of(pid_t process) {
  std::size_t least = descriptors_of(process);
  for (int look = 0; look < 20; ++look) {
    (void)::poll(nullptr, 0, 5);
    least = std::min(least, descriptors_of(process));
  }
  return least;
}

long resident_kib(pid_t process) {
  const std::string status = slurp("/proc/" + std::to_string(process) + "/status");
  return std::stol(status.substr(status.find("VmRSS:") + 6));
}

// Connections end a moment after they are closed here.
template <typename Condition>
bool soon(const Condition& condition) {
  const auto deadline = protocol::Deadline::after(std::chrono::seconds(20));
  while (!condition()) {
    if (deadline.passed()) return false;
    (void)::poll(nullptr, 0, 5);
  }
  return true;
}

std::string framed(const Header& header, const auto& message) {
  const auto frame = protocol::encode(header, message);
  return std::string(frame->view());
}

std::string hello() {
  return framed({}, protocol::ClientHello{});
}

std::string begin(std::string_view user = "ada") {
  protocol::Begin message;
  message.user = user;
  message.service = "usher-test";
  message.tty = "tty1";
  return framed({protocol::kVersion, MessageType::begin, 0}, message);
}

std::string answer(std::uint32_t number) {
  return framed({protocol::kVersion, MessageType::answer, number}, protocol::Answer{});
}

std::string without_end(std::string frame) {
  return frame.substr(0, frame.size() - 1);
}

std::string with_byte(std::string frame, std::size_t at, char byte) {
  frame[at] = byte;
  return frame;
}

struct Malformed {
  const char* what;
  std::vector<std::string> frames;  // the last one is the malformed one
};

std::vector<Malformed> malformed() {
  constexpr std::size_t kOperation = protocol::kHeaderSize;
  return {
      {"one byte", {"x"}},
      {"text", {"GET / HTTP/1.1\r\n\r\n"}},
      {"wrong magic", {with_byte(hello(), 0, 'X')}},
      {"unknown type", {with_byte(hello(), 7, 99)}},
      {"reply for a request", {with_byte(hello(), 7, 2)}},
      {"cut hello", {without_end(hello())}},
      {"hello with more behind it", {hello() + "x"}},
      {"hello over the limit", {hello() + std::string(protocol::kMaxFrame, 'x')}},
      {"begin before hello", {begin()}},
      {"hello twice", {hello(), hello()}},
      {"cut begin", {hello(), without_end(begin())}},
      {"begin with more behind it", {hello(), begin() + "x"}},
      {"begin over the limit", {hello(), begin() + std::string(protocol::kMaxFrame, 'x')}},
      {"unknown operation", {hello(), with_byte(begin(), kOperation, 99)}},
      {"answer before begin", {hello(), answer(1)}},
      {"begin twice", {hello(), begin(), begin()}},
      {"answer to another question", {hello(), begin(), answer(7)}},
      {"cut answer", {hello(), begin(), without_end(answer(1))}},
      {"unknown kind of answer", {hello(), begin(), with_byte(answer(1), kOperation, 99)}},
      {"answer over its limit",
       {hello(), begin(), answer(1) + std::string(protocol::kMaxAnswer, 'x')}},
  };
}

class Frames : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(host_.start());
    ada_ = add_ada(host_);
    ASSERT_NO_FATAL_FAILURE(first_sign_in(host_, ada_));
  }

  void expect_sign_in_works() {
    host_.advance(30);
    EXPECT_TRUE(sign_in(host_, app_code(ada_.key, host_.clock())).accepted());
  }

  Host host_;
  Ada ada_;
};

TEST_F(Frames, AMalformedOneClosesThatConnectionOnlyAndIsCounted) {
  host_.advance(30);
  const Talk seen =
      talk(host_.login_socket(), Operation::authenticate,
           [&](std::string_view question, const std::string&) -> std::optional<std::string> {
             if (question == "Password: ") return kPassword;
             // In the middle of this conversation:
             std::int64_t counted = refused_frames(host_);
             EXPECT_EQ(counted, 0);
             for (const Malformed& one : malformed()) {
               SCOPED_TRACE(one.what);
               RawConnection connection(host_.login_socket());
               for (const std::string& frame : one.frames) {
                 connection.send(frame);
                 if (&frame != &one.frames.back()) {
                   EXPECT_TRUE(connection.receives_a_frame());
                 }
               }
               EXPECT_TRUE(connection.is_closed_by_the_other_end());
               ++counted;
               EXPECT_TRUE(soon([&] { return refused_frames(host_) == counted; }));
             }
             return app_code(ada_.key, host_.clock());
           });
  EXPECT_TRUE(seen.accepted()) << seen.told;
  std::cout << malformed().size() << " malformed frames, each counted once\n";
}

TEST_F(Frames, AnUnfinishedConversationIsNoMalformedFrame) {
  for (const auto& frames : std::vector<std::vector<std::string>>{
           {}, {hello()}, {hello(), begin()}, {hello(), begin("nobody-here")}}) {
    RawConnection connection(host_.login_socket());
    for (const std::string& frame : frames) {
      connection.send(frame);
      EXPECT_TRUE(connection.receives_a_frame());
    }
  }
  expect_sign_in_works();
  EXPECT_EQ(refused_frames(host_), 0);
}

TEST_F(Frames, AStormOfConnectionsLeavesNothing) {
  constexpr int kStorm = 20'000;
  const auto storm = [&](int count) {
    for (int i = 0; i < count; ++i) {
      RawConnection connection(host_.login_socket());
      if (i % 2 == 0) connection.send(hello());
    }
  };
  const std::size_t before = settled_descriptors_of(host_.pid());
  storm(kStorm / 10);
  expect_sign_in_works();  // connections are taken in turn: now none waits any more
  const long warm = resident_kib(host_.pid());
  storm(kStorm);
  expect_sign_in_works();
  const std::size_t after = settled_descriptors_of(host_.pid());
  const long resident = resident_kib(host_.pid());
  std::cout << kStorm << " connections: descriptors " << before << " before and " << after
            << " after, VmRSS " << warm << " and " << resident << " KiB\n";
  EXPECT_EQ(after, before);
  // Thread stacks are kept for the next ones; a leak of 200 bytes a connection is found.
  EXPECT_LT(resident - warm, 4'096);
}

TEST_F(Frames, IdleConnectionsEndAtTheHelloDeadline) {
  const std::size_t descriptors = settled_descriptors_of(host_.pid());
  std::vector<std::unique_ptr<RawConnection>> idle;
  for (int i = 0; i < 300; ++i) {
    idle.push_back(std::make_unique<RawConnection>(host_.login_socket()));
  }
  expect_sign_in_works();
  // Closed by the daemon; our ends are still open.
  EXPECT_TRUE(soon([&] { return descriptors_of(host_.pid()) <= descriptors; }));
}

// --- Strangers: what another uid sees, as one word

std::string as_uid(uid_t uid, const std::function<std::string()>& look) {
  int ends[2];
  if (::pipe(ends) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    std::string seen = "cannot become that uid";
    if (::setgid(uid) == 0 && ::setuid(uid) == 0) seen = look();
    (void)!::write(ends[1], seen.data(), seen.size());
    ::_exit(0);
  }
  ::close(ends[1]);
  char text[256] = "";
  (void)!::read(ends[0], text, sizeof text - 1);
  ::close(ends[0]);
  (void)::waitpid(child, nullptr, 0);
  return text;
}

class Strangers : public Frames {
 protected:
  void SetUp() override {
    ASSERT_EQ(::geteuid(), 0U) << "another uid is played by a child: run the tests as root";
    ASSERT_NO_FATAL_FAILURE(Frames::SetUp());
    std::filesystem::permissions(host_.directory(), std::filesystem::perms(0711));
    const std::string shown = host_.usherctl({"user", "show", "ada", "--json"}).text;
    ada_uid_ = static_cast<uid_t>(number_in(shown, "uid"));
  }

  std::string talk_as(uid_t uid, const std::string& user, const std::string& answer) {
    return as_uid(uid, [&] {
      const Talk there =
          talk(host_.login_socket(), Operation::authenticate, std::vector<std::string>{answer},
               Caller{user, "usher-test", "tty1", ""});
      if (!there.outcome) return std::string("no verdict");
      if (there.last_question.empty()) return std::string("not asked");
      return std::string(there.accepted() ? "accepted" : "refused");
    });
  }

  std::string connect_as(uid_t uid) {
    return as_uid(uid, [&] {
      RawConnection connection(host_.login_socket());
      connection.send(hello());
      return std::string(connection.receives_a_frame() ? "answered" : "closed");
    });
  }

  uid_t ada_uid_ = 0;
};

TEST_F(Strangers, MayVerifyThemselvesAndNobodyElse) {
  ASSERT_EQ(host_.usherctl({"user", "add", "bob"}).status, 0);
  host_.advance(30);
  const std::string right = kPassword + app_code(ada_.key, host_.clock());
  EXPECT_EQ(talk_as(ada_uid_, "ada", "not the password000000"), "refused");
  EXPECT_EQ(talk_as(ada_uid_, "bob", right), "not asked");
  EXPECT_EQ(talk_as(ada_uid_, "ada", right), "accepted");
}

TEST_F(Strangers, MayHoldTwoConnectionsAndNotThree) {
  const std::string seen = as_uid(ada_uid_, [&] {
    RawConnection one(host_.login_socket());
    RawConnection two(host_.login_socket());
    RawConnection three(host_.login_socket());
    if (!three.is_closed_by_the_other_end()) return std::string("three stay open");
    one.send(hello());
    two.send(hello());
    return std::string(one.receives_a_frame() && two.receives_a_frame() ? "two" : "fewer");
  });
  EXPECT_EQ(seen, "two");
  expect_sign_in_works();
}

// Of root's mistakes there is a line each; of a stranger's there is a count.
TEST_F(Strangers, FillNoLog) {
  constexpr int kBad = 50;
  const auto send_bad_ones = [&] {
    for (int i = 0; i < kBad; ++i) {
      RawConnection connection(host_.login_socket());
      connection.send("x");
      (void)connection.is_closed_by_the_other_end();
    }
    return std::string("sent");
  };
  ASSERT_EQ(as_uid(ada_uid_, send_bad_ones), "sent");
  EXPECT_TRUE(soon([&] { return refused_frames(host_) == kBad; }));
  EXPECT_EQ(host_.log().find("login uid="), std::string::npos) << host_.log();
  RawConnection roots(host_.login_socket());
  roots.send("x");
  EXPECT_TRUE(soon([&] { return host_.log().find("login uid=0: ") != std::string::npos; }));
}

TEST_F(Strangers, OfNoPublishedUidAreClosedAtOnce) {
  EXPECT_EQ(connect_as(ada_uid_), "answered");
  EXPECT_EQ(connect_as(12'345), "closed");
  // The uid a user namespace shows for those it hides.
  EXPECT_EQ(connect_as(65'534), "closed");
  EXPECT_EQ(refused_frames(host_), 0);
}

}  // namespace
}  // namespace usher::test
