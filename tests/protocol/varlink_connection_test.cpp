// Varlink over a real socket pair: deadlines, hang-ups, several calls at once.
#include "protocol/varlink_connection.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <thread>

namespace usher::protocol::varlink {
namespace {

using namespace std::chrono_literals;

class VarlinkConnection : public ::testing::Test {
 protected:
  void SetUp() override {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    ours_.reset(ends[0]);
    theirs_.reset(ends[1]);
  }
  void they_send(std::string_view bytes) {
    ASSERT_EQ(::send(theirs_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  Deadline soon() { return Deadline::after(5s); }
  Deadline now() { return Deadline::after(0ms); }

  UniqueFd ours_, theirs_;
};

TEST_F(VarlinkConnection, AnswersCallsSentTogetherOneByOne) {
  Connection connection(ours_.get(), kMaxFrame);
  they_send(std::string_view("{\"a\":1}\0{\"b\":2}\0", 16));
  for (const char* expected : {"{\"a\":1}", "{\"b\":2}"}) {
    auto frame = connection.receive(soon());
    ASSERT_TRUE(frame && frame->has_value());
    EXPECT_EQ((*frame)->view(), expected);
  }
}

TEST_F(VarlinkConnection, EndsBetweenMessagesWithoutAnError) {
  Connection connection(ours_.get(), kMaxFrame);
  they_send(std::string_view("{}\0", 3));
  theirs_.reset();
  auto frame = connection.receive(soon());
  ASSERT_TRUE(frame && frame->has_value());
  auto end = connection.receive(soon());
  ASSERT_TRUE(end);
  EXPECT_FALSE(end->has_value());
}

TEST_F(VarlinkConnection, CallsAHangUpInAMessageByItsName) {
  Connection connection(ours_.get(), kMaxFrame);
  they_send("{\"method\"");
  theirs_.reset();
  auto frame = connection.receive(soon());
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().code(), Errc::hung_up);
}

TEST_F(VarlinkConnection, StopsWaitingAtItsDeadline) {
  Connection connection(ours_.get(), kMaxFrame);
  auto silent = connection.receive(now());
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().code(), Errc::timed_out);
  they_send("{");
  auto half = connection.receive(Deadline::after(20ms));
  ASSERT_FALSE(half);
  EXPECT_EQ(half.error().code(), Errc::timed_out);
}

TEST_F(VarlinkConnection, StopsSendingToAPeerThatDoesNotRead) {
  Connection connection(ours_.get(), kMaxFrame);
  const std::string frame(kMaxFrame, 'x');
  for (int i = 0; i < 1000; ++i) {
    auto sent = connection.send(frame, Deadline::after(1ms));
    if (sent) continue;
    EXPECT_EQ(sent.error().code(), Errc::timed_out);
    return;
  }
  FAIL() << "the socket took 64 MB";
}

TEST_F(VarlinkConnection, ReportsAPeerThatIsGone) {
  Connection connection(ours_.get(), kMaxFrame);
  theirs_.reset();
  auto sent = connection.send("{}", soon());  // raises no SIGPIPE
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code(), Errc::hung_up);
}

TEST_F(VarlinkConnection, RefusesAMessageOverItsOwnLimit) {
  Connection connection(ours_.get(), 16);
  they_send("{\"a\":\"0123456789\"");
  auto frame = connection.receive(soon());
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().code(), Errc::invalid_input);
}

TEST_F(VarlinkConnection, MovesALargeMessageWhole) {
  const std::string text(kMaxFrame, 'x');
  std::thread sender([&] {
    Connection connection(theirs_.get(), kMaxFrame);
    EXPECT_TRUE(connection.send(text + std::string(1, '\0'), soon()));
  });
  Connection connection(ours_.get(), kMaxFrame);
  auto frame = connection.receive(soon());
  sender.join();
  ASSERT_TRUE(frame && frame->has_value());
  EXPECT_EQ((*frame)->view(), text);
}

TEST(VarlinkClient, NamesWhatIsMissing) {
  auto nothing = Client::connect("/nonexistent/admin.sock", Deadline::after(1s));
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code(), Errc::not_found);
  auto too_long = Client::connect(std::string(200, 'x'), Deadline::after(1s));
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().code(), Errc::invalid_input);
}

}  // namespace
}  // namespace usher::protocol::varlink
