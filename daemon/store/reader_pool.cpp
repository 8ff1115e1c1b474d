// A stack of connections under a mutex.
#include "daemon/store/reader_pool.hpp"

namespace usher::store {

Result<Database> ReaderPool::borrow(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (!returned_.wait_for(lock, patience, [&] { return !idle_.empty(); })) {
    return Error(Errc::timed_out, "every read connection of the store is in use");
  }
  Database database = std::move(idle_.back());
  idle_.pop_back();
  return database;
}

void ReaderPool::give_back(Database database) {
  {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(database));
  }
  returned_.notify_one();
}

}  // namespace usher::store
