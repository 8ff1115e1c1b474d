// The settings table. Never holds a secret.
#include "daemon/store/settings.hpp"

namespace usher::store {

Result<std::optional<std::string>> find_setting(Database& database, std::string_view name) {
  Query query = TRY(database.query("SELECT value FROM settings WHERE name = ?"));
  query.bind(name);
  if (!TRY(query.next())) return std::optional<std::string>();
  return std::optional<std::string>(query.text(0));
}

Result<void> put_setting(Database& database, std::string_view name, std::string_view value) {
  Query query =
      TRY(database.query("INSERT INTO settings (name, value) VALUES (?, ?) "
                         "ON CONFLICT (name) DO UPDATE SET value = excluded.value"));
  return query.bind(name).bind(value).run();
}

}  // namespace usher::store
