// The wrapper of SQLite. Knows no table and no statement but the ones that open a connection and
// nest transactions; never repairs a file, never throws, never logs.
#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "daemon/store/database.hpp"
#include "daemon/store/sqlite_pages.hpp"
#include "daemon/store/store_file.hpp"

namespace usher::store {

struct Statement {
  sqlite3_stmt* handle = nullptr;
  bool borrowed = false;
  bool kept = false;  // in the cache; else it ends with its Query
};

struct Connection {
  sqlite3* handle = nullptr;
  int depth = 0;  // open Transactions; the outermost is the transaction, the others savepoints
  std::unordered_map<const char*, Statement> statements;

  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    for (auto& [sql, statement] : statements) sqlite3_finalize(statement.handle);
    sqlite3_close(handle);
  }

  bool transaction_lost() const { return depth > 0 && sqlite3_get_autocommit(handle) != 0; }
};

namespace {

constexpr int kBusyTimeoutMs = 5000;

// A thread's own counter: comparing the work of two sign-ins must not see a third one's.
thread_local std::uint64_t statements_run = 0;

Errc code_of(int extended, int system_error_number) {
  if (extended == SQLITE_IOERR_DATA || extended == SQLITE_IOERR_CORRUPTFS) return Errc::damaged;
  if (extended == SQLITE_IOERR_NOMEM) return Errc::exhausted;
  switch (extended & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Errc::damaged;
    case SQLITE_FULL:
    case SQLITE_NOMEM:
      return Errc::exhausted;
    case SQLITE_IOERR:
      // SQLite says "full" for ENOSPC only.
      return system_error_number == EDQUOT ? Errc::exhausted : Errc::unavailable;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_PROTOCOL:
      return Errc::unavailable;
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
      return Errc::invalid_input;
    case SQLITE_CONSTRAINT:
      break;
    default:
      return Errc::internal;
  }
  switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return Errc::already_exists;
    case SQLITE_CONSTRAINT_CHECK:
    case SQLITE_CONSTRAINT_NOTNULL:
    case SQLITE_CONSTRAINT_DATATYPE:
      return Errc::invalid_input;
    case SQLITE_CONSTRAINT_TRIGGER:
      return Errc::not_permitted;
    default:
      return Errc::conflict;
  }
}

Error failure(sqlite3* handle, int rc) {
  const int extended = handle != nullptr && sqlite3_extended_errcode(handle) != SQLITE_OK
                           ? sqlite3_extended_errcode(handle)
                           : rc;
  const Errc code = code_of(extended, handle != nullptr ? sqlite3_system_errno(handle) : 0);
  // A checksum's failure reads "disk I/O error" there.
  std::string text = handle != nullptr && extended != SQLITE_IOERR_DATA ? sqlite3_errmsg(handle)
                     : extended == SQLITE_IOERR_DATA                    ? "a page has changed"
                                                                        : sqlite3_errstr(extended);
  text += " (sqlite " + std::to_string(extended) + ")";
  if (code == Errc::damaged) {
    text = "the store is damaged, " + text +
           ": stop usherd, move the file away and restore the last backup; nothing was changed";
  }
  return Error(code, text);
}

Error lost_transaction() {
  return Error(Errc::conflict, "the transaction was undone by an earlier failure");
}

// Before the first connection: statistics would take one lock for all threads at each allocation.
Result<void> initialise_library() {
  static std::once_flag once;
  static int rc = SQLITE_OK;
  std::call_once(once, [] {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    rc = sqlite3_initialize();
    if (rc == SQLITE_OK) rc = register_page_checksums();
  });
  if (rc != SQLITE_OK) return failure(nullptr, rc);
  return {};
}

Result<void> run_script(sqlite3* handle, const char* sql) {
  ++statements_run;
  const int rc = sqlite3_exec(handle, sql, nullptr, nullptr, nullptr);
  if (rc != SQLITE_OK) return failure(handle, rc);
  return {};
}

