// The passwords and password_history tables. Sees PHC strings only, never a password.
#include "daemon/store/passwords.hpp"

#include "daemon/store/columns.hpp"

namespace usher::store {
namespace {

Result<void> remember(Database& database, PersonId person, const PasswordRecord& record) {
  Query query = TRY(
      database.query("INSERT INTO password_history (person, phc, accepted_at) SELECT ?1, ?2, ?3 "
                     "WHERE ?2 IS NOT (SELECT phc FROM password_history WHERE person = ?1 "
                     "ORDER BY id DESC LIMIT 1)"));
  return query.bind(number_of(person)).bind(record.phc).bind(number_of(record.changed_at)).run();
}

}  // namespace

Result<std::optional<PasswordRecord>> find_password(Database& database, PersonId person) {
  Query query =
      TRY(database.query("SELECT phc, must_change, changed_at FROM passwords WHERE person = ?"));
  query.bind(number_of(person));
  if (!TRY(query.next())) return std::optional<PasswordRecord>();
  return std::optional<PasswordRecord>(PasswordRecord{.phc = query.text(0),
                                                      .must_change = query.integer(1) != 0,
                                                      .changed_at = instant_of(query.integer(2))});
}

Result<void> put_password(Database& database, PersonId person, const PasswordRecord& record) {
  TRY(remember(database, person, record));
  Query query = TRY(database.query(
      "INSERT INTO passwords (person, phc, must_change, changed_at) VALUES (?, ?, ?, ?) "
      "ON CONFLICT (person) DO UPDATE SET phc = excluded.phc, "
      "must_change = excluded.must_change, changed_at = excluded.changed_at"));
  return query.bind(number_of(person))
      .bind(record.phc)
      .bind(number_of(record.must_change))
      .bind(number_of(record.changed_at))
      .run();
}

Result<bool> replace_phc(Database& database, PersonId person, std::string_view old_phc,
                         std::string_view new_phc) {
  Query query = TRY(database.query("UPDATE passwords SET phc = ? WHERE person = ? AND phc = ?"));
  TRY(query.bind(new_phc).bind(number_of(person)).bind(old_phc).run());
  return database.changed_rows() == 1;
}

Result<void> delete_password(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM passwords WHERE person = ?"));
  return query.bind(number_of(person)).run();
}

Result<std::vector<std::string>> list_password_history(Database& database, PersonId person,
                                                       std::size_t limit) {
  Query query = TRY(
      database.query("SELECT phc FROM password_history WHERE person = ? ORDER BY id DESC LIMIT ?"));
  query.bind(number_of(person)).bind(static_cast<std::int64_t>(limit));
  std::vector<std::string> phcs;
  while (TRY(query.next())) phcs.push_back(query.text(0));
  return phcs;
}

Result<void> trim_password_history(Database& database, PersonId person, std::size_t keep) {
  Query query = TRY(
      database.query("DELETE FROM password_history WHERE person = ?1 AND id NOT IN (SELECT id FROM "
                     "password_history WHERE person = ?1 ORDER BY id DESC LIMIT ?2)"));
  return query.bind(number_of(person)).bind(static_cast<std::int64_t>(keep)).run();
}

Result<void> trim_password_histories(Database& database, std::size_t keep) {
  Query query =
      TRY(database.query("DELETE FROM password_history WHERE id IN (SELECT id FROM (SELECT id, "
                         "row_number() OVER (PARTITION BY person ORDER BY id DESC) AS place "
                         "FROM password_history) WHERE place > ?)"));
  return query.bind(static_cast<std::int64_t>(keep)).run();
}

}  // namespace usher::store
