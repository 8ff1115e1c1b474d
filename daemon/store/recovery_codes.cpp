// The recovery_codes table.
#include "daemon/store/recovery_codes.hpp"

#include "daemon/store/columns.hpp"

namespace usher::store {
namespace {

std::int64_t number_of(FactorId id) {
  return static_cast<std::int64_t>(id);
}

}  // namespace

Result<void> put_recovery_code(Database& database, FactorId set, std::string_view digest) {
  Query query = TRY(database.query("INSERT INTO recovery_codes (factor, digest) VALUES (?, ?)"));
  return query.bind(number_of(set)).bind_blob(digest).run();
}

Result<Spent> spend_recovery_code(Database& database, FactorId set, std::string_view digest,
                                  ports::Instant now) {
  {
    Query query =
        TRY(database.query("UPDATE recovery_codes SET spent_at = ? WHERE factor = ? AND digest = ? "
                           "AND spent_at IS NULL AND (SELECT pending FROM factors "
                           "WHERE id = recovery_codes.factor) = 0"));
    TRY(query.bind(store::number_of(now)).bind(number_of(set)).bind_blob(digest).run());
    if (database.changed_rows() == 1) return Spent::now;
  }
  Query query = TRY(database.query(
      "SELECT 1 FROM recovery_codes WHERE factor = ? AND digest = ? AND spent_at IS NOT NULL"));
  query.bind(number_of(set)).bind_blob(digest);
  return TRY(query.next()) ? Spent::before : Spent::never;
}

Result<std::int64_t> count_recovery_codes(Database& database, PersonId person) {
  Query query = TRY(database.query(
      "SELECT count(*) FROM recovery_codes AS c JOIN factors AS f ON f.id = c.factor "
      "WHERE f.person = ? AND f.pending = 0 AND c.spent_at IS NULL"));
  query.bind(store::number_of(person));
  if (!TRY(query.next())) return Error(Errc::internal, "a count has no answer");
  return query.integer(0);
}

}  // namespace usher::store
