// The local_groups and group_members tables. Never gives a person's name to a group.
#include "daemon/store/groups.hpp"

#include "daemon/store/columns.hpp"
#include "daemon/store/directory_rows.hpp"
#include "daemon/store/ids.hpp"

// The order read_group() reads them in. A macro: statements are literals.
#define USHER_GROUP_COLUMNS "id, name, gid, created_at"

namespace usher::store {
namespace {

std::int64_t number_of(GroupId id) {
  return static_cast<std::int64_t>(id);
}

Result<GroupRecord> read_group(const Query& row) {
  Result<GroupName> name = GroupName::parse(row.text(1));
  // Written through GroupName, so another shape was not written by us.
  if (!name.has_value()) return Error(Errc::damaged, name.error().text());
  return GroupRecord{.id = GroupId{row.integer(0)},
                     .name = *name,
                     .gid = Gid{static_cast<std::uint32_t>(row.integer(2))},
                     .created_at = instant_of(row.integer(3))};
}

Result<std::vector<std::string>> read_names(Query& query) {
  std::vector<std::string> names;
  while (TRY(query.next())) names.push_back(query.text(0));
  return names;
}

}  // namespace

Result<GroupRecord> add_group(Database& database, const GroupName& name, std::optional<Gid> gid,
                              std::string_view uuid, ports::Instant now) {
  Transaction transaction = TRY(Transaction::begin(database));
  if (TRY(find_group(database, name.view())).has_value()) {
    return Error(Errc::already_exists, "there is a group of this name");
  }
  if (TRY(find_person(database, name.view())).has_value()) {
    return Error(Errc::already_exists, "a person has this name, and so has their private group");
  }
  const Gid chosen = TRY(take_group_id(database, uuid, gid));
  {
    Query query = TRY(database.query(
        "INSERT INTO local_groups (uuid, name, gid, created_at) VALUES (?, ?, ?, ?)"));
    TRY(query.bind(uuid)
            .bind(name.view())
            .bind(std::int64_t{chosen.number})
            .bind(number_of(now))
            .run());
  }
  std::optional<GroupRecord> added = TRY(find_group(database, name.view()));
  if (!added.has_value()) return Error(Errc::internal, "a group just added is not there");
  TRY(transaction.commit());
  return *added;
}

Result<std::optional<GroupRecord>> find_group(Database& database, std::string_view name) {
  Query query =
      TRY(database.query("SELECT " USHER_GROUP_COLUMNS " FROM local_groups WHERE name = ?"));
  query.bind(name);
  if (!TRY(query.next())) return std::optional<GroupRecord>();
  return std::optional<GroupRecord>(TRY(read_group(query)));
}

Result<std::vector<GroupRecord>> list_groups(Database& database, std::string_view after,
                                             std::int64_t limit) {
  Query query = TRY(database.query("SELECT " USHER_GROUP_COLUMNS
                                   " FROM local_groups WHERE name > ? ORDER BY name LIMIT ?"));
  // SQLite reads a negative limit as "all".
  query.bind(after).bind(limit < 0 ? 0 : limit);
  std::vector<GroupRecord> groups;
  while (TRY(query.next())) groups.push_back(TRY(read_group(query)));
  return groups;
}

Result<void> each_group(Database& database, const GroupVisitor& visit) {
  Query query = TRY(database.query("SELECT id, name, gid FROM local_groups ORDER BY id"));
  while (TRY(query.next())) {
    TRY(visit({.id = GroupId{query.integer(0)},
               .name = query.view(1),
               .gid = id_number(query.integer(2))}));
  }
  return {};
}

Result<void> delete_group(Database& database, GroupId group) {
  Transaction transaction = TRY(Transaction::begin(database));
  {
    Query members = TRY(database.query("DELETE FROM group_members WHERE local_group = ?"));
    TRY(members.bind(number_of(group)).run());
    Query query = TRY(database.query("DELETE FROM local_groups WHERE id = ?"));
    TRY(query.bind(number_of(group)).run());
    if (database.changed_rows() == 0) return Error(Errc::not_found, "there is no such group");
  }
  return transaction.commit();
}

Result<bool> add_member(Database& database, GroupId group, PersonId person) {
  Query query = TRY(database.query(
      "INSERT INTO group_members (local_group, person) VALUES (?, ?) ON CONFLICT DO NOTHING"));
  TRY(query.bind(number_of(group)).bind(number_of(person)).run());
  return database.changed_rows() == 1;
}

Result<bool> delete_member(Database& database, GroupId group, PersonId person) {
  Query query =
      TRY(database.query("DELETE FROM group_members WHERE local_group = ? AND person = ?"));
  TRY(query.bind(number_of(group)).bind(number_of(person)).run());
  return database.changed_rows() == 1;
}

Result<void> delete_memberships(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM group_members WHERE person = ?"));
  return query.bind(number_of(person)).run();
}

Result<std::vector<std::string>> list_members(Database& database, GroupId group,
                                              std::string_view after, std::int64_t limit) {
  Query query =
      TRY(database.query("SELECT p.name FROM group_members m JOIN people p ON p.id = m.person "
                         "WHERE m.local_group = ? AND p.name > ? ORDER BY p.name LIMIT ?"));
  query.bind(number_of(group)).bind(after).bind(limit < 0 ? 0 : limit);
  return read_names(query);
}

Result<std::vector<std::string>> list_groups_of(Database& database, PersonId person) {
  Query query =
      TRY(database.query("SELECT g.name FROM group_members m JOIN local_groups g "
                         "ON g.id = m.local_group WHERE m.person = ? ORDER BY g.name"));
  query.bind(number_of(person));
  return read_names(query);
}

}  // namespace usher::store
