// Everything that is published about people and groups, streamed: one statement a table, however
// many there are. Deleted people are nobody; nothing secret is read here.
#pragma once

#include <functional>
#include <string>

#include "daemon/store/groups.hpp"
#include "daemon/store/people.hpp"

namespace usher::store {

// An Error of a visitor ends the walk and is handed up.
using PersonVisitor = std::function<Result<void>(PersonRecord&& person)>;
using AliasVisitor = std::function<Result<void>(PersonId person, std::string&& alias)>;
using GroupVisitor = std::function<Result<void>(GroupRecord&& group)>;
using MemberVisitor = std::function<Result<void>(GroupId group, std::string&& person)>;

// In the order of their ids, which is the one the next two are in.
Result<void> each_person(Database& database, const PersonVisitor& visit);
Result<void> each_alias(Database& database, const AliasVisitor& visit);
Result<void> each_group(Database& database, const GroupVisitor& visit);
Result<void> each_member(Database& database, const MemberVisitor& visit);

}  // namespace usher::store
