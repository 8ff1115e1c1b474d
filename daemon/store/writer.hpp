// The store's one writer: whoever writes while nobody does commits for all who wait meanwhile.
// Never answers a write before it is as safe as was asked for.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "daemon/store/database.hpp"

namespace usher::store {

using Work = std::function<Result<void>(Database&)>;

// What an answered write outlives. See docs/adr/0011.
enum class Survives : std::uint8_t {
  power_cut,  // it is on the disk
  crash,  // it is in the file; the kernel or the next write of the other sort brings it to the disk
};

// Calls `work`; what a library throws in it becomes an Error.
Result<void> run_guarded(const Work& work, Database& database);

class Writer {
 public:
  // `committed` runs on the leader's thread after each transaction that stands.
  explicit Writer(Database opened, std::function<void()> committed = {})
      : database_(std::move(opened)), committed_(std::move(committed)) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer();

  // Runs `work` in a savepoint of a transaction shared with others; returns when that is committed.
  Result<void> submit(Survives survives, const Work& work);

  // True inside a `work`, where another submit() would wait for itself.
  bool is_this_thread() const { return leader_.load() == std::this_thread::get_id(); }
  // Transactions committed so far.
  std::uint64_t batches() const { return batches_.load(std::memory_order_relaxed); }

 private:
  // On its caller's stack until `done`.
  struct Request {
    const Work& work;
    Survives survives;
    Result<void> outcome = Error(Errc::internal, "the store's writer did not run");
    std::uint64_t statements = 0;
    bool done = false;
    std::condition_variable changed{};  // it is done, or it is its caller's turn to lead

    void fail_unless_failed(const Error& error) {
      if (outcome.has_value()) outcome = error;
    }
  };
  using Batch = std::vector<Request*>;

  void lead(std::unique_lock<std::mutex>& lock);
  void run_batch(const Batch& batch);
  std::size_t run_transaction(const Batch& batch, std::size_t first);
  void run_request(Request& request);
  Result<void> prepare_sync(const Batch& batch);

  Database database_;  // the leader's
  std::function<void()> committed_;
  Batch batch_;        // the leader's
  bool syncs_ = true;  // the leader's: the connection's present setting
  std::mutex mutex_;
  std::condition_variable left_;
  Batch waiting_;         // under the mutex
  int callers_ = 0;       // under the mutex
  bool leading_ = false;  // under the mutex
  std::atomic<std::thread::id> leader_{};
  std::atomic<std::uint64_t> batches_ = 0;
};

}  // namespace usher::store
