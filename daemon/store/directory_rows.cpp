// The joins a publication reads. Walks of people and groups stand in people.cpp and groups.cpp,
// beside what reads their rows.
#include "daemon/store/directory_rows.hpp"

namespace usher::store {

Result<void> each_alias(Database& database, const AliasVisitor& visit) {
  Query query = TRY(database.query("SELECT person, alias FROM aliases ORDER BY person, alias"));
  while (TRY(query.next())) TRY(visit(PersonId{query.integer(0)}, query.view(1)));
  return {};
}

Result<void> each_member(Database& database, const MemberVisitor& visit) {
  Query query =
      TRY(database.query("SELECT m.local_group, p.name FROM group_members m "
                         "JOIN people p ON p.id = m.person ORDER BY m.local_group, m.person"));
  while (TRY(query.next())) TRY(visit(GroupId{query.integer(0)}, query.view(1)));
  return {};
}

}  // namespace usher::store
