// Brings a store up to this program's schema, one transaction a step. Never touches a store that is
// newer than the program or that is not ours.
#include "daemon/store/migrations.hpp"

#include "daemon/store/store.hpp"

namespace usher::store {
namespace {

constexpr std::int64_t kApplicationId = 1'433'626'738;  // "Ushr", set by 0001_init.sql

Result<std::int64_t> read_number(Database& database, const char* pragma) {
  Query query = TRY(database.query(pragma));
  if (!TRY(query.next())) return Error(Errc::internal, "a pragma has no answer");
  return query.integer(0);
}

Result<void> check_owner(Database& database, std::int64_t version) {
  if (version < 0 || version > newest_schema()) {
    return Error(Errc::unsupported, "the store was written by a newer Usher (schema " +
                                        std::to_string(version) + ", this one knows " +
                                        std::to_string(newest_schema()) +
                                        "): install that version; nothing was changed");
  }
  const std::int64_t application = TRY(read_number(database, "PRAGMA application_id"));
  if (application == kApplicationId && version > 0) return {};
  const std::int64_t tables = TRY(read_number(database, "SELECT count(*) FROM sqlite_schema"));
  if (application == 0 && version == 0 && tables == 0) return {};
  return Error(Errc::unsupported, "this SQLite file is not an Usher store; nothing was changed");
}

Result<void> apply(Database& database, const Migration& migration) {
  Transaction transaction = TRY(Transaction::begin(database));
  TRY(database.execute(migration.sql));
  // A pragma takes no parameters; the number is ours.
  const std::string version = "PRAGMA user_version = " + std::to_string(migration.number);
  TRY(database.execute(version.c_str()));
  return transaction.commit();
}

}  // namespace

int newest_schema() {
  return migrations().back().number;
}

Result<void> migrate(Database& database) {
  const std::int64_t version = TRY(read_number(database, "PRAGMA user_version"));
  TRY(check_owner(database, version));
  for (const Migration& migration : migrations()) {
    if (migration.number <= version) continue;
    TRY(apply(database, migration).in(migration.name));
  }
  return {};
}

}  // namespace usher::store
