// The accepted_terms table. Sees versions only: the texts are files.
#include "daemon/store/terms.hpp"

#include "daemon/store/columns.hpp"

namespace usher::store {

Result<void> accept_terms(Database& database, PersonId person, std::string_view version,
                          ports::Instant now) {
  Query query = TRY(
      database.query("INSERT INTO accepted_terms (person, version, accepted_at) VALUES (?, ?, ?) "
                     "ON CONFLICT (person, version) DO NOTHING"));
  return query.bind(number_of(person)).bind(version).bind(number_of(now)).run();
}

Result<std::vector<AcceptedTerms>> list_accepted_terms(Database& database, PersonId person) {
  Query query =
      TRY(database.query("SELECT version, accepted_at FROM accepted_terms WHERE person = ? "
                         "ORDER BY accepted_at, version"));
  query.bind(number_of(person));
  std::vector<AcceptedTerms> accepted;
  while (TRY(query.next())) accepted.push_back({query.text(0), instant_of(query.integer(1))});
  return accepted;
}

Result<void> delete_accepted_terms(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM accepted_terms WHERE person = ?"));
  return query.bind(number_of(person)).run();
}

}  // namespace usher::store
