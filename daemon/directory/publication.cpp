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
Result<void> guarded(const Publication::Work& work, const std::atomic<bool>& stopping) {
  try {
    return work(stopping);
  } catch (const std::exception& thrown) {
    return Error(Errc::internal, thrown.what()).in("publishing");
  }
}

}  // namespace

Publication::Publication(Work work, Report report, Pace pace)
    : work_(std::move(work)), report_(std::move(report)), pace_(pace), retry_(pace.first_retry) {}

Result<std::unique_ptr<Publication>> Publication::start(Work work, Report report, Pace pace) {
  std::unique_ptr<Publication> publication(
      new Publication(std::move(work), std::move(report), pace));
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
  TRY(std::move(started));
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

bool Publication::publish() {
  std::unique_lock lock(mutex_);
  const std::uint64_t change = ++wanted_;
  changed_.notify_all();
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

void Publication::attempt(std::unique_lock<std::mutex>& lock) {
  const std::uint64_t newest = wanted_;
  lock.unlock();
  const Result<void> done = guarded(work_, stopping_);
  const bool was_failing = failing_;  // only this thread changes it
  if (!done.has_value() && !was_failing && !stopping_) report_(done.error());
  if (done.has_value() && was_failing) report_(std::nullopt);
  lock.lock();
  failing_ = !done.has_value();
  last_tried_ = newest;
  if (done.has_value()) {
    published_ = newest;
    retry_ = pace_.first_retry;
  } else {
    retry_ = was_failing ? std::min(retry_ * 2, pace_.last_retry) : pace_.first_retry;
  }
  due_ = Due{protocol::Deadline::after(pace_.interval), protocol::Deadline::after(retry_)};
  tried_.notify_all();
}

}  // namespace usher::directory
