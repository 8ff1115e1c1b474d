// A connection through a file, as systemd hands one to usher-reaper, and a login manager that
// counts.
#pragma once

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "protocol/varlink_connection.hpp"
#include "reaper/sessions.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::reaper {

inline void must(int result) {
  if (result != 0) std::abort();
}

inline sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return address;
}

// Everybody may connect.
inline UniqueFd listening_at(const std::string& path) {
  const sockaddr_un address = address_of(path);
  UniqueFd listening(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  must(::bind(listening.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address));
  must(::chmod(path.c_str(), 0666));
  must(::listen(listening.get(), 1));
  return listening;
}

struct NamedSocket {
  // Whoever connects has this uid; another than one's own needs root.
  explicit NamedSocket(Uid peer = Uid{::geteuid()}) {
    must(::chmod(directory.path().c_str(), 0711));
    const UniqueFd listening = listening_at(path);
    const sockaddr_un address = address_of(path);
    caller.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const uid_t before = ::geteuid();
    must(::seteuid(peer.number));
    must(::connect(caller.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address));
    must(::seteuid(before));
    served.reset(::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
  }

  fakes::TemporaryDirectory directory;
  std::string path = directory / "reaper.sock";
  UniqueFd caller, served;
};

// Does as it is told, and remembers whom.
class CountedSessions final : public Sessions {
 public:
  Result<protocol::reaper::Ended> end(const protocol::reaper::Request& request) override {
    asked.push_back(request);
    return answer;
  }
  std::vector<protocol::reaper::Request> asked;
  Result<protocol::reaper::Ended> answer = protocol::reaper::Ended{2, 1};
};

}  // namespace usher::reaper
