// One SQLite connection: statements, savepoints, errors. sqlite.cpp behind it is the only file
// that includes sqlite3.h. Knows no table.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace usher::store {

// One run of a prepared statement: bind in order, then next() or run(). Borrowed from its
// Database, reset when it ends. The texts of SQL are literals: a value is always bound.
class Query {
 public:
  Query(sqlite3* connection, sqlite3_stmt* statement);
  Query(Query&& other) noexcept;
  Query& operator=(Query&&) = delete;
  ~Query();

  Query& bind(std::int64_t number);
  Query& bind(std::string_view text);
  Query& bind_blob(std::string_view bytes);
  Query& bind_null();

  Result<bool> next();  // true: a row is there
  Result<void> run();   // to the end; rows are ignored

  std::int64_t integer(int column) const;
  std::string text(int column) const;  // also blobs
  bool is_null(int column) const;

 private:
  sqlite3* connection_;
  sqlite3_stmt* statement_;
  int next_parameter_ = 1;
  int bind_error_ = 0;
};

enum class Access : std::uint8_t { read_write, read_only };

class Database {
 public:
  // ":memory:" is a private database for tests. Sets WAL, synchronous=FULL, foreign keys, a busy
  // timeout of 5 s, trusted_schema=OFF, cell_size_check=ON, secure_delete=ON. Mode 0600 on creation.
  static Result<Database> open(const std::string& path, Access access);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) = delete;
  ~Database();

  // Prepared once a connection and kept, by the literal's address.
  Result<Query> query(const char* sql);
  // Several statements without parameters: migrations and pragmas.
  Result<void> execute(const char* sql);

  std::int64_t last_row_id() const;
  std::int64_t changed_rows() const;  // by the last INSERT, UPDATE or DELETE

  // Statements run on this thread so far: the enumeration tests compare them.
  static std::uint64_t statements_run_on_this_thread();

 private:
  struct State;
  explicit Database(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
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
