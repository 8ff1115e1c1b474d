// send and recv with MSG_NOSIGNAL and MSG_DONTWAIT; poll does the waiting; EINTR is not an event.
#include "protocol/transport.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace usher::protocol {

Result<void> wait_for(int socket, short events, Deadline deadline) {
  for (;;) {
    pollfd entry{socket, events, 0};
    const auto left = deadline.left().count();
    const int ready = ::poll(&entry, 1, static_cast<int>(left));
    if (ready > 0) return {};  // an error or hang-up is found by the call that follows
    if (ready == 0) return Error(Errc::timed_out, "the other end did not answer in time");
    if (errno != EINTR) return system_error("waiting for the other end");
  }
}

Result<void> send_frame(int socket, std::string_view frame, Deadline deadline) {
  for (;;) {
    const ssize_t sent = ::send(socket, frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent == static_cast<ssize_t>(frame.size())) return {};
    if (sent >= 0) return Error(Errc::internal, "a frame was sent in part");
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return system_error("sending a frame");
    TRY(wait_for(socket, POLLOUT, deadline));
  }
}

namespace {

// The next frame's length, without taking it: SEQPACKET with MSG_TRUNC tells it (recv(2)).
Result<std::size_t> next_frame_length(int socket, Deadline deadline) {
  for (;;) {
    char probe = 0;
    const ssize_t length =
        ::recv(socket, &probe, sizeof probe, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
    if (length > 0) return static_cast<std::size_t>(length);
    // An empty packet cannot be told from the end of file; both end the conversation.
    if (length == 0) return Error(Errc::hung_up, "the other end hung up");
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return system_error("receiving a frame");
    TRY(wait_for(socket, POLLIN, deadline));
  }
}

}  // namespace

Result<Secret> receive_frame(int socket, std::size_t limit, Deadline deadline) {
  const std::size_t length = TRY(next_frame_length(socket, deadline));
  if (length > limit) {
    char discarded = 0;
    (void)::recv(socket, &discarded, sizeof discarded, MSG_DONTWAIT);
    return Error(Errc::invalid_input, "a frame is over its limit");
  }
  Secret frame = TRY(Secret::zeroed(length));
  const std::span<char> room = frame.writable();
  for (;;) {
    const ssize_t received = ::recv(socket, room.data(), room.size(), MSG_DONTWAIT);
    if (received == static_cast<ssize_t>(length)) return frame;
    if (received >= 0) return Error(Errc::hung_up, "the other end hung up in a frame");
    if (errno != EINTR) return system_error("receiving a frame");
  }
}

}  // namespace usher::protocol
