// Sessions are usher-reaper's to end: this asks it, over its socket. It is started by the
// connection.
#pragma once

#include <chrono>
#include <string>

#include "daemon/ports/sessions.hpp"

namespace usher::daemon {

class Reaper final : public ports::Sessions {
 public:
  explicit Reaper(std::string socket,
                  std::chrono::milliseconds patience = std::chrono::milliseconds(2'000))
      : socket_(std::move(socket)), patience_(patience) {}

  // A connection a call: it may be made by several threads.
  Result<protocol::reaper::Ended> end(const protocol::reaper::Request& request) override;

 private:
  std::string socket_;
  std::chrono::milliseconds patience_;  // for all of it
};

}  // namespace usher::daemon
