// Everything that is published about people and groups, streamed: one statement a table, however
// many there are. Deleted people are nobody; nothing secret is read here.
#pragma once

#include <functional>
#include <string_view>

#include "daemon/store/groups.hpp"
#include "daemon/store/people.hpp"

namespace usher::store {

// Views live until the visitor returns. Nothing here is checked: whoever publishes it does.
struct AccountRow {
  PersonId id;
  std::string_view name, display_name;
  std::uint32_t uid, gid;
  std::string_view home, shell;
  bool suspended;
};
struct GroupRow {
  GroupId id;
  std::string_view name;
  std::uint32_t gid;
};

// An Error of a visitor ends the walk and is handed up.
using AccountVisitor = std::function<Result<void>(const AccountRow& person)>;
using AliasVisitor = std::function<Result<void>(PersonId person, std::string_view alias)>;
using GroupVisitor = std::function<Result<void>(const GroupRow& group)>;
using MemberVisitor = std::function<Result<void>(GroupId group, std::string_view person)>;

// In the order of their ids, which is the one the next two are in.
Result<void> each_account(Database& database, const AccountVisitor& visit);
Result<void> each_alias(Database& database, const AliasVisitor& visit);
Result<void> each_group(Database& database, const GroupVisitor& visit);
Result<void> each_member(Database& database, const MemberVisitor& visit);

}  // namespace usher::store
