// poll over the eventfd and the socket.
#include "daemon/os/bell.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <climits>

namespace usher::os {

Result<Bell> Bell::create() {
  UniqueFd event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!event.valid()) return system_error("making an event descriptor");
  return Bell(std::move(event));
}

void Bell::ring() const {
  // Full after 2^64 - 2 rings nobody heard: it rings all the same.
  (void)::eventfd_write(event_.get(), 1);
}

void Bell::silence() const {
  eventfd_t rings = 0;
  (void)::eventfd_read(event_.get(), &rings);
}

Bell::Woke Bell::wait(int socket, std::chrono::milliseconds longest) const {
  pollfd entries[] = {{event_.get(), POLLIN, 0}, {socket, POLLRDHUP, 0}};
  const auto limit = std::clamp<std::int64_t>(longest.count(), 0, INT_MAX);
  // Interrupted: whoever waits looks again at the time and what there is to do.
  if (::poll(entries, std::size(entries), static_cast<int>(limit)) < 0) return Woke::rang;
  if (entries[1].revents != 0) return Woke::hung_up;
  return entries[0].revents != 0 ? Woke::rang : Woke::in_time;
}

}  // namespace usher::os
