// Who gets a connection, and that all of them end when usherd is told to.
#include "daemon/server.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <semaphore>
#include <thread>

#include "daemon/os/bell.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::daemon {
namespace {

using namespace std::chrono_literals;

// A server with one listener for everybody and one for one user. Each connection is greeted with a
// byte, and then served until its other end hangs up.
class ServerWorld : public ::testing::Test {
 protected:
  void SetUp() override {
    Server::block_signals();
    std::vector<Listener> listeners;
    listeners.push_back({"login", listen_at("login"), serve(), Peers::anybody});
    listeners.push_back({"courier", listen_at("courier"), serve(), Peers::one});
    server_.emplace(std::move(listeners), ServerLimits{.connections = 1}, counters_,
                    [this]() -> Result<void> {
                      beats_.release();
                      return {};
                    });
    thread_ = std::thread([this] { ended_ = server_->run().has_value(); });
  }
  void TearDown() override {
    if (thread_.joinable()) end();
  }
  // As systemd does. The signal is blocked, here too.
  void end() {
    ASSERT_EQ(::kill(::getpid(), SIGTERM), 0);
    thread_.join();
    EXPECT_TRUE(ended_);
    // The server saw it and left it there: the next one would end at once.
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    const timespec at_once{};
    EXPECT_EQ(::sigtimedwait(&term, nullptr, &at_once), SIGTERM);
  }

  UniqueFd listen_at(const std::string& name) {
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un address = address_of(name);
    EXPECT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd.get(), 16), 0);
    return fd;
  }
  UniqueFd connect_to(const std::string& name) {
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un address = address_of(name);
    EXPECT_EQ(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return fd;
  }
  // False: it was turned away.
  static bool is_served(const UniqueFd& connection) {
    char greeting = 0;
    return ::read(connection.get(), &greeting, 1) == 1;
  }

  ServerCounters counters_;
  std::counting_semaphore<> beats_{0};

 private:
  sockaddr_un address_of(const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, (directory_ / name).c_str(), sizeof address.sun_path - 1);
    return address;
  }
  std::function<Result<void>(int, Uid)> serve() {
    return [this](int socket, Uid) -> Result<void> {
      if (::write(socket, "+", 1) != 1) return Error(Errc::hung_up, "nobody is there");
      while (bell_.wait(socket, 10h) != os::Bell::Woke::hung_up) continue;
      return {};
    };
  }

  fakes::TemporaryDirectory directory_;
  os::Bell bell_ = os::Bell::create().release_value();
  std::optional<Server> server_;
  std::thread thread_;
  bool ended_ = false;
};

TEST_F(ServerWorld, GivesTheOneUserAFewConnectionsThatAreNobodysShare) {
  std::vector<UniqueFd> connections;
  for (int i = 0; i < 3; ++i) {
    connections.push_back(connect_to("courier"));
    EXPECT_TRUE(is_served(connections.back())) << i;
  }
  EXPECT_FALSE(is_served(connect_to("courier"))) << "the fourth is turned away";
  EXPECT_EQ(counters_.turned_away, 1U);
  const UniqueFd sign_in = connect_to("login");
  EXPECT_TRUE(is_served(sign_in)) << "there is room for one sign-in, whoever else is connected";
  EXPECT_FALSE(is_served(connect_to("login")));
}

TEST_F(ServerWorld, LetsTheOneUserBackIn) {
  for (int i = 0; i < 10; ++i) {
    for (;;) {
      const UniqueFd connection = connect_to("courier");
      if (is_served(connection)) break;  // those before may not be gone yet
    }
  }
}

// What goes with its time goes where systemd watches nobody, too, as here.
TEST_F(ServerWorld, BeatsWithoutAWatchdog) {
  ASSERT_EQ(::unsetenv("WATCHDOG_USEC"), 0);
  EXPECT_TRUE(beats_.try_acquire_for(1min));
}

// Longer than any test may run, unless the hang-up wakes whoever waits.
TEST_F(ServerWorld, EndsWithSomebodyWaitingAtItsBell) {
  const UniqueFd courier = connect_to("courier");
  ASSERT_TRUE(is_served(courier));
  end();
}

}  // namespace
}  // namespace usher::daemon
