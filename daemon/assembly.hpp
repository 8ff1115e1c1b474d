// Puts the daemon together from its parts and runs it. The real program and the tests' program
// differ only in the ports and the hash cost they hand in.
#pragma once

#include "daemon/config.hpp"
#include "daemon/ports/clock.hpp"
#include "daemon/ports/entropy.hpp"

namespace usher::daemon {

// Until SIGTERM or SIGINT. An Error says why it could not start or go on, with the cure.
Result<void> run_daemon(const Config& config, ports::Clock& clock, ports::Entropy& entropy);

}  // namespace usher::daemon
