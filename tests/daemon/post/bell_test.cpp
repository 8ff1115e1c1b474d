// What wakes whoever waits for work.
#include "daemon/os/bell.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

namespace usher::os {
namespace {

using namespace std::chrono_literals;

class ABell : public ::testing::Test {
 protected:
  ABell() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
    ours_.reset(ends[0]);
    theirs_.reset(ends[1]);
  }
  // Nobody waits for so long: a test that is not woken does not end in time.
  Bell::Woke wait(std::chrono::milliseconds longest = 10h) {
    return bell_.wait(ours_.get(), longest);
  }

  Bell bell_ = Bell::create().release_value();
  UniqueFd ours_, theirs_;
};

TEST_F(ABell, WakesUntilItIsSilenced) {
  EXPECT_EQ(wait(0ms), Bell::Woke::in_time);
  bell_.ring();
  bell_.ring();
  EXPECT_EQ(wait(), Bell::Woke::rang);
  EXPECT_EQ(wait(), Bell::Woke::rang) << "whoever looks first has to silence it";
  bell_.silence();
  EXPECT_EQ(wait(0ms), Bell::Woke::in_time);
  bell_.silence();
}

TEST_F(ABell, TellsThatTheOtherEndHungUpEvenWhileItRings) {
  bell_.ring();
  theirs_.reset();
  EXPECT_EQ(wait(), Bell::Woke::hung_up);
}

TEST_F(ABell, DoesNotTakeWhatIsSaidForAHangUp) {
  ASSERT_EQ(::send(theirs_.get(), "x", 1, MSG_NOSIGNAL), 1);
  EXPECT_EQ(wait(0ms), Bell::Woke::in_time);
}

}  // namespace
}  // namespace usher::os
