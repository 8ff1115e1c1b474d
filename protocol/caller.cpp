// SO_PEERCRED and getsockname. The socket's directory is root's: nobody else puts a file there.
#include "protocol/caller.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstddef>

namespace usher::protocol {

Result<Uid> peer_of(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return system_error("asking who connects");
  }
  return Uid{peer.uid};
}

Result<Uid> owner_of(int socket) {
  // One byte more than the kernel fills, so that the path always ends.
  struct {
    sockaddr_un address;
    char end;
  } room{};
  socklen_t size = sizeof room.address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&room.address), &size) != 0) {
    return system_error("asking where the connection came through");
  }
  const char* path = room.address.sun_path;
  if (room.address.sun_family != AF_UNIX || path[0] != '/') {
    return Error(Errc::invalid_input, "the connection came through no file");
  }
  struct stat status {};
  if (::lstat(path, &status) != 0) return system_error("looking at the socket's file");
  if (!S_ISSOCK(status.st_mode))
    return Error(Errc::invalid_input, "the socket's file is no socket");
  return Uid{status.st_uid};
}

bool may_call(Uid peer, Uid owner) {
  return peer != kOverflowUid && (peer == kRootUid || peer == owner);
}

}  // namespace usher::protocol
