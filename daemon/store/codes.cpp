// The codes table. Sees keyed digests only; spending is one compare-and-set, so that two sign-ins
// with one code can't both win.
#include "daemon/store/codes.hpp"

#include "daemon/store/columns.hpp"

namespace usher::store {

Result<void> put_code(Database& database, PersonId person, const CodeRecord& code) {
  Transaction transaction = TRY(Transaction::begin(database));
  {
    // Also a spent one of another purpose that happens to have the same handle.
    Query query =
        TRY(database.query("DELETE FROM codes WHERE person = ? AND "
                           "(purpose = ? OR (handle = ? AND spent_at IS NOT NULL))"));
    TRY(query.bind(number_of(person)).bind(code.purpose).bind(code.handle).run());
  }
  {
    Query query =
        TRY(database.query("INSERT INTO codes (person, handle, purpose, digest, epoch, expires_at) "
                           "VALUES (?, ?, ?, ?, ?, ?)"));
    TRY(query.bind(number_of(person))
            .bind(code.handle)
            .bind(code.purpose)
            .bind_blob(code.digest)
            .bind(code.epoch)
            .bind(number_of(code.expires_at))
            .run());
  }
  return transaction.commit();
}

Result<std::optional<CodeRecord>> find_code(Database& database, PersonId person,
                                            std::string_view handle, ports::Instant now) {
  Query query =
      TRY(database.query("SELECT c.handle, c.purpose, c.digest, c.epoch, c.expires_at "
                         "FROM codes AS c JOIN people AS p ON p.id = c.person "
                         "WHERE c.person = ? AND c.handle = ? AND c.spent_at IS NULL "
                         "AND c.expires_at > ? AND c.epoch = p.epoch"));
  query.bind(number_of(person)).bind(handle).bind(number_of(now));
  if (!TRY(query.next())) return std::optional<CodeRecord>();
  return std::optional<CodeRecord>(CodeRecord{.handle = query.text(0),
                                              .purpose = query.text(1),
                                              .digest = query.text(2),
                                              .epoch = query.integer(3),
                                              .expires_at = instant_of(query.integer(4))});
}

Result<bool> spend_code(Database& database, PersonId person, std::string_view handle,
                        ports::Instant now) {
  // The same conditions as find_code: what happened between finding and spending counts.
  Query query =
      TRY(database.query("UPDATE codes SET spent_at = ?3 WHERE person = ?1 AND handle = ?2 "
                         "AND spent_at IS NULL AND expires_at > ?3 "
                         "AND epoch = (SELECT epoch FROM people WHERE id = ?1)"));
  TRY(query.bind(number_of(person)).bind(handle).bind(number_of(now)).run());
  return database.changed_rows() == 1;
}

Result<void> delete_codes(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM codes WHERE person = ?"));
  return query.bind(number_of(person)).run();
}

}  // namespace usher::store
