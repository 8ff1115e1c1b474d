// The password_warnings and breached_passwords tables.
#include "daemon/store/warnings.hpp"

#include "daemon/store/columns.hpp"

namespace usher::store {

Result<std::optional<PasswordWarning>> find_password_warning(Database& database, PersonId person) {
  Query query = TRY(
      database.query("SELECT changed_at, days, told_at FROM password_warnings WHERE person = ?"));
  query.bind(number_of(person));
  if (!TRY(query.next())) return std::optional<PasswordWarning>();
  return std::optional(PasswordWarning{instant_of(query.integer(0)), query.integer(1),
                                       instant_of(query.integer(2))});
}

Result<void> put_password_warning(Database& database, PersonId person,
                                  const PasswordWarning& warning) {
  Query query =
      TRY(database.query("INSERT INTO password_warnings (person, changed_at, days, told_at) "
                         "VALUES (?, ?, ?, ?) ON CONFLICT (person) DO UPDATE SET "
                         "changed_at = excluded.changed_at, days = excluded.days, "
                         "told_at = excluded.told_at"));
  query.bind(number_of(person)).bind(number_of(warning.changed_at)).bind(warning.days);
  return query.bind(number_of(warning.told_at)).run();
}

Result<void> delete_password_warning(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM password_warnings WHERE person = ?"));
  return query.bind(number_of(person)).run();
}

Result<bool> put_breach_warning(Database& database, PersonId person, ports::Instant changed_at) {
  Query query =
      TRY(database.query("INSERT INTO breached_passwords (person, changed_at) VALUES (?, ?) "
                         "ON CONFLICT (person) DO UPDATE SET changed_at = excluded.changed_at "
                         "WHERE changed_at <> excluded.changed_at"));
  TRY(query.bind(number_of(person)).bind(number_of(changed_at)).run());
  return database.changed_rows() == 1;
}

Result<void> delete_breach_warning(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM breached_passwords WHERE person = ?"));
  return query.bind(number_of(person)).run();
}

}  // namespace usher::store
