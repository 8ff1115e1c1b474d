// The passwords table. Sees PHC strings only, never a password.
#include "daemon/store/passwords.hpp"

#include "daemon/store/columns.hpp"

namespace usher::store {

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

}  // namespace usher::store
