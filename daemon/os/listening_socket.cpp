// sd_listen_fds_with_names, else bind and listen.
#include "daemon/os/listening_socket.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace usher::os {
namespace {

constexpr int kBacklog = 4096;  // net.core.somaxconn caps it

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Error(Errc::invalid_input, path + " is too long for a socket's path");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

Result<void> remove_stale(const std::string& path, const sockaddr_un& address, int type) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return {};
    return system_error("looking at " + path);
  }
  if (!S_ISSOCK(status.st_mode)) {
    return Error(Errc::already_exists, path + " is there and is no socket");
  }
  const UniqueFd probe(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const bool refused =
      ::connect(probe.get(), generic(address), sizeof address) != 0 && errno == ECONNREFUSED;
  if (!refused) return Error(Errc::already_exists, "another usherd answers on " + path);
  if (::unlink(path.c_str()) != 0) return system_error("removing the old " + path);
  return {};
}

}  // namespace

Result<UniqueFd> activated_socket(const std::string& name, int type) {
  char** names = nullptr;
  const int count = sd_listen_fds_with_names(0, &names);
  if (count < 0) return system_error("reading the sockets systemd passed", -count);
  UniqueFd found;
  for (int i = 0; i < count; ++i) {
    const int fd = SD_LISTEN_FDS_START + i;
    if (name == names[i] && !found.valid()) found.reset(fd);
    std::free(names[i]);
  }
  std::free(names);
  if (found.valid() && sd_is_socket(found.get(), AF_UNIX, type, 1) <= 0) {
    return Error(Errc::invalid_input, "the socket '" + name + "' from systemd is of another type");
  }
  return found;
}

Result<UniqueFd> bind_socket(const std::string& path, int type, Reach reach) {
  const sockaddr_un address = TRY(address_of(path));
  TRY(remove_stale(path, address, type));
  UniqueFd fd(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return system_error("making a socket");
  if (::bind(fd.get(), generic(address), sizeof address) != 0)
    return system_error("binding " + path);
  constexpr mode_t kEverybody = 0666;
  constexpr mode_t kOwner = 0600;
  const mode_t mode = reach == Reach::everybody ? kEverybody : kOwner;
  if (::chmod(path.c_str(), mode) != 0) return system_error("opening " + path);
  if (::listen(fd.get(), kBacklog) != 0) return system_error("listening on " + path);
  return fd;
}

}  // namespace usher::os
