// Frames over a connected SOCK_SEQPACKET socket: one frame a message, every wait with a deadline.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "protocol/deadline.hpp"

namespace usher::protocol {

// Errc::timed_out at the deadline, Errc::hung_up when the peer is gone. Never raises SIGPIPE.
Result<void> send_frame(int socket, std::string_view frame, Deadline deadline);

// Waits for one whole frame of at most `limit` bytes. The memory is taken when the frame is
// there, so a waiting conversation holds no buffer. Errc::invalid_input for an over-long frame
// (it is discarded), Errc::hung_up at end of file. Passed descriptors are closed by the kernel:
// no control buffer is offered.
Result<Secret> receive_frame(int socket, std::size_t limit, Deadline deadline);

// Waits until `events` (poll(2)) come true. poll, never select: callers may hold 4,096 descriptors.
Result<void> wait_for(int socket, short events, Deadline deadline);

}  // namespace usher::protocol
