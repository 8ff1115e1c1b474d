// The store: one writer that commits together what arrived together, and a few read connections
// that are borrowed per query. What write() returned success for is on the disk.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "daemon/store/database.hpp"
#include "daemon/store/writer.hpp"

namespace usher::store {

struct StoreOptions {
  std::string path;  // ":memory:" in tests: then reads use the writer's connection
  int read_connections = 2;
  // Called after each commit, on whichever thread led it; must be short and may not use the store.
  std::function<void()> committed = {};
};

class Store {
 public:
  // Opens or creates, checks (every page's checksum; after an unclean end also quick_check, which
  // looks at the trees), migrates. What is refused is not touched. Errors name the
  // cure: Errc::damaged "... restore the last backup with usherctl ...", Errc::unsupported when
  // the schema is newer than this program.
  static Result<std::unique_ptr<Store>> open(const StoreOptions& options);
  ~Store();

  // Runs `work` inside a SAVEPOINT of a shared transaction and returns when that transaction is
  // committed, and on the disk unless `survives` asks for less. An Error from `work` undoes only
  // its own savepoint. An Error of the commit reaches everybody in the batch, and nothing of it
  // stands.
  template <typename Work>
  auto write(Work&& work) -> decltype(work(std::declval<Database&>())) {
    return write(Survives::power_cut, work);
  }
  template <typename Work>
  auto write(Survives survives, Work&& work) -> decltype(work(std::declval<Database&>())) {
    decltype(work(std::declval<Database&>())) outcome =
        Error(Errc::internal, "the store's writer did not run");
    Result<void> committed = write_erased(survives, [&](Database& database) -> Result<void> {
      outcome = work(database);
      if (!outcome.has_value()) return outcome.error();
      return {};
    });
    // The work's own error, an exception's text, or the commit's error.
    if (!committed.has_value()) return committed.error();
    return outcome;
  }

  // Runs `work` on a borrowed read connection (a consistent snapshot).
  template <typename Work>
  auto read(Work&& work) -> decltype(work(std::declval<Database&>())) {
    decltype(work(std::declval<Database&>())) outcome =
        Error(Errc::internal, "the store's reader did not run");
    Result<void> borrowed = read_erased([&](Database& database) -> Result<void> {
      outcome = work(database);
      return {};
    });
    if (!borrowed.has_value()) return borrowed.error();
    return outcome;
  }

  // Transactions committed so far: how well writes share them.
  std::uint64_t batches_committed() const;

 private:
  struct Readers;
  Store();
  Result<void> write_erased(Survives survives, const Work& work);
  Result<void> read_erased(const Work& work);

  std::unique_ptr<Writer> writer_;
  std::unique_ptr<Readers> readers_;
};

// Applies the numbered migrations this database has not seen, each in its own transaction.
Result<void> migrate(Database& database);
// The highest migration this program knows.
int newest_schema();

}  // namespace usher::store
