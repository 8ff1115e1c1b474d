// recv and send with MSG_DONTWAIT and MSG_NOSIGNAL; poll does the waiting; EINTR is not an event.
#include "protocol/varlink_connection.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "protocol/transport.hpp"

namespace usher::protocol::varlink {
namespace {

// Waits for bytes and appends them. False: end of file.
Result<bool> read_some(int socket, FrameBuffer& frames, Deadline deadline) {
  std::array<char, 4096> chunk;
  for (;;) {
    const ssize_t received = ::recv(socket, chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (received == 0) return false;
    if (received > 0) {
      const auto size = static_cast<std::size_t>(received);
      const Result<void> appended = frames.append({chunk.data(), size});
      wipe(chunk.data(), size);  // a reply may carry a one-time code
      if (!appended) return appended.error();
      return true;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return system_error("receiving a message");
    TRY(wait_for(socket, POLLIN, deadline));
  }
}

Result<void> connect_to(int socket, std::string_view path, Deadline deadline) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return Error(Errc::invalid_input, "the socket's path is empty or too long");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  for (;;) {
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (::connect(socket, generic, sizeof address) == 0) return {};
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return system_error("connecting");
    // The accept queue is full (unix(7)): there is no event to poll for, so look again shortly.
    if (deadline.passed()) return Error(Errc::timed_out, "connections are not accepted");
    pollfd nothing{-1, 0, 0};
    (void)::poll(&nothing, 1, 10);
  }
}

}  // namespace

Result<std::optional<Secret>> Connection::receive(Deadline deadline) {
  for (;;) {
    std::optional<Secret> frame = TRY(frames_.next());
    if (frame) return frame;
    // A peer that trickles bytes would otherwise never meet an empty socket, nor the deadline.
    if (deadline.passed()) return Error(Errc::timed_out, "a message did not arrive in time");
    if (TRY(read_some(socket_, frames_, deadline))) continue;
    if (frames_.empty()) return std::optional<Secret>();
    return Error(Errc::hung_up, "the other end hung up in a message");
  }
}

Result<void> Connection::send(std::string_view frame, Deadline deadline) {
  while (!frame.empty()) {
    const ssize_t sent = ::send(socket_, frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      frame.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno != EAGAIN) return system_error("sending a message");
    TRY(wait_for(socket_, POLLOUT, deadline));
  }
  return {};
}

Result<Client> Client::connect(std::string_view path, Deadline deadline) {
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.valid()) return system_error("making a socket");
  TRY(connect_to(socket.get(), path, deadline));
  return Client(std::move(socket));
}

Result<Reply> Client::call(const Call& call, std::string_view secret_name, Deadline deadline) {
  const Secret request = TRY(encode(call));
  TRY(connection_.send(request.view(), deadline));
  std::optional<Secret> frame = TRY(connection_.receive(deadline));
  if (!frame) return Error(Errc::hung_up, "the other end hung up before it answered");
  return decode_reply(*frame, secret_name);
}

}  // namespace usher::protocol::varlink
