// One statement a column.
#include "daemon/store/lifecycle.hpp"

#include "daemon/store/columns.hpp"

namespace usher::store {
namespace {

// The first parameter is bound; the second is the person.
Result<void> finish(Database& database, Query& query, PersonId id) {
  TRY(query.bind(number_of(id)).run());
  if (database.changed_rows() == 0) return Error(Errc::not_found, "there is no such person");
  return {};
}

void bind_instant(Query& query, std::optional<ports::Instant> at) {
  if (at) {
    query.bind(number_of(*at));
  } else {
    query.bind_null();
  }
}

}  // namespace

Result<void> set_source(Database& database, PersonId id, std::string_view source) {
  Query query =
      TRY(database.query("UPDATE people SET source = ? WHERE id = ? AND state <> 'deleted'"));
  query.bind(source);
  return finish(database, query, id);
}

Result<void> set_expiry(Database& database, PersonId id, std::optional<ports::Instant> at) {
  Query query =
      TRY(database.query("UPDATE people SET expires_at = ? WHERE id = ? AND state <> 'deleted'"));
  bind_instant(query, at);
  return finish(database, query, id);
}

Result<void> reopen(Database& database, PersonId id, ports::Instant now) {
  Query query =
      TRY(database.query("UPDATE people SET reopened_at = ? WHERE id = ? AND state <> 'deleted'"));
  query.bind(number_of(now));
  return finish(database, query, id);
}

Result<std::optional<ports::Instant>> factors_suspended_until(Database& database, PersonId id) {
  using Until = std::optional<ports::Instant>;
  Query query = TRY(database.query("SELECT factors_suspended_until FROM people WHERE id = ?"));
  query.bind(number_of(id));
  if (!TRY(query.next()) || query.is_null(0)) return Until{};
  return Until(instant_of(query.integer(0)));
}

Result<void> suspend_factors(Database& database, PersonId id, std::optional<ports::Instant> until) {
  Query query = TRY(database.query(
      "UPDATE people SET factors_suspended_until = ? WHERE id = ? AND state <> 'deleted'"));
  bind_instant(query, until);
  return finish(database, query, id);
}

Result<void> note_activity(Database& database, PersonId id, ports::Instant now) {
  Query query = TRY(
      database.query("UPDATE people SET last_sign_in_at = ? WHERE id = ? AND state <> 'deleted'"));
  query.bind(number_of(now));
  return finish(database, query, id);
}

}  // namespace usher::store
