// One SQLite connection: statements, savepoints, errors. Behind it sqlite.cpp and sqlite_pages.cpp
// are the only files that include sqlite3.h. Knows no table.
//
// Errors of every call: Errc::exhausted (disk or memory is full), unavailable (read-only, locked or
// not reachable), damaged (the file is not what was written), already_exists (a UNIQUE constraint),
// invalid_input (a CHECK or a type), not_permitted (a trigger forbids it), conflict (the rest).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace usher::store {

struct Connection;  // sqlite.cpp
struct Statement;   // sqlite.cpp

// One run of a prepared statement: bind in order, then next() or run(). Borrowed from its
// Database, reset when it ends; one that changes rows must have ended before a commit(). The texts
// of SQL are literals: a value is always bound.
class Query {
 public:
  Query(Query&& other) noexcept;
  Query& operator=(Query&&) = delete;
  ~Query();

  Query& bind(std::int64_t number);
  Query& bind(std::string_view text);
  Query& bind_blob(std::string_view bytes);
  Query& bind_null();

  Result<bool> next();  // true: a row is there; false from then on: the end
  Result<void> run();   // to the end; rows are ignored

  std::int64_t integer(int column) const;
  std::string text(int column) const;       // also blobs
  std::string_view view(int column) const;  // the same until the next next()
  bool is_null(int column) const;

 private:
  friend class Database;
  enum class Phase : std::uint8_t { binding, rows, ended };
  Query(Connection& connection, Statement& statement);
  Result<void> start();

  Connection* connection_;
  Statement* statement_;
  Phase phase_ = Phase::binding;
  int next_parameter_ = 1;
  int bind_error_ = 0;
};

enum class Access : std::uint8_t { read_write, read_only };

class Database {
 public:
  // ":memory:" is a private database for tests. Sets WAL, synchronous=FULL, foreign keys, a busy
  // timeout of 5 s, trusted_schema=OFF, cell_size_check=ON, secure_delete=ON. Mode 0600 on
  // creation. Refuses a link, a file that others may write and one that belongs to another uid. The
  // directory may be reached through links: an administrator may move /var/lib to another disk.
  static Result<Database> open(const std::string& path, Access access);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) = delete;
  ~Database();

  // Until this is called, closing the last connection leaves file and log as they are: what may be
  // damaged is not touched. Afterwards it merges the log into the file.
  void merge_log_on_close();

  // Prepared once a connection and kept, by the literal's address. The same text may be asked for
  // again while one is borrowed.
  Result<Query> query(const char* sql);
  // Several statements without parameters: migrations and pragmas.
  Result<void> execute(const char* sql);

  std::int64_t last_row_id() const;
  std::int64_t changed_rows() const;  // by the last INSERT, UPDATE or DELETE

  // Statements run on this thread so far: the enumeration tests compare them.
  static std::uint64_t statements_run_on_this_thread();
  // What one thread ran for another is counted where it was asked for: the writer does.
  static void count_statements_for_this_thread(std::uint64_t statements);
  static void forget_statements_of_this_thread_since(std::uint64_t count);

  // True inside a Transaction that SQLite itself has undone (a full disk may do that). Nothing more
  // runs until that Transaction has ended: it would be committed by itself.
  bool transaction_lost() const;

 private:
  friend class Transaction;
  explicit Database(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

// Rolls back unless commit() was called and succeeded. Nests: the inner ones are savepoints.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  Transaction(Database& database, int depth) : database_(&database), depth_(depth) {}
  Database* database_;
  int depth_;
};

}  // namespace usher::store
