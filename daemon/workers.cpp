// Detached threads that count themselves out.
#include "daemon/workers.hpp"

#include <pthread.h>

namespace usher::daemon {
namespace {

// Room for SQLite's deepest call and a sanitizer's frames; untouched pages cost nothing.
constexpr std::size_t kStackBytes = 256 * 1024;
// Enough for sign-ins one after another on every core; each holds some 20 KiB of touched stack.
constexpr std::size_t kMostParked = 4;

}  // namespace

bool Workers::run(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(work));
  if (parked_ >= waiting_.size()) {
    handed_over_.notify_one();
    return true;
  }
  if (start_thread()) return true;
  waiting_.pop_back();
  return false;
}

// Under the mutex, so the new thread finds its work.
bool Workers::start_thread() {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  const auto body = [](void* argument) -> void* {
    static_cast<Workers*>(argument)->serve();
    return nullptr;
  };
  pthread_t thread{};
  const bool started = pthread_create(&thread, &attributes, body, this) == 0;
  pthread_attr_destroy(&attributes);
  if (started) ++threads_;
  return started;
}

void Workers::serve() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (waiting_.empty()) {
      if (stopping_ || parked_ == kMostParked) break;
      ++parked_;
      handed_over_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      --parked_;
      continue;
    }
    const std::function<void()> work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work();
    lock.lock();
  }
  --threads_;
  ended_.notify_all();
}

void Workers::wait_for_all() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  handed_over_.notify_all();
  ended_.wait(lock, [this] { return threads_ == 0; });
}

}  // namespace usher::daemon
