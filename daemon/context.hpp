// What a flow may use: the daemon's long-lived services, and what is known about this one
// conversation. Passed by reference; owns nothing.
#pragma once

#include <string>
#include <vector>

#include "daemon/config.hpp"
#include "daemon/crypto/sealer.hpp"
#include "daemon/facts.hpp"
#include "daemon/front_end.hpp"
#include "daemon/hasher.hpp"
#include "daemon/origin.hpp"
#include "daemon/ports/clock.hpp"
#include "daemon/ports/entropy.hpp"
#include "daemon/store/people.hpp"
#include "daemon/store/store.hpp"

namespace usher::daemon {

struct Services {
  const Config& config;
  store::Store& store;
  const crypto::Sealer& sealer;
  Hasher& hasher;
  ports::Clock& clock;
  ports::Entropy& entropy;
};

struct Context {
  Services& services;
  const Facts& facts;
  Origin origin;
  const FrontEnd& front_end;
};

}  // namespace usher::daemon
