// One event, one line: nothing that comes from outside can forge a second or steer a terminal.
#include "daemon/log.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "base/unique_fd.hpp"

namespace usher::daemon {
namespace {

// What `text` looks like on standard error.
std::string logged(Level level, std::string_view text) {
  const UniqueFd file(::memfd_create("log", MFD_CLOEXEC));
  const UniqueFd kept(::dup(STDERR_FILENO));
  EXPECT_NE(::dup2(file.get(), STDERR_FILENO), -1);
  log(level, text);
  EXPECT_NE(::dup2(kept.get(), STDERR_FILENO), -1);
  std::string line(64 * 1024, '\0');
  const ssize_t size = ::pread(file.get(), line.data(), line.size(), 0);
  line.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return line;
}

TEST(Log, WritesALineWithThePriorityInFront) {
  EXPECT_EQ(logged(Level::error, "it broke"), "<3>it broke\n");
  EXPECT_EQ(logged(Level::warning, "it may"), "<4>it may\n");
  EXPECT_EQ(logged(Level::notice, "a decision"), "<5>a decision\n");
  EXPECT_EQ(logged(Level::info, ""), "<6>\n");
}

TEST(Log, ShowsControlCharactersAsQuestionMarks) {
  EXPECT_EQ(logged(Level::info, "ada\n<3>forged"), "<6>ada?<3>forged\n");
  EXPECT_EQ(logged(Level::info, "a\rb\tc\x1b[2Jd\x7f"), "<6>a?b?c?[2Jd?\n");
  EXPECT_EQ(logged(Level::info, std::string_view("a\0b", 3)), "<6>a?b\n");
  EXPECT_EQ(logged(Level::info,
                   "a\xC2\x9B"
                   "b"),
            "<6>a?b\n");
}

TEST(Log, KeepsTextAndShowsBrokenBytesAsQuestionMarks) {
  EXPECT_EQ(logged(Level::info, "caf\xC3\xA9 \xF0\x9F\x94\x91"),
            "<6>caf\xC3\xA9 \xF0\x9F\x94\x91\n");
  EXPECT_EQ(logged(Level::info, "caf\xC3"), "<6>caf?\n");
  EXPECT_EQ(logged(Level::info,
                   "\xFF\xC0\xAF"
                   "x"),
            "<6>???x\n");
  EXPECT_EQ(logged(Level::info, "\xED\xA0\x80"), "<6>???\n");
}

}  // namespace
}  // namespace usher::daemon
