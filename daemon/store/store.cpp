// Opening a store, the writer's thread and the readers. Never changes a file it refuses, and never
// answers a write before it is durable.
#include "daemon/store/store.hpp"

#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

#include "daemon/store/store_file.hpp"

namespace usher::store {
namespace {

constexpr const char* kMemory = ":memory:";

using Work = std::function<Result<void>(Database&)>;

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

// --- Opening ---

Result<void> create(const std::string& path) {
  const std::string unfinished = TRY(unfinished_name(path));
  {
    Database database = TRY(Database::open(unfinished, Access::read_write));
    database.merge_log_on_close();
    TRY(migrate(database));
  }
  return give_name(unfinished, path);
}

// Reads every page that counts, so its checksum too. The tables' CHECKs are left out: at 100,000
// people they take half a second, and no accident that keeps the checksums breaks them.
Result<void> check_contents(Database& database) {
  TRY(database.execute("PRAGMA ignore_check_constraints = ON"));
  Query query = TRY(database.query("PRAGMA quick_check(1)"));
  if (!TRY(query.next())) return Error(Errc::internal, "the store's check has no answer");
  const std::string answer = query.text(0);
  if (answer != "ok") return damaged("the store is damaged, " + answer.substr(0, 60));
  return database.execute("PRAGMA ignore_check_constraints = OFF");
}

Result<Database> open_writer(const std::string& path) {
  if (path == kMemory) {
    Database database = TRY(Database::open(path, Access::read_write));
    TRY(migrate(database));
    return database;
  }
  const Looks looks = TRY(look_at_store(path));
  if (looks == Looks::missing) TRY(create(path));
  Database database = TRY(Database::open(path, Access::read_write));
  if (looks == Looks::doubtful) TRY(check_contents(database));
  TRY(migrate(database));
  database.merge_log_on_close();
  return database;
}

}  // namespace

// --- The writer ---

struct Store::Writer {
  // On its caller's stack until `done`.
  struct Request {
    const Work& work;
    Result<void> outcome = Error(Errc::internal, "the store's writer did not run");
    std::uint64_t statements = 0;
    bool done = false;
    std::condition_variable finished{};

    void fail_unless_failed(const Error& error) {
      if (outcome.has_value()) outcome = error;
    }
  };
  using Batch = std::vector<Request*>;

  explicit Writer(Database opened) : database(std::move(opened)) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    arrived.notify_one();
    if (thread.joinable()) thread.join();
    // Everything is answered, but a caller may still have to leave the mutex.
    std::unique_lock lock(mutex);
    left.wait(lock, [&] { return callers == 0; });
  }

  Result<void> start();
  Result<void> submit(const Work& work);
  void serve();
  void run_batch(const Batch& batch);
  std::size_t run_transaction(const Batch& batch, std::size_t first);
  void run_request(Request& request);

  Database database;
  std::mutex mutex;
  std::condition_variable arrived;
  std::condition_variable left;
  Batch waiting;          // under the mutex
  int callers = 0;        // under the mutex
  bool stopping = false;  // under the mutex
  std::atomic<std::uint64_t> batches = 0;
  std::thread thread;
};

