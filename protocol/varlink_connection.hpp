// Varlink over a connected stream socket: one message at a time, every wait with a deadline.
// A caller may send several calls at once; they are answered one after the other.
#pragma once

#include "base/unique_fd.hpp"
#include "protocol/deadline.hpp"
#include "protocol/varlink.hpp"

namespace usher::protocol::varlink {

// Borrows the socket: who accepted it closes it.
class Connection {
 public:
  Connection(int socket, std::size_t frame_limit) : socket_(socket), frames_(frame_limit) {}

  // None: the other end closed between two messages. Errc::hung_up: in the middle of one.
  // Errc::timed_out: no whole message by the deadline. Errc::invalid_input: over the frame limit.
  Result<std::optional<Secret>> receive(Deadline deadline);
  // `frame` ends in its NUL. Never raises SIGPIPE.
  Result<void> send(std::string_view frame, Deadline deadline);

 private:
  int socket_;
  FrameBuffer frames_;
};

// The calling side.
class Client {
 public:
  // Errc::not_found: there is no such socket. Errc::unavailable: nobody listens.
  static Result<Client> connect(std::string_view path, Deadline deadline);

  // `secret_name`: the parameter of the reply that is a secret, empty for none.
  Result<Reply> call(const Call& call, std::string_view secret_name, Deadline deadline);

 private:
  explicit Client(UniqueFd socket)
      : socket_(std::move(socket)), connection_(socket_.get(), kMaxFrame) {}

  UniqueFd socket_;
  Connection connection_;
};

}  // namespace usher::protocol::varlink
