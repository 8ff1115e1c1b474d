// The read connections, lent one borrower at a time. Who finds none waits, and not for ever; who
// came first is served first, so that a long walk in short pieces starves nobody.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "base/result.hpp"
#include "daemon/store/database.hpp"

namespace usher::store {

class ReaderPool {
 public:
  explicit ReaderPool(std::vector<Database> opened) : idle_(std::move(opened)) {}
  ReaderPool(const ReaderPool&) = delete;
  ReaderPool& operator=(const ReaderPool&) = delete;

  // Errc::exhausted: all were lent for the whole of `patience`.
  Result<Database> borrow(std::chrono::milliseconds patience);
  void give_back(Database database);

 private:
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<Database> idle_;         // under the mutex; the last one used is the warmest
  std::deque<std::uint64_t> waiting_;  // under the mutex: tickets, the oldest first
  std::uint64_t next_ticket_ = 0;
};

}  // namespace usher::store
