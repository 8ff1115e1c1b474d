// The codes table. Sees keyed digests only; spending is one compare-and-set, so that two sign-ins
// with one code can't both win.
#include "daemon/store/codes.hpp"

#include "daemon/store/columns.hpp"

namespace usher::store {
namespace {

Result<void> insert(Database& database, PersonId person, const CodeRecord& code) {
  Query query =
      TRY(database.query("INSERT INTO codes (person, handle, purpose, digest, epoch, expires_at, "
                         "contact) VALUES (?, ?, ?, ?, ?, ?, ?)"));
  query.bind(number_of(person)).bind(code.handle).bind(code.purpose).bind_blob(code.digest);
  query.bind(code.epoch).bind(number_of(code.expires_at));
  code.contact ? query.bind(static_cast<std::int64_t>(*code.contact)) : query.bind_null();
  return query.run();
}

}  // namespace

Result<void> put_code(Database& database, PersonId person, const CodeRecord& code) {
  Transaction transaction = TRY(Transaction::begin(database));
  {
    // Also a spent one of another purpose that happens to have the same handle.
    Query query =
        TRY(database.query("DELETE FROM codes WHERE person = ? AND "
                           "(purpose = ? OR (handle = ? AND spent_at IS NOT NULL))"));
    TRY(query.bind(number_of(person)).bind(code.purpose).bind(code.handle).run());
  }
  TRY(insert(database, person, code));
  return transaction.commit();
}

Result<void> add_code(Database& database, PersonId person, const CodeRecord& code,
                      ports::Instant now) {
  Transaction transaction = TRY(Transaction::begin(database));
  {
    // What is of no use any more gives its handle back.
    Query query = TRY(database.query(
        "DELETE FROM codes WHERE person = ?1 AND purpose = ?2 AND (spent_at IS NOT "
        "NULL OR expires_at <= ?3 OR epoch <> (SELECT epoch FROM people WHERE id = ?1))"));
    TRY(query.bind(number_of(person)).bind(code.purpose).bind(number_of(now)).run());
  }
  TRY(insert(database, person, code));
  return transaction.commit();
}

Result<std::int64_t> count_codes(Database& database, PersonId person, std::string_view purpose,
                                 ports::Instant now) {
  Query query = TRY(database.query(
      "SELECT count(*) FROM codes WHERE person = ?1 AND purpose = ?2 AND spent_at IS NULL AND "
      "expires_at > ?3 AND epoch = (SELECT epoch FROM people WHERE id = ?1)"));
  query.bind(number_of(person)).bind(purpose).bind(number_of(now));
  if (!TRY(query.next())) return Error(Errc::internal, "a count has no answer");
  return query.integer(0);
}

Result<std::optional<CodeRecord>> find_code(Database& database, PersonId person,
                                            std::string_view handle, ports::Instant now) {
  Query query =
      TRY(database.query("SELECT c.handle, c.purpose, c.digest, c.epoch, c.expires_at, c.contact "
                         "FROM codes AS c JOIN people AS p ON p.id = c.person "
                         "WHERE c.person = ? AND c.handle = ? AND c.spent_at IS NULL "
                         "AND c.expires_at > ? AND c.epoch = p.epoch"));
  query.bind(number_of(person)).bind(handle).bind(number_of(now));
  if (!TRY(query.next())) return std::optional<CodeRecord>();
  CodeRecord code{.handle = query.text(0),
                  .purpose = query.text(1),
                  .digest = query.text(2),
                  .epoch = query.integer(3),
                  .expires_at = instant_of(query.integer(4))};
  if (!query.is_null(5)) code.contact = ContactId{query.integer(5)};
  return std::optional(std::move(code));
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
