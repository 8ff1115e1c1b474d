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

// The pause behind a publication is a multiple of what it took, so that publishing never takes
// more than a share of the machine: a hundred people are published as fast as a script adds them, a
// hundred thousand once a second.
struct Pace {
  std::chrono::milliseconds shortest{10};
  std::chrono::milliseconds longest{1000};
  int multiple = 8;
  std::chrono::milliseconds soon{500};           // a pause that is worth a caller's waiting
  std::chrono::milliseconds first_retry{1000};   // doubled after each further failure
  std::chrono::milliseconds last_retry{60'000};  // and never longer
  std::chrono::milliseconds patience{5000};      // how long a caller waits at most
  std::chrono::milliseconds stop{10'000};        // how long a publication may hold up the end
};

enum class Wait : std::uint8_t {
  if_soon,          // while a storm of changes is on, a caller does not wait for its turn
  until_published,  // as long as the pace's patience lasts
};

// What is done, all on the publication's thread.
struct Work {
  // Reads what is to be published and publishes it; gives up early once `stopping` is true.
  std::function<Result<void>(const std::atomic<bool>& stopping)> publish;
  // After each that succeeded, when callers have their answer. Its Error is a failure too.
  std::function<Result<void>()> settle;
  // The first failure of a row of them; none: it works again.
  std::function<void(const std::optional<Error>& failure)> report;
};

class Publication {
 public:
  // The first publication is due at once. Errc::exhausted: no thread.
  static Result<std::unique_ptr<Publication>> start(Work work, Pace pace);
  // Waits for a publication under way; ends the program if it outlasts the pace's `stop`.
  ~Publication();
  Publication(const Publication&) = delete;
  Publication& operator=(const Publication&) = delete;

  // Something changed. True: a publication that began after this call has succeeded. False: it
  // failed, or its turn is not soon, or patience is at its end; it will be published all the same.
  bool publish(Wait wait);

 private:
  Publication(Work work, Pace pace);
  void serve();
  void wait_for_its_turn(std::unique_lock<std::mutex>& lock);
  void attempt(std::unique_lock<std::mutex>& lock);
  void tell(const Result<void>& done);
  bool is_soon() const;

  const Work work_;
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
  std::chrono::milliseconds pause_{};  // behind the last one
  bool running_ = false;
  bool failing_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace usher::directory
