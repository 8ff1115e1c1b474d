// The put_off_actions table.
#include "daemon/store/put_off.hpp"

#include "daemon/store/columns.hpp"

namespace usher::store {

Result<void> put_off(Database& database, PersonId person, policy::Action action,
                     ports::Instant now) {
  Query query =
      TRY(database.query("INSERT INTO put_off_actions (person, action, at) VALUES (?, ?, ?) "
                         "ON CONFLICT (person, action) DO UPDATE SET at = excluded.at"));
  return query.bind(number_of(person)).bind(policy::name_of(action)).bind(number_of(now)).run();
}

Result<PutOff> find_put_off(Database& database, PersonId person) {
  Query query = TRY(database.query("SELECT action, at FROM put_off_actions WHERE person = ?"));
  query.bind(number_of(person));
  PutOff found;
  while (TRY(query.next())) {
    for (const policy::Action action : policy::kActions) {
      if (query.view(0) == policy::name_of(action)) found[action] = instant_of(query.integer(1));
    }
  }
  return found;
}

Result<void> delete_put_off(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM put_off_actions WHERE person = ?"));
  return query.bind(number_of(person)).run();
}

}  // namespace usher::store
