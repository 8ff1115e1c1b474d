// A mail server that hangs: it accepts on the loopback, says nothing for a while, and hangs up.
// One connection at a time, as usher-courier makes them.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "base/unique_fd.hpp"

namespace usher::test {

class SilentServer {
 public:
  explicit SilentServer(std::chrono::milliseconds silent_for) : silent_for_(silent_for) {
    socklen_t size = sizeof place_;
    auto* place = reinterpret_cast<sockaddr*>(&place_);
    place_.sin_family = AF_INET;
    place_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(socket_.get(), place, size) != 0 || ::listen(socket_.get(), 8) != 0 ||
        ::getsockname(socket_.get(), place, &size) != 0 || !stop_.valid()) {
      std::abort();  // a test without its server proves nothing
    }
    thread_ = std::thread([this] { serve(); });
  }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  ~SilentServer() {
    (void)::eventfd_write(stop_.get(), 1);
    thread_.join();
  }

  int port() const { return ntohs(place_.sin_port); }
  int connections() const { return connections_; }

 private:
  void serve() {
    pollfd wait[] = {{stop_.get(), POLLIN, 0}, {socket_.get(), POLLIN, 0}};
    while (::poll(wait, 2, -1) >= 0 && wait[0].revents == 0) {
      const UniqueFd connection(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (connection.valid()) ++connections_;
      if (::poll(wait, 1, static_cast<int>(silent_for_.count())) != 0) return;
    }
  }

  std::chrono::milliseconds silent_for_;
  UniqueFd socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  UniqueFd stop_{::eventfd(0, EFD_CLOEXEC)};
  sockaddr_in place_{};
  std::atomic<int> connections_{0};
  std::thread thread_;
};

}  // namespace usher::test
