// One SEQPACKET socket; a receive timeout bounds every wait.
#include "tests/system/raw_connection.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "protocol/messages.hpp"

namespace usher::test {
namespace {

// 0 at the end, -1 when nothing came in time.
ssize_t receive(int fd) {
  char frame[protocol::kMaxFrame];
  const ssize_t size = ::recv(fd, frame, sizeof frame, 0);
  // A peer that closes with our frame unread resets the connection.
  return size < 0 && (errno == ECONNRESET || errno == EPIPE) ? 0 : size;
}

}  // namespace

RawConnection::RawConnection(const std::string& socket)
    : fd_(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)) {
  const timeval patience{10, 0};
  (void)::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket.data(), socket.size());
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(fd_.get(), generic, sizeof address) != 0) fd_.reset();
}

void RawConnection::send(const std::string& frame) {
  (void)::send(fd_.get(), frame.data(), frame.size(), MSG_NOSIGNAL);
}

bool RawConnection::receives_a_frame() {
  return fd_.valid() && receive(fd_.get()) > 0;
}

bool RawConnection::is_closed_by_the_other_end() {
  if (!fd_.valid()) return false;
  for (;;) {
    const ssize_t size = receive(fd_.get());
    if (size <= 0) return size == 0;
  }
}

}  // namespace usher::test
