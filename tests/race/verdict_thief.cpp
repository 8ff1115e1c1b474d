// Two SEQPACKET sockets and a poll; the type of a frame stands in its header (PROTOCOL.md).
#include "tests/race/verdict_thief.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstring>

#include "protocol/messages.hpp"

namespace usher::test {
namespace {

UniqueFd make_socket() {
  return UniqueFd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

bool is_verdict(std::string_view frame) {
  const auto header = protocol::decode_header(frame);
  return header && header->type == protocol::MessageType::verdict;
}

}  // namespace

VerdictThief::VerdictThief(const std::string& listen_at, const std::string& daemon,
                           std::function<void()> on_verdict)
    : listener_(make_socket()), on_verdict_(std::move(on_verdict)) {
  const sockaddr_un address = address_of(listen_at);
  EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
            0);
  EXPECT_EQ(::listen(listener_.get(), 1), 0);
  thread_ = std::jthread([this, daemon] { serve(daemon); });
}

void VerdictThief::serve(const std::string& daemon) {
  const UniqueFd caller(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  const UniqueFd server = make_socket();
  const sockaddr_un address = address_of(daemon);
  EXPECT_EQ(::connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
            0);
  std::array<pollfd, 2> ends{{{caller.get(), POLLIN, 0}, {server.get(), POLLIN, 0}}};
  std::array<char, protocol::kMaxFrame> frame{};
  while (::poll(ends.data(), ends.size(), -1) > 0) {
    for (std::size_t from = 0; from < ends.size(); ++from) {
      if (ends[from].revents == 0) continue;
      const ssize_t size = ::recv(ends[from].fd, frame.data(), frame.size(), 0);
      if (size <= 0) return;
      const std::string_view bytes(frame.data(), static_cast<std::size_t>(size));
      if (is_verdict(bytes)) return on_verdict_();
      if (::send(ends[1 - from].fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) != size) return;
    }
  }
}

}  // namespace usher::test
