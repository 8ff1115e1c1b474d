// The tables of local groups and their members. A group that is removed is gone; its number stays
// in the ledger and is never given again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/store/people.hpp"

namespace usher::store {

enum class GroupId : std::int64_t {};

// Groups are named by the rules of login names: both stand in the same files.
using GroupName = UserName;

struct GroupRecord {
  GroupId id{};
  GroupName name;
  Gid gid;
  ports::Instant created_at{};
};

// Errc::already_exists: the name is a group's or a person's (who has a private group of that name),
// or the gid is taken. Errc::invalid_input: the gid's range (ids.hpp).
Result<GroupRecord> add_group(Database& database, const GroupName& name, std::optional<Gid> gid,
                              std::string_view uuid, ports::Instant now);
Result<std::optional<GroupRecord>> find_group(Database& database, std::string_view name);
// In name order, after `after`, at most `limit`.
Result<std::vector<GroupRecord>> list_groups(Database& database, std::string_view after,
                                             std::int64_t limit);
Result<void> delete_group(Database& database, GroupId group);

// False: was one already, or was none.
Result<bool> add_member(Database& database, GroupId group, PersonId person);
Result<bool> delete_member(Database& database, GroupId group, PersonId person);
// Out of every group.
Result<void> delete_memberships(Database& database, PersonId person);
// Names in order, after `after`, at most `limit`.
Result<std::vector<std::string>> list_members(Database& database, GroupId group,
                                              std::string_view after, std::int64_t limit);
Result<std::vector<std::string>> list_groups_of(Database& database, PersonId person);

}  // namespace usher::store