Result<void> configure(sqlite3* handle, Access access) {
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  int reserved = kChecksumBytes;  // takes effect when the file is made
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
  // A schema that was tampered with must not reach into the program.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // "name" is a column, never by mistake a text.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  // FULL: an answered write survives a power cut; the writer lowers it for some. secure_delete: a
  // deleted seed is overwritten. temp_store: nothing sorted or spilled lands in /tmp.
  // recursive_triggers: without it REPLACE deletes rows past the triggers that forbid it.
  TRY(run_script(handle,
                 "PRAGMA page_size = 4096;"
                 "PRAGMA synchronous = FULL;"
                 "PRAGMA foreign_keys = ON;"
                 "PRAGMA cell_size_check = ON;"
                 "PRAGMA secure_delete = ON;"
                 "PRAGMA recursive_triggers = ON;"
                 "PRAGMA temp_store = MEMORY;"));
  if (access == Access::read_write) TRY(run_script(handle, "PRAGMA journal_mode = WAL;"));
  return {};
}

}  // namespace

// --- Query ---

Query::Query(Connection& connection, Statement& statement)
    : connection_(&connection), statement_(&statement) {}

Query::Query(Query&& other) noexcept
    : connection_(other.connection_),
      statement_(std::exchange(other.statement_, nullptr)),
      phase_(other.phase_),
      next_parameter_(other.next_parameter_),
      bind_error_(other.bind_error_) {}

Query::~Query() {
  if (statement_ == nullptr) return;
  if (!statement_->kept) {
    sqlite3_finalize(statement_->handle);
    delete statement_;
    return;
  }
  sqlite3_reset(statement_->handle);
  sqlite3_clear_bindings(statement_->handle);
  statement_->borrowed = false;
}

Query& Query::bind(std::int64_t number) {
  const int rc = sqlite3_bind_int64(statement_->handle, next_parameter_++, number);
  if (rc != SQLITE_OK) bind_error_ = rc;
  return *this;
}

