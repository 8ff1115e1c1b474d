// Wakes a thread that waits for something to do and at a connection at once: an eventfd(2).
#pragma once

#include <chrono>
#include <cstdint>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace usher::os {

class Bell {
 public:
  static Result<Bell> create();

  // Any number of times, from any thread: whoever waits next wakes once.
  void ring() const;
  // What was rung before is not waited for any more.
  void silence() const;

  enum class Woke : std::uint8_t { rang, hung_up, in_time };
  // Until it rings, the other end of `socket` hangs up, or the time is over.
  Woke wait(int socket, std::chrono::milliseconds longest) const;

 private:
  explicit Bell(UniqueFd event) : event_(std::move(event)) {}
  UniqueFd event_;
};

}  // namespace usher::os