Result<void> Store::Writer::start() {
  // Signals are the main thread's.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  Result<void> started;
  try {
    thread = std::thread([this] { serve(); });
  } catch (const std::system_error&) {
    started = Error(Errc::exhausted, "no thread for the store's writer");
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return started;
}

Result<void> Store::Writer::submit(const Work& work) {
  if (std::this_thread::get_id() == thread.get_id()) {
    return Error(Errc::internal, "a write inside a write would wait for itself");
  }
  Request request{.work = work};
  std::unique_lock lock(mutex);
  ++callers;
  waiting.push_back(&request);
  // The writer looks at the queue before it sleeps, so only the first has to wake it.
  if (waiting.size() == 1) arrived.notify_one();
  request.finished.wait(lock, [&] { return request.done; });
  --callers;
  if (stopping && callers == 0) left.notify_one();
  Database::count_statements_for_this_thread(request.statements);
  return request.outcome;
}

void Store::Writer::serve() {
  Batch batch;
  std::unique_lock lock(mutex);
  while (true) {
    arrived.wait(lock, [&] { return !waiting.empty() || stopping; });
    if (waiting.empty()) return;  // stopping, and nothing is left
    batch.swap(waiting);
    lock.unlock();
    run_batch(batch);
    lock.lock();
    // Under the mutex: a caller that saw `done` ends its Request.
    for (Request* request : batch) {
      request->done = true;
      request->finished.notify_one();
    }
    batch.clear();
  }
}

void Store::Writer::run_batch(const Batch& batch) {
  for (std::size_t first = 0; first < batch.size();) first = run_transaction(batch, first);
}

// Runs requests from `first` on in one transaction; returns the first that is still to be run.
std::size_t Store::Writer::run_transaction(const Batch& batch, std::size_t first) {
  const auto fail_those_before = [&](std::size_t end, const Error& error) {
    for (std::size_t i = first; i < end; ++i) batch[i]->fail_unless_failed(error);
  };
  Result<Transaction> transaction = Transaction::begin(database);
  if (!transaction.has_value()) {
    for (std::size_t i = first; i < batch.size(); ++i) batch[i]->outcome = transaction.error();
    return batch.size();
  }
  for (std::size_t i = first; i < batch.size(); ++i) {
    run_request(*batch[i]);
    if (database.transaction_lost()) {
      // SQLite has undone the neighbours' work too. What comes behind is tried anew.
      Error cause(Errc::unavailable, "the shared transaction was undone");
      if (!batch[i]->outcome.has_value()) cause = batch[i]->outcome.error();
      fail_those_before(i + 1, cause.in("committing together with others"));
      return i + 1;
    }
  }
  const Result<void> committed = transaction->commit();
  if (committed.has_value()) {
    batches.fetch_add(1, std::memory_order_relaxed);
  } else {
    fail_those_before(batch.size(), committed.error().in("committing to the store"));
  }
  return batch.size();
}

void Store::Writer::run_request(Request& request) {
  const std::uint64_t before = Database::statements_run_on_this_thread();
  Result<Transaction> savepoint = Transaction::begin(database);
  if (!savepoint.has_value()) {
    request.outcome = savepoint.error();
    return;
  }
  request.outcome = run_guarded(request.work, database);
  if (request.outcome.has_value()) request.outcome = savepoint->commit();
  request.statements = Database::statements_run_on_this_thread() - before;
}

// --- The readers ---

struct Store::Readers {
  std::mutex mutex;
  std::condition_variable returned;
  std::vector<Database> idle;  // under the mutex; the last one used is the warmest

  Database borrow() {
    std::unique_lock lock(mutex);
    returned.wait(lock, [&] { return !idle.empty(); });
    Database database = std::move(idle.back());
    idle.pop_back();
    return database;
  }
  void give_back(Database database) {
    {
      const std::lock_guard lock(mutex);
      idle.push_back(std::move(database));
    }
    returned.notify_one();
  }
};

// --- The store ---

Store::Store() = default;

Store::~Store() {
  // The writer's connection closes last: it alone may merge the log into the file.
  readers_.reset();
  writer_.reset();
}

Result<std::unique_ptr<Store>> Store::open(const StoreOptions& options) {
  std::unique_ptr<Store> store(new Store());
  store->writer_ = std::make_unique<Writer>(TRY(open_writer(options.path).in("the store")));
  if (options.path != kMemory) {
    store->readers_ = std::make_unique<Readers>();
    const int wanted = options.read_connections > 0 ? options.read_connections : 1;
    store->readers_->idle.reserve(static_cast<std::size_t>(wanted));
    for (int i = 0; i < wanted; ++i) {
      store->readers_->idle.push_back(TRY(Database::open(options.path, Access::read_only)));
    }
  }
  TRY(store->writer_->start());
  return store;
}

std::uint64_t Store::batches_committed() const {
  return writer_->batches.load(std::memory_order_relaxed);
}

Result<void> Store::write_erased(const Work& work) {
  return writer_->submit(work);
}

Result<void> Store::read_erased(const Work& work) {
  if (std::this_thread::get_id() == writer_->thread.get_id()) {
    return Error(Errc::internal, "a read inside a write would not see it: use its connection");
  }
  if (readers_ == nullptr) {
    // A database in memory has one connection. It must refuse what a reader's would.
    return writer_->submit([&](Database& database) -> Result<void> {
      TRY(database.execute("PRAGMA query_only = ON"));
      Result<void> outcome = run_guarded(work, database);
      TRY(database.execute("PRAGMA query_only = OFF"));
      return outcome;
    });
  }
  struct Borrowed {
    Readers& readers;
    Database database;
    ~Borrowed() { readers.give_back(std::move(database)); }
  } borrowed{*readers_, readers_->borrow()};
  // Rolled back at its end: it only holds the snapshot.
  const Transaction snapshot = TRY(Transaction::begin(borrowed.database));
  return run_guarded(work, borrowed.database);
}

}  // namespace usher::store