Query& Query::bind(std::string_view text) {
  // A null pointer would bind NULL; an empty view may hold one.
  const int rc =
      sqlite3_bind_text64(statement_->handle, next_parameter_++, text.empty() ? "" : text.data(),
                          text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (rc != SQLITE_OK) bind_error_ = rc;
  return *this;
}

Query& Query::bind_blob(std::string_view bytes) {
  const int rc =
      sqlite3_bind_blob64(statement_->handle, next_parameter_++, bytes.empty() ? "" : bytes.data(),
                          bytes.size(), SQLITE_TRANSIENT);
  if (rc != SQLITE_OK) bind_error_ = rc;
  return *this;
}

Query& Query::bind_null() {
  const int rc = sqlite3_bind_null(statement_->handle, next_parameter_++);
  if (rc != SQLITE_OK) bind_error_ = rc;
  return *this;
}

Result<void> Query::start() {
  if (bind_error_ != SQLITE_OK) return failure(nullptr, bind_error_);
  if (next_parameter_ - 1 != sqlite3_bind_parameter_count(statement_->handle)) {
    return Error(Errc::internal, "a statement's parameters are not all bound");
  }
  if (connection_->transaction_lost()) return lost_transaction();
  ++statements_run;
  return {};
}

Result<bool> Query::next() {
  if (phase_ == Phase::ended) return false;  // another step would start anew
  if (phase_ == Phase::binding) {
    phase_ = Phase::rows;
    TRY(start());
  }
  const int rc = sqlite3_step(statement_->handle);
  if (rc == SQLITE_ROW) return true;
  phase_ = Phase::ended;
  if (rc == SQLITE_DONE) return false;
  return failure(connection_->handle, rc);
}

Result<void> Query::run() {
  while (TRY(next())) {
  }
  return {};
}

std::int64_t Query::integer(int column) const {
  return sqlite3_column_int64(statement_->handle, column);
}

std::string Query::text(int column) const {
  return std::string(view(column));
}

std::string_view Query::view(int column) const {
  // The bytes first: asking for the size afterwards is the documented order.
  const void* const bytes = sqlite3_column_blob(statement_->handle, column);
  const int size = sqlite3_column_bytes(statement_->handle, column);
  if (bytes == nullptr || size <= 0) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

bool Query::is_null(int column) const {
  return sqlite3_column_type(statement_->handle, column) == SQLITE_NULL;
}

// --- Database ---

Database::Database(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Database::Database(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(const std::string& path, Access access) {
  TRY(initialise_library());
  // NOMUTEX: a connection is used by one thread at a time, which the store sees to.
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
  flags |= access == Access::read_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  std::string name = path;
  const char* layer = nullptr;
  if (path != ":memory:") {
    name = TRY(settled_path(path));
    if (access == Access::read_write) TRY(create_if_missing(name));
    TRY(check_owner_and_mode(name));
    layer = kCheckedPages;
  }
  auto connection = std::make_unique<Connection>();
  const int rc = sqlite3_open_v2(name.c_str(), &connection->handle, flags, layer);
  if (rc != SQLITE_OK) return failure(connection->handle, rc).in("opening " + path);
  TRY(configure(connection->handle, access).in("opening " + path));
  return Database(std::move(connection));
}

void Database::merge_log_on_close() {
  sqlite3_db_config(connection_->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
}

Result<Query> Database::query(const char* sql) {
  const auto prepare = [&](Statement& statement, unsigned flags) -> Result<void> {
    const int rc =
        sqlite3_prepare_v3(connection_->handle, sql, -1, flags, &statement.handle, nullptr);
    if (rc != SQLITE_OK) return failure(connection_->handle, rc).in("preparing a statement");
    return {};
  };
  const auto found = connection_->statements.find(sql);
  if (found == connection_->statements.end()) {
    Statement statement;
    TRY(prepare(statement, SQLITE_PREPARE_PERSISTENT));
    statement.borrowed = true;
    statement.kept = true;
    const auto [entry, added] = connection_->statements.emplace(sql, statement);
    return Query(*connection_, entry->second);
  }
  Statement& kept = found->second;
  // The address of a text that is no literal may come back with another text.
  if (!kept.borrowed && std::strcmp(sqlite3_sql(kept.handle), sql) == 0) {
    kept.borrowed = true;
    return Query(*connection_, kept);
  }
  auto own = std::make_unique<Statement>();
  TRY(prepare(*own, 0));
  return Query(*connection_, *own.release());
}

Result<void> Database::execute(const char* sql) {
  if (connection_->transaction_lost()) return lost_transaction();
  return run_script(connection_->handle, sql);
}

std::int64_t Database::last_row_id() const {
  return sqlite3_last_insert_rowid(connection_->handle);
}
std::int64_t Database::changed_rows() const {
  return sqlite3_changes64(connection_->handle);
}

std::uint64_t Database::statements_run_on_this_thread() {
  return statements_run;
}
void Database::count_statements_for_this_thread(std::uint64_t statements) {
  statements_run += statements;
}
void Database::forget_statements_of_this_thread_since(std::uint64_t count) {
  statements_run = count;
}

bool Database::transaction_lost() const {
  return connection_->transaction_lost();
}

// --- Transaction ---
// Statements of its own, prepared once: a sign-in opens several.

namespace {

Result<void> run_kept(Database& database, const char* sql) {
  Query query = TRY(database.query(sql));
  return query.run();
}

}  // namespace

Result<Transaction> Transaction::begin(Database& database) {
  Connection& connection = *database.connection_;
  if (connection.transaction_lost()) return lost_transaction();
  if (connection.depth == 0) {
    // IMMEDIATE: a writer that starts as a reader could fail in its middle.
    const bool read_only = sqlite3_db_readonly(connection.handle, "main") == 1;
    TRY(run_kept(database, read_only ? "BEGIN" : "BEGIN IMMEDIATE"));
  } else {
    TRY(run_kept(database, "SAVEPOINT usher"));  // the same name nests: the innermost is meant
  }
  ++connection.depth;
  return Transaction(database, connection.depth);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)), depth_(other.depth_) {}

Transaction::~Transaction() {
  if (database_ == nullptr) return;
  Connection& connection = *database_->connection_;
  if (!connection.transaction_lost()) {
    const char* const undo = depth_ == 1 ? "ROLLBACK" : "ROLLBACK TO usher; RELEASE usher";
    // A rollback that fails leaves nothing to do: SQLite has rolled back by itself, or the next
    // statement reports what is wrong.
    (void)run_script(connection.handle, undo);
  }
  connection.depth = depth_ - 1;
}

Result<void> Transaction::commit() {
  Connection& connection = *database_->connection_;
  if (connection.transaction_lost()) return lost_transaction();
  TRY(run_kept(*database_, depth_ == 1 ? "COMMIT" : "RELEASE usher"));
  connection.depth = depth_ - 1;
  database_ = nullptr;
  return {};
}

}  // namespace usher::store
