// The codes table. Sees keyed digests only; spending is one compare-and-set, so that two sign-ins
// with one code can't both win.
#include "daemon/store/codes.hpp"

#include "daemon/store/columns.hpp"

namespace usher::store {
namespace {

// Of `c`: what lives is unspent, in time by its own clock, and of the present epoch, but for what
// lets nobody in: a thief raises the epoch with each new password.
#define USHER_CODE_IS_LIVE                                                            \
  "c.spent_at IS NULL AND iif(c.ends_at IS NULL, c.expires_at > ?3, c.ends_at > ?4) " \
  "AND (c.epoch = (SELECT epoch FROM people WHERE id = c.person) OR c.purpose = 'not-you')"
#define USHER_CODE_COLUMNS \
  "c.handle, c.purpose, c.digest, c.epoch, c.expires_at, c.contact, c.ends_at"

CodeRecord read_code(const Query& row) {
  CodeRecord code{.handle = row.text(0),
                  .purpose = row.text(1),
                  .digest = row.text(2),
                  .epoch = row.integer(3),
                  .expires_at = instant_of(row.integer(4))};
  if (!row.is_null(5)) code.contact = ContactId{row.integer(5)};
  if (!row.is_null(6)) code.ends_at = policy::Span(row.integer(6));
  return code;
}

Result<void> insert(Database& database, PersonId person, const CodeRecord& code) {
  Query query =
      TRY(database.query("INSERT INTO codes (person, handle, purpose, digest, epoch, expires_at, "
                         "contact, ends_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
  query.bind(number_of(person)).bind(code.handle).bind(code.purpose).bind_blob(code.digest);
  query.bind(code.epoch).bind(number_of(code.expires_at));
  code.contact ? query.bind(static_cast<std::int64_t>(*code.contact)) : query.bind_null();
  code.ends_at ? query.bind(code.ends_at->count()) : query.bind_null();
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
                      ports::Instant now, policy::Span at) {
  Transaction transaction = TRY(Transaction::begin(database));
  {
    // What is of no use any more gives its handle back.
    Query query = TRY(database.query(
        "DELETE FROM codes AS c WHERE c.person = ?1 AND c.purpose = ?2 AND NOT (" USHER_CODE_IS_LIVE
        ")"));
    query.bind(number_of(person)).bind(code.purpose).bind(number_of(now)).bind(at.count());
    TRY(query.run());
  }
  TRY(insert(database, person, code));
  return transaction.commit();
}

Result<std::vector<CodeRecord>> list_codes(Database& database, PersonId person,
                                           std::string_view purpose, ports::Instant now,
                                           policy::Span at) {
  Query query = TRY(database.query(
      "SELECT " USHER_CODE_COLUMNS
      " FROM codes AS c WHERE c.person = ?1 AND c.purpose = ?2 AND " USHER_CODE_IS_LIVE
      " ORDER BY c.handle"));
  query.bind(number_of(person)).bind(purpose).bind(number_of(now)).bind(at.count());
  std::vector<CodeRecord> codes;
  while (TRY(query.next())) codes.push_back(read_code(query));
  return codes;
}

Result<std::optional<CodeRecord>> find_code(Database& database, PersonId person,
                                            std::string_view handle, ports::Instant now,
                                            policy::Span at) {
  Query query = TRY(database.query(
      "SELECT " USHER_CODE_COLUMNS
      " FROM codes AS c WHERE c.person = ?1 AND c.handle = ?2 AND " USHER_CODE_IS_LIVE));
  query.bind(number_of(person)).bind(handle).bind(number_of(now)).bind(at.count());
  if (!TRY(query.next())) return std::optional<CodeRecord>();
  return std::optional(read_code(query));
}

Result<bool> spend_code(Database& database, PersonId person, std::string_view handle,
                        ports::Instant now, policy::Span at) {
  // The same conditions as find_code: what happened between finding and spending counts.
  Query query = TRY(
      database.query("UPDATE codes AS c SET spent_at = ?3 WHERE c.person = ?1 AND c.handle = ?2 "
                     "AND " USHER_CODE_IS_LIVE));
  query.bind(number_of(person)).bind(handle).bind(number_of(now)).bind(at.count());
  TRY(query.run());
  return database.changed_rows() == 1;
}

Result<void> delete_code(Database& database, PersonId person, std::string_view handle) {
  Query query = TRY(database.query("DELETE FROM codes WHERE person = ? AND handle = ?"));
  return query.bind(number_of(person)).bind(handle).run();
}

Result<void> delete_codes(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM codes WHERE person = ?"));
  return query.bind(number_of(person)).run();
}

Result<void> delete_codes_for(Database& database, PersonId person, std::string_view purpose) {
  Query query = TRY(database.query("DELETE FROM codes WHERE person = ? AND purpose = ?"));
  return query.bind(number_of(person)).bind(purpose).run();
}

}  // namespace usher::store
