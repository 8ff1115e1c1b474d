// Group commit without a thread of its own: handing each write to one cost two switches, more than
// the write. Never runs two batches at once.
#include "daemon/store/writer.hpp"

#include <algorithm>
#include <new>

namespace usher::store {

// What a caller's work throws is a library's: ours returns.
Result<void> run_guarded(const Work& work, Database& database) {
  try {
    return work(database);
  } catch (const std::bad_alloc&) {
    return Error(Errc::exhausted, "out of memory in the store's work");
  } catch (const std::exception& thrown) {
    return Error(Errc::internal, thrown.what()).in("the store's work threw");
  }
}

Writer::~Writer() {
  // Everything is answered, but a caller may still have to leave the mutex.
  std::unique_lock lock(mutex_);
  left_.wait(lock, [&] { return callers_ == 0; });
}

Result<void> Writer::submit(Survives survives, const Work& work) {
  if (is_this_thread()) {
    return Error(Errc::internal, "a write inside a write would wait for itself");
  }
  Request request{.work = work, .survives = survives};
  std::unique_lock lock(mutex_);
  waiting_.push_back(&request);
  ++callers_;
  request.changed.wait(lock,
                       [&] { return request.done || (!leading_ && waiting_.front() == &request); });
  if (!request.done) lead(lock);
  if (--callers_ == 0) left_.notify_all();
  Database::count_statements_for_this_thread(request.statements);
  return request.outcome;
}

// Runs all that wait, this caller's request the first of them, and passes the lead on.
void Writer::lead(std::unique_lock<std::mutex>& lock) {
  leading_ = true;
  batch_.swap(waiting_);
  lock.unlock();
  leader_ = std::this_thread::get_id();
  const std::uint64_t own = Database::statements_run_on_this_thread();
  run_batch(batch_);
  Database::forget_statements_of_this_thread_since(own);
  leader_ = std::thread::id();
  lock.lock();
  // Under the mutex: a caller that saw `done` ends its Request.
  for (Request* request : batch_) {
    request->done = true;
    request->changed.notify_one();
  }
  batch_.clear();
  leading_ = false;
  if (!waiting_.empty()) waiting_.front()->changed.notify_one();
}

void Writer::run_batch(const Batch& batch) {
  for (std::size_t first = 0; first < batch.size();) first = run_transaction(batch, first);
}

// SQLite takes this setting between transactions only. A commit that syncs brings to the disk what
// earlier ones left in the file.
Result<void> Writer::prepare_sync(const Batch& batch) {
  const bool needed = std::any_of(batch.begin(), batch.end(), [](const Request* request) {
    return request->survives == Survives::power_cut;
  });
  if (needed == syncs_) return {};
  TRY(database_.execute(needed ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL"));
  syncs_ = needed;
  return {};
}

// Runs requests from `first` on in one transaction; returns the first that is still to be run.
std::size_t Writer::run_transaction(const Batch& batch, std::size_t first) {
  const auto fail_those_before = [&](std::size_t end, const Error& error) {
    for (std::size_t i = first; i < end; ++i) batch[i]->fail_unless_failed(error);
  };
  const auto begin = [&]() -> Result<Transaction> {
    TRY(prepare_sync(batch));
    return Transaction::begin(database_);
  };
  Result<Transaction> transaction = begin();
  if (!transaction.has_value()) {
    for (std::size_t i = first; i < batch.size(); ++i) batch[i]->outcome = transaction.error();
    return batch.size();
  }
  for (std::size_t i = first; i < batch.size(); ++i) {
    run_request(*batch[i]);
    if (database_.transaction_lost()) {
      // SQLite has undone the neighbours' work too. What comes behind is tried anew.
      Error cause(Errc::unavailable, "the shared transaction was undone");
      if (!batch[i]->outcome.has_value()) cause = batch[i]->outcome.error();
      fail_those_before(i + 1, cause.in("committing together with others"));
      return i + 1;
    }
  }
  const Result<void> committed = transaction->commit();
  if (committed.has_value()) {
    batches_.fetch_add(1, std::memory_order_relaxed);
    if (committed_) committed_();
  } else {
    fail_those_before(batch.size(), committed.error().in("committing to the store"));
  }
  return batch.size();
}

void Writer::run_request(Request& request) {
  const std::uint64_t before = Database::statements_run_on_this_thread();
  Result<Transaction> savepoint = Transaction::begin(database_);
  if (!savepoint.has_value()) {
    request.outcome = savepoint.error();
    return;
  }
  request.outcome = run_guarded(request.work, database_);
  if (request.outcome.has_value()) request.outcome = savepoint->commit();
  request.statements = Database::statements_run_on_this_thread() - before;
}

}  // namespace usher::store
