// The login manager where there is none, or one that does not answer. With one: the booted guest.
#include "reaper/logind.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "tests/reaper/named_socket.hpp"

namespace usher::reaper {
namespace {

const protocol::reaper::Request kAda{Uid{1'900'000'001}, protocol::reaper::Which::all, {}};

Errc outcome_at(const std::string& bus) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
  ::setenv("DBUS_SYSTEM_BUS_ADDRESS", ("unix:path=" + bus).c_str(), 1);
  Logind logind;
  const auto ended = logind.end(kAda);
  return ended ? Errc::internal : ended.error().code();
}

TEST(ReaperLogind, SaysThatThereIsNone) {
  EXPECT_EQ(outcome_at("/nonexistent/bus"), Errc::unsupported);
}

// The socket's queue takes the connection; nobody ever says a word.
TEST(ReaperLogind, IsNotWaitedForForEver) {
  const fakes::TemporaryDirectory directory;
  const std::string path = directory / "bus";
  const UniqueFd silent = listening_at(path);
  EXPECT_EQ(outcome_at(path), Errc::unsupported);
}

}  // namespace
}  // namespace usher::reaper
