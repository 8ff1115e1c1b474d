// Running programs: what they get, what comes back, and their end.
#include "ctl/programs.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

namespace usher::ctl {
namespace {

Run shell(const std::string& script) {
  return {{"/bin/sh", "-c", script}, {}};
}

TEST(Programs, BothStreamsAndTheExitCodeComeBack) {
  const auto ended = run_program(shell("echo out; echo err >&2; exit 3"));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->exit_code, 3);
  EXPECT_EQ(ended->output, "out\nerr\n");
  EXPECT_EQ(run_program(shell("kill -9 $$"))->exit_code, 128 + 9);
}

TEST(Programs, NothingOfTheCallersEnvironmentIsPassedOn) {
  ::setenv("LD_LIBRARY_PATH", "/tmp", 1);
  const auto ended = run_program({{"/usr/bin/env"}, {"ONE=1"}});
  ::unsetenv("LD_LIBRARY_PATH");
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->output,
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin\nLC_ALL=C.UTF-8\n"
            "DEBIAN_FRONTEND=noninteractive\nONE=1\n");
}

TEST(Programs, StandardInputIsEmpty) {
  EXPECT_EQ(run_program({{"/bin/cat"}, {}})->output, "");
}

TEST(Programs, AProgramThatDoesNotEndIsKilled) {
  auto run = shell("sleep 600");
  run.patience = std::chrono::milliseconds(50);
  const auto ended = run_program(run);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code(), Errc::timed_out);
}

TEST(Programs, ABackgroundChildThatKeepsThePipeIsNotWaitedFor) {
  const auto ended = run_program(shell("sleep 20 & echo done"));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->output, "done\n");
}

TEST(Programs, EndlessOutputIsCut) {
  const auto ended = run_program(shell("head -c 1000000 /dev/zero"));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->exit_code, 0);
  EXPECT_EQ(ended->output.size(), 256U * 1024);
}

TEST(Programs, AMissingProgramIsAnError) {
  EXPECT_EQ(run_program({{"/nonexistent/program"}, {}}).error().code(), Errc::not_found);
}

TEST(Programs, AFailureIsToldWithItsLastLine) {
  const auto failed = run_well(shell("echo one; echo the reason; exit 4"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().text(), "/bin/sh failed (4): the reason");
  EXPECT_EQ(*run_well(shell("echo fine")), "fine\n");
}

}  // namespace
}  // namespace usher::ctl
