// Opening a store, and the readers. Never changes a file it refuses.
#include "daemon/store/store.hpp"

#include <vector>

#include "daemon/store/reader_pool.hpp"
#include "daemon/store/store_file.hpp"

namespace usher::store {
namespace {

constexpr const char* kMemory = ":memory:";
// A read takes well under a millisecond. Whoever waits so long is refused: nothing was decided.
constexpr std::chrono::seconds kReaderPatience{10};

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

// --- The store ---

struct Store::Readers {
  explicit Readers(std::vector<Database> opened) : pool(std::move(opened)) {}
  ReaderPool pool;
};

Store::Store() = default;

Store::~Store() {
  // The writer's connection closes last: it alone may merge the log into the file.
  readers_.reset();
  writer_.reset();
}

Result<std::unique_ptr<Store>> Store::open(const StoreOptions& options) {
  std::unique_ptr<Store> store(new Store());
  store->writer_ =
      std::make_unique<Writer>(TRY(open_writer(options.path).in("the store")), options.committed);
  if (options.path != kMemory) {
    const int wanted = options.read_connections > 0 ? options.read_connections : 1;
    std::vector<Database> opened;
    opened.reserve(static_cast<std::size_t>(wanted));
    for (int i = 0; i < wanted; ++i) {
      opened.push_back(TRY(Database::open(options.path, Access::read_only)));
    }
    store->readers_ = std::make_unique<Readers>(std::move(opened));
  }
  return store;
}

std::uint64_t Store::batches_committed() const {
  return writer_->batches();
}

Result<void> Store::write_erased(Survives survives, const Work& work) {
  return writer_->submit(survives, work);
}

Result<void> Store::read_erased(const Work& work) {
  if (writer_->is_this_thread()) {
    return Error(Errc::internal, "a read inside a write would not see it: use its connection");
  }
  if (readers_ == nullptr) {
    // A database in memory has one connection. It must refuse what a reader's would.
    return writer_->submit(Survives::crash, [&](Database& database) -> Result<void> {
      TRY(database.execute("PRAGMA query_only = ON"));
      Result<void> outcome = run_guarded(work, database);
      TRY(database.execute("PRAGMA query_only = OFF"));
      return outcome;
    });
  }
  struct Borrowed {
    ReaderPool& pool;
    Database database;
    ~Borrowed() { pool.give_back(std::move(database)); }
  };
  // Before there is one to end: whoever got none has nothing to give back.
  Database lent = TRY(readers_->pool.borrow(kReaderPatience));
  Borrowed borrowed{readers_->pool, std::move(lent)};
  // Rolled back at its end: it only holds the snapshot.
  const Transaction snapshot = TRY(Transaction::begin(borrowed.database));
  return run_guarded(work, borrowed.database);
}

}  // namespace usher::store
