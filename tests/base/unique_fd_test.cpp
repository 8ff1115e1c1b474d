// One owner a descriptor: closed once, never twice, never forgotten.
#include "base/unique_fd.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <type_traits>

namespace usher {
namespace {

static_assert(!std::is_copy_constructible_v<UniqueFd>);

int open_null() {
  return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}
bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) != -1;
}

TEST(UniqueFd, ClosesWhenItEnds) {
  int number = -1;
  {
    const UniqueFd fd(open_null());
    number = fd.get();
    ASSERT_TRUE(fd.valid() && is_open(number));
  }
  EXPECT_FALSE(is_open(number));
}

TEST(UniqueFd, HoldsNothingAtFirst) {
  const UniqueFd fd;
  EXPECT_FALSE(fd.valid());
}

TEST(UniqueFd, MovesItsDescriptor) {
  UniqueFd from(open_null());
  const int number = from.get();
  UniqueFd to(std::move(from));
  // NOLINTNEXTLINE(bugprone-use-after-move): a moved-from owner holds nothing
  EXPECT_FALSE(from.valid());
  EXPECT_EQ(to.get(), number);
  EXPECT_TRUE(is_open(number));
}

TEST(UniqueFd, ClosesWhatAnotherReplaces) {
  UniqueFd fd(open_null());
  const int first = fd.get();
  UniqueFd other(open_null());
  const int second = other.get();
  fd = std::move(other);
  EXPECT_FALSE(is_open(first));
  EXPECT_EQ(fd.get(), second);
  EXPECT_TRUE(is_open(second));
}

TEST(UniqueFd, KeepsItsDescriptorWhenAssignedToItself) {
  UniqueFd fd(open_null());
  UniqueFd& alias = fd;
  fd = std::move(alias);
  EXPECT_TRUE(fd.valid() && is_open(fd.get()));
}

TEST(UniqueFd, ReleasesWithoutClosing) {
  UniqueFd fd(open_null());
  const int number = fd.release();
  EXPECT_FALSE(fd.valid());
  EXPECT_TRUE(is_open(number));
  EXPECT_EQ(::close(number), 0);
}

TEST(UniqueFd, DoesNotTouchErrnoWhileItHoldsNothing) {
  errno = 0;
  { const UniqueFd fd; }
  EXPECT_EQ(errno, 0);
}

}  // namespace
}  // namespace usher
