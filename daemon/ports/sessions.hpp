// The sessions people have open on this machine, as a port: usherd may not end them itself, and a
// test has none.
#pragma once

#include "protocol/reaper_messages.hpp"

namespace usher::ports {

class Sessions {
 public:
  virtual ~Sessions() = default;
  // Waits for the answer, 2 s at most. An Error: they were not ended, or not all; its text is for
  // the administrator. It never undoes what made them end.
  virtual Result<protocol::reaper::Ended> end(const protocol::reaper::Request& request) = 0;
};

}  // namespace usher::ports
