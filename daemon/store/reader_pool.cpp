// A stack of connections under a mutex.
#include "daemon/store/reader_pool.hpp"

namespace usher::store {

Result<Database> ReaderPool::borrow(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  const std::uint64_t ticket = next_ticket_++;
  waiting_.push_back(ticket);
  const bool lent = returned_.wait_for(
      lock, patience, [&] { return !idle_.empty() && waiting_.front() == ticket; });
  std::erase(waiting_, ticket);
  // Whoever is the first now may find one too.
  if (!waiting_.empty()) returned_.notify_all();
  if (!lent) return Error(Errc::exhausted, "every read connection of the store is in use");
  Database database = std::move(idle_.back());
  idle_.pop_back();
  return database;
}

void ReaderPool::give_back(Database database) {
  {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(database));
  }
  returned_.notify_all();
}

}  // namespace usher::store
