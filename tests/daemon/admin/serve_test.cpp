// One admin connection over a real socket pair, from first call to last.
#include "daemon/admin/serve.hpp"

#include <sys/socket.h>

#include <thread>

#include "protocol/varlink_connection.hpp"
#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {
namespace {

using protocol::Deadline;
using protocol::varlink::Connection;

class ServeAdmin : public ::testing::Test {
 protected:
  void SetUp() override {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    daemon_.reset(ends[0]);
    caller_.reset(ends[1]);
  }
  void TearDown() override {
    caller_.reset();
    if (thread_.joinable()) thread_.join();
  }
  void serve(Peer peer, AdminPatience patience = {}) {
    thread_ = std::thread([this, peer, patience] {
      outcome_ = serve_admin(
          daemon_.get(), peer, [&](const auto& use) { use(world_.context()); }, patience);
      daemon_.reset();
    });
  }
  // Hangs up, and returns how the connection ended on the daemon's side.
  Result<void> end() {
    (void)::shutdown(caller_.get(), SHUT_WR);
    thread_.join();
    return outcome_;
  }
  void send(std::string_view bytes) {
    Connection connection(caller_.get(), protocol::varlink::kMaxFrame);
    ASSERT_TRUE(connection.send(bytes, Deadline::after(5s)));
  }
  std::string receive(Connection& connection) {
    auto frame = connection.receive(Deadline::after(5s));
    if (!frame || !frame->has_value()) return "nothing";
    return std::string((*frame)->view());
  }

  AdminWorld world_;
  UniqueFd daemon_, caller_;
  std::thread thread_;
  Result<void> outcome_;
};

std::string framed(std::string_view text) {
  return std::string(text) + '\0';
}
std::string call_of(std::string_view method) {
  return framed("{\"method\":\"" + std::string(method) + "\"}");
}

TEST_F(ServeAdmin, AnswersCallsSentTogetherInTheirOrder) {
  serve(kRoot);
  send(call_of("io.usher.Admin.ListUsers") + call_of("org.varlink.service.GetInfo") +
       call_of("io.usher.Admin.Nonsense"));
  Connection connection(caller_.get(), protocol::varlink::kMaxFrame);
  EXPECT_EQ(receive(connection), R"({"parameters":{"more":false,"users":[]}})");
  EXPECT_NE(receive(connection).find("\"product\":\"usherd\""), std::string::npos);
  EXPECT_NE(receive(connection).find("MethodNotFound"), std::string::npos);
  EXPECT_TRUE(end());
}

TEST_F(ServeAdmin, EndsTheConnectionAtAMalformedFrame) {
  const std::string frames[] = {
      framed("nonsense"),
      framed(""),
      framed(R"({"method":"a.b.C","oneway":true})"),
      std::string(protocol::varlink::kMaxFrame + 1, 'x'),
  };
  for (const std::string& frame : frames) {
    SetUp();
    serve(kRoot);
    Connection connection(caller_.get(), protocol::varlink::kMaxFrame);
    (void)connection.send(frame, Deadline::after(5s));
    EXPECT_EQ(receive(connection), "nothing");
    const Result<void> outcome = end();
    ASSERT_FALSE(outcome);
    EXPECT_TRUE(outcome.error().code() == Errc::invalid_input ||
                outcome.error().code() == Errc::unsupported);
  }
}

TEST_F(ServeAdmin, HoldsLittleForStrangers) {
  serve(kOther);
  Connection connection(caller_.get(), protocol::varlink::kMaxFrame);
  send(call_of("org.varlink.service.GetInfo"));
  EXPECT_NE(receive(connection).find("usherd"), std::string::npos);
  (void)connection.send(std::string(1025, 'x'), Deadline::after(5s));
  EXPECT_EQ(receive(connection), "nothing");
  const Result<void> outcome = end();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code(), Errc::invalid_input);
}

TEST_F(ServeAdmin, LetsAnIdleCallerGo) {
  serve(kRoot, AdminPatience{20ms, 5s});
  Connection connection(caller_.get(), protocol::varlink::kMaxFrame);
  EXPECT_EQ(receive(connection), "nothing");
  thread_.join();
  EXPECT_TRUE(outcome_);
}

TEST_F(ServeAdmin, ReportsAHangUpInACall) {
  serve(kRoot);
  send("{\"method\"");
  const Result<void> outcome = end();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code(), Errc::hung_up);
}

}  // namespace
}  // namespace usher::admin
