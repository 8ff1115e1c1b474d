// Connect, hello, then a strict exchange: one frame out, one frame back.
#include "protocol/login_client.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

namespace usher::protocol {
namespace {

bool owned_by_server(const struct stat& status, Uid server) {
  return status.st_uid == kRootUid.number || status.st_uid == server.number;
}

bool others_can_replace_entries(const struct stat& directory) {
  const bool writable = (directory.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  // In a sticky directory only an entry's owner can rename or remove it.
  return writable && (directory.st_mode & S_ISVTX) == 0;
}

Result<void> check_directory(int fd, Uid server) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return system_error("looking at the socket's directory");
  if (!owned_by_server(status, server) || others_can_replace_entries(status)) {
    return Error(Errc::not_permitted, "others can replace the daemon's socket");
  }
  return {};
}

Result<UniqueFd> open_directory(int parent, const char* name) {
  UniqueFd directory(::openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory.valid()) return system_error("opening the socket's directory");
  return directory;
}

Result<UniqueFd> open_socket() {
  UniqueFd fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return system_error("making a socket");
  if (fd.get() > STDERR_FILENO) return fd;
  // Callers may run with 0-2 closed; a later printf must not land in our conversation.
  UniqueFd moved(::fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!moved.valid()) return system_error("moving a socket away from standard streams");
  return moved;
}

Result<void> connect_to(int fd, std::string_view path, Deadline deadline) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Error(Errc::invalid_input, "the socket's path is too long");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  for (;;) {
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (::connect(fd, generic, sizeof address) == 0) return {};
    if (errno == EINTR) continue;
    // The accept queue is full (unix(7)): there is no event to poll for, so look again shortly.
    if (errno != EAGAIN) return system_error("connecting to usherd");
    if (deadline.passed()) return Error(Errc::timed_out, "usherd does not accept connections");
    pollfd nothing{-1, 0, 0};
    (void)::poll(&nothing, 1, 10);
  }
}

Result<void> check_peer(int fd, Uid server) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return system_error("asking who answers");
  }
  if (peer.uid != kRootUid.number && peer.uid != server.number) {
    return Error(Errc::not_permitted, "the socket is served by somebody else");
  }
  return {};
}

Result<std::uint16_t> agree_on_version(int fd, Deadline deadline) {
  const Secret hello = TRY(encode(Header{}, ClientHello{}));
  TRY(send_frame(fd, hello.view(), deadline));
  const Secret frame = TRY(receive_frame(fd, kMaxFrame, deadline));
  const ServerHello reply = TRY(decode_server_hello(frame.view()));
  if (TRY(decode_header(frame.view())).request_id != 0) {
    return Error(Errc::invalid_input, "usherd answers a request that was not made");
  }
  if (reply.version < kLowestVersion || reply.version > kVersion) {
    return Error(Errc::unsupported, "usherd speaks another version of the login protocol");
  }
  return reply.version;
}

}  // namespace

Result<void> check_socket_path(const Server& server) {
  std::string_view rest = server.socket_path;
  if (rest.size() < 2 || rest.front() != '/') {
    return Error(Errc::invalid_input, "the socket's path must be absolute");
  }
  UniqueFd directory = TRY(open_directory(AT_FDCWD, "/"));
  for (;;) {
    TRY(check_directory(directory.get(), server.uid));
    rest.remove_prefix(1);
    const std::size_t slash = rest.find('/');
    // substr could throw, and needs the C++ runtime.
    const std::string_view entry(rest.data(), slash < rest.size() ? slash : rest.size());
    const BoundedText<255> name(entry);  // NAME_MAX
    if (slash == std::string_view::npos) {
      struct stat status {};
      if (::fstatat(directory.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return system_error("looking for usherd's socket");
      }
      if (!S_ISSOCK(status.st_mode) || !owned_by_server(status, server.uid)) {
        return Error(Errc::not_permitted, "the daemon's socket belongs to somebody else");
      }
      return {};
    }
    directory = TRY(open_directory(directory.get(), name.c_str()));
    rest.remove_prefix(slash);
  }
}

Result<LoginClient> LoginClient::connect(const Server& server) {
  const Deadline deadline = Deadline::after(kHelloPatience);
  TRY(check_socket_path(server));
  UniqueFd fd = TRY(open_socket());
  TRY(connect_to(fd.get(), server.socket_path, deadline));
  TRY(check_peer(fd.get(), server.uid));
  const std::uint16_t version = TRY(agree_on_version(fd.get(), deadline));
  return LoginClient(static_cast<UniqueFd&&>(fd), version);
}

Result<Reply> LoginClient::begin_login(const Begin& begin) {
  const Secret frame = TRY(encode(Header{version_, MessageType::begin, 0}, begin));
  return exchange(frame.view());
}

Result<Reply> LoginClient::continue_login(const Answer& answer) {
  const Secret frame = TRY(encode(Header{version_, MessageType::answer, step_id_}, answer));
  return exchange(frame.view());
}

Result<Reply> LoginClient::exchange(std::string_view frame) {
  if (++steps_ > kMaxSteps) return Error(Errc::invalid_input, "usherd asks without end");
  const Deadline deadline = Deadline::sooner(deadline_, Deadline::after(kReplyPatience));
  TRY(send_frame(socket_.get(), frame, deadline));
  reply_frame_ = TRY(receive_frame(socket_.get(), kMaxFrame, deadline));
  const Header header = TRY(decode_header(reply_frame_.view()));
  if (header.version != version_) {
    return Error(Errc::invalid_input, "usherd changed the version in mid-conversation");
  }
  Reply reply;
  if (header.type == MessageType::verdict) {
    reply.verdict = TRY(decode_verdict(reply_frame_.view()));
    return reply;
  }
  reply.step = TRY(decode_step(reply_frame_.view()));
  // An answer must never go to another question than the one it was given to.
  if (header.request_id <= step_id_) {
    return Error(Errc::invalid_input, "usherd repeats the number of a step");
  }
  step_id_ = header.request_id;
  return reply;
}

}  // namespace usher::protocol
