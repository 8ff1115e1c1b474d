// One thread and two conditions. Changes that arrive while a publication runs share the next one.
#include "daemon/directory/publication.hpp"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <system_error>

namespace usher::directory {
namespace {

// What a library throws ends this publication, not the thread.
template <typename Action>
Result<void> guarded(const Action& action) {
  try {
    return action();
  } catch (const std::exception& thrown) {
    return Error(Errc::internal, thrown.what()).in("publishing");
  }
}

// Far more than anything takes that is measured with it.
constexpr std::chrono::hours kLong{24};

}  // namespace

Publication::Publication(Work work, Pace pace)
    : work_(std::move(work)), pace_(pace), retry_(pace.first_retry) {}

Result<std::unique_ptr<Publication>> Publication::start(Work work, Pace pace) {
  std::unique_ptr<Publication> publication(new Publication(std::move(work), pace));
  // Signals are the main thread's.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  Result<void> started;
  try {
    publication->thread_ = std::thread([raw = publication.get()] { raw->serve(); });
  } catch (const std::system_error&) {
    started = Error(Errc::exhausted, "no thread for publishing");
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  TRY(started);
  return publication;
}

Publication::~Publication() {
  if (!thread_.joinable()) return;
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    tried_.notify_all();
    if (!tried_.wait_for(lock, pace_.stop, [&] { return ended_; })) {
      // It hangs in the disk and still uses what our caller is about to take apart. What was
      // committed is durable, and the next start publishes it.
      std::_Exit(EXIT_FAILURE);
    }
  }
  thread_.join();
}

// Under the mutex. Behind one that runs, the pause will be about the last one.
bool Publication::is_soon() const {
  if (running_) return pause_ <= pace_.soon;
  return !due_ || due_->change.left() <= pace_.soon;
}

bool Publication::publish(Wait wait) {
  std::unique_lock lock(mutex_);
  const std::uint64_t change = ++wanted_;
  changed_.notify_all();
  if (wait == Wait::if_soon && !is_soon()) return false;
  (void)tried_.wait_for(lock, pace_.patience, [&] { return last_tried_ >= change || stopping_; });
  return published_ >= change;
}

void Publication::serve() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    changed_.wait(lock, [&] { return stopping_ || wanted_ > published_; });
    wait_for_its_turn(lock);
    if (!stopping_) attempt(lock);
  }
  ended_ = true;
  tried_.notify_all();
}

// A new change is tried at the usual pace even while publishing fails: somebody waits for it, and
// may just have cured the cause.
void Publication::wait_for_its_turn(std::unique_lock<std::mutex>& lock) {
  while (!stopping_ && due_) {
    const bool is_new = wanted_ > last_tried_;
    const protocol::Deadline& turn = is_new ? due_->change : due_->retry;
    if (turn.passed()) return;
    (void)changed_.wait_for(lock, turn.left(),
                            [&] { return stopping_ || (!is_new && wanted_ > last_tried_); });
  }
}

// On the publication's thread, without the mutex: reporting may block.
void Publication::tell(const Result<void>& done) {
  const bool was_failing = failing_;  // only this thread changes it
  if (!done.has_value() && !was_failing && !stopping_) work_.report(done.error());
  if (done.has_value() && was_failing) work_.report(std::nullopt);
}

void Publication::attempt(std::unique_lock<std::mutex>& lock) {
  const std::uint64_t newest = wanted_;
  running_ = true;
  lock.unlock();
  const auto watch = protocol::Deadline::after(kLong);
  Result<void> done = guarded([&] { return work_.publish(stopping_); });
  if (done.has_value()) {
    lock.lock();
    published_ = last_tried_ = newest;
    tried_.notify_all();
    lock.unlock();
    done = guarded(work_.settle);
  }
  tell(done);
  lock.lock();
  last_tried_ = newest;
  if (done.has_value()) {
    retry_ = pace_.first_retry;
  } else {
    // What is not on the disk is written again, though programs see it.
    published_ = std::min(published_, newest - 1);
    retry_ = failing_ ? std::min(retry_ * 2, pace_.last_retry) : pace_.first_retry;
  }
  failing_ = !done.has_value();
  pause_ = std::clamp((kLong - watch.left()) * pace_.multiple, pace_.shortest, pace_.longest);
  due_ = Due{protocol::Deadline::after(pause_), protocol::Deadline::after(retry_)};
  running_ = false;
  tried_.notify_all();
}

}  // namespace usher::directory
