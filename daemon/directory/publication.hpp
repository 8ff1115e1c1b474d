// When to publish: a thread of its own that does it soon after a change, never more often than its
// pace allows, and again until it succeeds. Knows neither the store nor the file; never logs, but
// says once that a publication failed and once that it works again.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/result.hpp"
#include "protocol/deadline.hpp"

namespace usher::directory {

struct Pace {
  std::chrono::milliseconds interval{1000};      // between the ends of two publications
  std::chrono::milliseconds first_retry{1000};   // doubled after each further failure
  std::chrono::milliseconds last_retry{60'000};  // and never longer
  std::chrono::milliseconds patience{5000};      // how long a caller waits to see its change
  std::chrono::milliseconds stop{10'000};        // how long a publication may hold up the end
};

class Publication {
 public:
  // Reads what is to be published and publishes it; gives up early once `stopping` is true.
  using Work = std::function<Result<void>(const std::atomic<bool>& stopping)>;
  // The first failure of a row of them; none: it works again. On the publication's thread.
  using Report = std::function<void(const std::optional<Error>& failure)>;

  // The first publication is due at once. Errc::exhausted: no thread.
  static Result<std::unique_ptr<Publication>> start(Work work, Report report, Pace pace);
  // Waits for a publication under way; ends the program if it outlasts the pace's `stop`.
  ~Publication();
  Publication(const Publication&) = delete;
  Publication& operator=(const Publication&) = delete;

  // Something changed. True: a publication that began after this call has succeeded. False: it
  // failed, or patience is at its end; either way it will be tried again.
  bool publish();

 private:
  Publication(Work work, Report report, Pace pace);
  void serve();
  void wait_for_its_turn(std::unique_lock<std::mutex>& lock);
  void attempt(std::unique_lock<std::mutex>& lock);

  const Work work_;
  const Report report_;
  const Pace pace_;
  std::atomic<bool> stopping_{false};

  std::mutex mutex_;
  std::condition_variable changed_;  // wakes the thread
  std::condition_variable tried_;    // wakes callers, and the end
  // Changes are numbered. All under the mutex.
  std::uint64_t wanted_ = 1;  // the newest change
  std::uint64_t published_ = 0;
  std::uint64_t last_tried_ = 0;
  std::chrono::milliseconds retry_;
  struct Due {
    protocol::Deadline change;  // when a new change may be published
    protocol::Deadline retry;   // when what failed is tried again without one
  };
  std::optional<Due> due_{};
  bool failing_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace usher::directory
