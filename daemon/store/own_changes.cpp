// One look at the audit table, at the person's records of that time alone.
#include "daemon/store/own_changes.hpp"

namespace usher::store {

Result<std::int64_t> count_own_changes(Database& database, std::string_view person,
                                       ports::Instant since, std::int64_t most) {
  const std::int64_t before = TRY(last_audit_before(database, since));
  Query query = TRY(
      database.query("SELECT count(*) FROM (SELECT 1 FROM audit WHERE person = ? AND person <> '' "
                     "AND sequence > ? AND reason = 'self' AND operation LIKE 'admin.%' LIMIT ?)"));
  query.bind(person).bind(before).bind(most < 0 ? 0 : most);
  if (!TRY(query.next())) return Error(Errc::internal, "a count has no answer");
  return query.integer(0);
}

}  // namespace usher::store
