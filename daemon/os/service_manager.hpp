// What systemd is told, and asks for: readiness, stopping, signs of life (sd_notify(3)).
// Without a service manager every call does nothing.
#pragma once

#include <chrono>

namespace usher::os {

void tell_ready();
void tell_stopping();
void tell_alive();

// How often a sign of life is due, with room to spare; zero when nobody watches.
std::chrono::milliseconds heartbeat_interval();

}  // namespace usher::os
