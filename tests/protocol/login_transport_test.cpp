// Frames over a SEQPACKET socket: whole or not at all, never without end, never a signal, never a
// descriptor that nobody asked for.
#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <string>

#include "base/unique_fd.hpp"
#include "protocol/messages.hpp"
#include "protocol/transport.hpp"

namespace usher::protocol {
namespace {

using namespace std::chrono_literals;

constexpr auto kSoon = 20ms;
constexpr auto kPatient = 5s;

std::size_t open_descriptors() {
  std::size_t count = 0;
  DIR* directory = ::opendir("/proc/self/fd");
  while (::readdir(directory) != nullptr) ++count;
  ::closedir(directory);
  return count;
}

class TransportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    int ends[2] = {-1, -1};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    ours_ = UniqueFd(ends[0]);
    theirs_ = UniqueFd(ends[1]);
  }
  Result<void> say(std::string_view frame) {
    return send_frame(theirs_.get(), frame, Deadline::after(kPatient));
  }
  Result<Secret> hear(std::size_t limit = kMaxFrame) {
    return receive_frame(ours_.get(), limit, Deadline::after(kPatient));
  }
  UniqueFd ours_, theirs_;
};

TEST_F(TransportTest, KeepsTheBordersOfFrames) {
  ASSERT_TRUE(say("one"));
  ASSERT_TRUE(say(std::string(kMaxFrame, 'x')));
  ASSERT_TRUE(say("three"));
  EXPECT_EQ(hear()->view(), "one");
  EXPECT_EQ(hear()->view(), std::string(kMaxFrame, 'x'));
  EXPECT_EQ(hear()->view(), "three");
}

TEST_F(TransportTest, DiscardsAnOverLongFrameAndReadsTheNext) {
  ASSERT_TRUE(say(std::string(101, 'x')));
  ASSERT_TRUE(say(std::string(100, 'y')));
  const auto over = hear(100);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code(), Errc::invalid_input);
  const auto next = hear(100);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->view(), std::string(100, 'y'));
}

TEST_F(TransportTest, StopsWaitingAtTheDeadline) {
  const auto started = Deadline::after(kPatient);
  const auto nothing = receive_frame(ours_.get(), kMaxFrame, Deadline::after(kSoon));
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code(), Errc::timed_out);
  const auto waited = kPatient - started.left();
  EXPECT_GE(waited, kSoon);
  EXPECT_LT(waited, kPatient);
}

TEST_F(TransportTest, TakesAFrameThatIsThereEvenAfterTheDeadline) {
  ASSERT_TRUE(say("early"));
  EXPECT_EQ(receive_frame(ours_.get(), kMaxFrame, Deadline::after(0ms))->view(), "early");
}

TEST_F(TransportTest, StopsSendingAtTheDeadlineToOneWhoDoesNotRead) {
  const std::string frame(kMaxFrame, 'x');
  Result<void> sent;
  int frames = 0;
  for (; sent.has_value() && frames < 10'000; ++frames) {
    sent = send_frame(theirs_.get(), frame, Deadline::after(kSoon));
  }
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code(), Errc::timed_out);
  EXPECT_GT(frames, 1);
}

TEST_F(TransportTest, ReadsWhatWasSaidBeforeTheHangUp) {
  ASSERT_TRUE(say("last words"));
  theirs_.reset();
  EXPECT_EQ(hear()->view(), "last words");
  const auto gone = hear();
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code(), Errc::hung_up);
}

TEST_F(TransportTest, SendingToNobodyIsAnErrorAndNoSignal) {
  ours_.reset();
  const Result<void> sent = say("anybody?");
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code(), Errc::hung_up);
}

TEST_F(TransportTest, TakesAnEmptyFrameForTheEnd) {
  ASSERT_EQ(::send(theirs_.get(), "", 0, MSG_NOSIGNAL), 0);
  const auto nothing = hear();
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code(), Errc::hung_up);
}

// Sends a frame that carries the write end of a pipe.
void pass_descriptor(int socket, int passed) {
  char text[] = "with a gift";
  iovec part{text, sizeof text - 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> room{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = room.data();
  message.msg_controllen = room.size();
  cmsghdr* gift = CMSG_FIRSTHDR(&message);
  gift->cmsg_level = SOL_SOCKET;
  gift->cmsg_type = SCM_RIGHTS;
  gift->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(gift), &passed, sizeof passed);
  ASSERT_EQ(::sendmsg(socket, &message, MSG_NOSIGNAL), 11);
}

TEST_F(TransportTest, DropsDescriptorsThatArePassed) {
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  pass_descriptor(theirs_.get(), write_end.get());
  write_end.reset();
  const std::size_t before = open_descriptors();
  EXPECT_EQ(hear()->view(), "with a gift");
  EXPECT_EQ(open_descriptors(), before);
  // The last copy of the write end went with the frame: the pipe is at its end.
  pollfd end{read_end.get(), POLLIN, 0};
  ASSERT_EQ(::poll(&end, 1, 0), 1);
  EXPECT_NE(end.revents & POLLHUP, 0);
}

TEST_F(TransportTest, DropsDescriptorsPassedWithAnOverLongFrame) {
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  pass_descriptor(theirs_.get(), write_end.get());
  write_end.reset();
  EXPECT_FALSE(hear(4));
  pollfd end{read_end.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&end, 1, 0), 1);
}

TEST(Deadline, CountsDownToZeroAndNoFurther) {
  EXPECT_TRUE(Deadline::after(0ms).passed());
  EXPECT_EQ(Deadline::after(-5s).left(), 0ms);
  const Deadline later = Deadline::after(1h);
  EXPECT_FALSE(later.passed());
  EXPECT_LE(later.left(), 1h);
  EXPECT_GT(later.left(), 59min);
}

TEST(Deadline, KnowsTheSooner) {
  const Deadline soon = Deadline::after(1h);
  const Deadline late = Deadline::after(2h);
  EXPECT_LE(Deadline::sooner(soon, late).left(), 1h);
  EXPECT_LE(Deadline::sooner(late, soon).left(), 1h);
}

}  // namespace
}  // namespace usher::protocol
