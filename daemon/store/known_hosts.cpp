// Never more rows a person than the limit.
#include "daemon/store/known_hosts.hpp"

#include "daemon/store/columns.hpp"

namespace usher::store {

Result<bool> is_known_host(Database& database, std::string_view person, std::string_view host,
                           ports::Instant oldest) {
  Query query = TRY(database.query(
      "SELECT 1 FROM known_hosts WHERE person = (SELECT id FROM people WHERE name = ? AND "
      "state <> 'deleted') AND host = ? AND seen_at >= ?"));
  query.bind(person).bind(host).bind(number_of(oldest));
  return query.next();
}

Result<void> note_known_host(Database& database, PersonId person, std::string_view host,
                             ports::Instant now) {
  {
    Query query =
        TRY(database.query("INSERT INTO known_hosts (person, host, seen_at) VALUES (?, ?, ?) "
                           "ON CONFLICT (person, host) DO UPDATE SET seen_at = excluded.seen_at"));
    TRY(query.bind(number_of(person)).bind(host).bind(number_of(now)).run());
  }
  Query query =
      TRY(database.query("DELETE FROM known_hosts WHERE person = ?1 AND host IN (SELECT host FROM "
                         "known_hosts WHERE person = ?1 AND host <> ?2 ORDER BY seen_at DESC, host "
                         "LIMIT -1 OFFSET ?3)"));
  return query.bind(number_of(person)).bind(host).bind(kMaxKnownHosts - 1).run();
}

Result<void> delete_known_hosts(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM known_hosts WHERE person = ?"));
  return query.bind(number_of(person)).run();
}

}  // namespace usher::store
