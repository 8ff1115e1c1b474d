// usherd's side of usher-reaper: what it sends, what it makes of answers, and how long it waits.
#include "daemon/reaper.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <thread>

#include "protocol/varlink_connection.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::daemon {
namespace {

using namespace std::chrono_literals;
using protocol::Deadline;
using protocol::reaper::Request;
using protocol::reaper::Which;

constexpr Uid kAda{1'900'000'001};
const Request kAll{kAda, Which::all, {}};

// Listens; answers one call with these bytes, when there are any.
class OtherEnd {
 public:
  OtherEnd() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    socket_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(socket_.get(), 4) != 0) {
      std::abort();
    }
  }
  ~OtherEnd() {
    if (thread_.joinable()) thread_.join();
  }
  void answer(std::string bytes) {
    thread_ = std::thread([this, bytes = std::move(bytes)] {
      const UniqueFd caller(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      protocol::varlink::Connection connection(caller.get(), protocol::reaper::kMaxFrame);
      const auto call = connection.receive(Deadline::after(5s));
      if (call && call->has_value()) heard = (*call)->view();
      (void)connection.send(bytes, Deadline::after(5s));
    });
  }
  // What usherd made of it.
  Result<protocol::reaper::Ended> outcome(const std::string& bytes, const Request& request = kAll) {
    answer(bytes);
    auto ended = Reaper(path).end(request);
    thread_.join();
    return ended;
  }

  fakes::TemporaryDirectory directory;
  std::string path = directory / "reaper.sock";
  std::string heard;

 private:
  UniqueFd socket_;
  std::thread thread_;
};

std::string framed(std::string_view text) {
  return std::string(text) + '\0';
}

TEST(Reaper, SaysWhoseSessionsAndReadsHowManyEnded) {
  OtherEnd end;
  const auto all = end.outcome(framed(R"({"parameters":{"ended":2,"outside":3}})"));
  ASSERT_TRUE(all);
  EXPECT_EQ(all->sessions, 2);
  EXPECT_EQ(all->outside, 3);
  EXPECT_EQ(
      end.heard,
      R"({"method":"io.usher.Reaper.EndSessions","parameters":{"uid":1900000001,"which":"all"}})");
  OtherEnd again;
  EXPECT_TRUE(again.outcome(framed(R"({"parameters":{"ended":0,"outside":0}})"),
                            {kAda, Which::others, "c7"}));
  EXPECT_NE(again.heard.find(R"("keep":"c7","uid":1900000001,"which":"others")"),
            std::string::npos);
}

TEST(Reaper, HandsOnWhyNothingEnded) {
  OtherEnd end;
  const auto ended = end.outcome(
      framed(R"({"error":"io.usher.Reaper.NoLoginManager","parameters":{"text":"no bus"}})"));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().text(), "usher-reaper: no bus");
}

TEST(Reaper, TakesNoNonsenseForAnAnswer) {
  for (const std::string_view bytes :
       {R"({"parameters":{}})", R"({"parameters":{"ended":-1,"outside":0}})",
        R"({"parameters":{"ended":"2","outside":0}})", R"({"parameters":{"ended":2}})",
        R"({"error":"io.usher.Reaper.Other"})", R"({"error":"io.usher.Reaper.Failed"})",
        "{\"error\":\"io.usher.Reaper.Failed\",\"parameters\":{\"text\":\"a\\u001bb\"}}", "[]"}) {
    OtherEnd end;
    const auto ended = end.outcome(framed(bytes));
    ASSERT_FALSE(ended) << bytes;
    EXPECT_EQ(ended.error().code(), Errc::unavailable) << bytes;
    EXPECT_EQ(ended.error().text().find('\x1b'), std::string_view::npos);
  }
}

TEST(Reaper, SaysThatItHungUp) {
  OtherEnd end;
  const auto ended = end.outcome("");
  ASSERT_FALSE(ended);
  EXPECT_NE(ended.error().text().find("hung up"), std::string_view::npos);
}

TEST(Reaper, SaysThatItIsAbsent) {
  const fakes::TemporaryDirectory directory;
  const auto ended = Reaper(directory / "reaper.sock").end(kAll);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code(), Errc::unavailable);
  EXPECT_TRUE(ended.error().text().starts_with("usher-reaper: connecting to "));
}

// Nobody accepts: the connection stands in the queue, and no answer comes.
TEST(Reaper, IsNotWaitedForLongerThanItMay) {
  OtherEnd end;
  const auto ended = Reaper(end.path, 20ms).end(kAll);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code(), Errc::unavailable);
}

}  // namespace
}  // namespace usher::daemon
