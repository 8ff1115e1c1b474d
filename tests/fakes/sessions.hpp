// The sessions of a machine where nobody is signed in: remembers who was to be ended, and answers
// as it is told.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "daemon/ports/sessions.hpp"

namespace usher::fakes {

class RememberedSessions final : public ports::Sessions {
 public:
  Result<protocol::reaper::Ended> end(const protocol::reaper::Request& request) override {
    const std::lock_guard lock(mutex_);
    asked.push_back(request);
    if (on_end) on_end();
    return answer;
  }
  std::vector<protocol::reaper::Request> asked;
  std::function<void()> on_end;
  Result<protocol::reaper::Ended> answer = protocol::reaper::Ended{2, 1};

 private:
  std::mutex mutex_;
};

}  // namespace usher::fakes
