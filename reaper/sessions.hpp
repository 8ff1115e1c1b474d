// Whoever keeps this machine's sessions, as a port: a test has no login manager to end sessions of.
#pragma once

#include "protocol/reaper_messages.hpp"

namespace usher::reaper {

class Sessions {
 public:
  virtual ~Sessions() = default;
  // The uid was checked (target.hpp). Errc::unsupported: nobody manages sessions here, and nothing
  // was ended.
  virtual Result<protocol::reaper::Ended> end(const protocol::reaper::Request& request) = 0;
};

}  // namespace usher::reaper
