// Threads for connections: each piece of work has one to itself, and may block in it for minutes. A
// few threads that have finished stay parked, because starting one costs more than a short
// conversation's own work. Never queues work behind work.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace usher::daemon {

class Workers {
 public:
  Workers() = default;
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers() { wait_for_all(); }

  // On a parked thread or a new one; `work` must not throw. False when the system has none left.
  bool run(std::function<void()> work);
  // Until every thread has ended; the work itself must have been told to. No run() afterwards.
  void wait_for_all();

 private:
  bool start_thread();
  void serve();

  std::mutex mutex_;
  std::condition_variable handed_over_;
  std::condition_variable ended_;
  std::deque<std::function<void()>> waiting_;  // never more than there are parked or new threads
  std::size_t parked_ = 0;
  std::size_t threads_ = 0;
  bool stopping_ = false;
};

}  // namespace usher::daemon
