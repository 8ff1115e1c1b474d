// What systemd is told, and asks for: readiness, stopping, signs of life (sd_notify(3)).
// Without a service manager every call does nothing.
#pragma once

#include <chrono>

namespace usher::os {

void tell_ready();
void tell_stopping();
void tell_alive();

// How often a heartbeat is due. Where systemd watches, with room to spare; where nobody does, what
// is done at each is due all the same.
std::chrono::milliseconds heartbeat_interval();

}  // namespace usher::os
