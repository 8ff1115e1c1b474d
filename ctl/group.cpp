// usherctl group: local groups and who is in them.
#include <fmt/format.h>

#include "ctl/calls.hpp"
#include "ctl/pages.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

Json named(const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["group"] = arguments.group;
  return parameters;
}

Result<void> add(Session& session, const Arguments& arguments) {
  Json parameters = named(arguments);
  if (arguments.gid) parameters["gid"] = *arguments.gid;
  const ReplyOk reply = TRY(session.call("AddGroup", std::move(parameters)));
  warn_unless_published(session, reply);
  if (session.wants_json()) return print_json(session.out(), reply);
  const Json* group = protocol::varlink::member_of(reply.parameters, "group");
  const std::string gid = group == nullptr ? "-" : number_member(*group, "gid");
  print(session.out(), fmt::format("Added {} with gid {}.\n", escaped(arguments.group), gid));
  return {};
}

Result<void> remove(Session& session, const Arguments& arguments) {
  return change(session, "RemoveGroup", named(arguments),
                arguments.group + " is removed. The gid stays taken for ever.");
}

Result<void> list(Session& session, const Arguments&) {
  ReplyOk all;
  all.parameters = TRY(all_rows(session, "ListGroups", Json::object(), "groups", name_of_row));
  if (session.wants_json()) return print_json(session.out(), all);
  Table table({"NAME", "GID", "ADDED"});
  for (const Json& group : rows_member(all.parameters, "groups")) {
    table.add({text_member(group, "name"), number_member(group, "gid"),
               time_member(group, "created_at")});
  }
  table.print_to(session.out());
  return {};
}

Result<void> show(Session& session, const Arguments& arguments) {
  ReplyOk all;
  all.parameters = TRY(all_rows(session, "ShowGroup", named(arguments), "members", row_itself));
  if (session.wants_json()) return print_json(session.out(), all);
  const Json* group = protocol::varlink::member_of(all.parameters, "group");
  if (group == nullptr) return Error(Errc::internal, "usherd's answer lacks the group");
  Facts facts;
  facts.add("name", text_member(*group, "name"));
  facts.add("gid", number_member(*group, "gid"));
  facts.add("added", time_member(*group, "created_at"));
  facts.add("members", list_member(all.parameters, "members"));
  facts.print_to(session.out());
  return {};
}

Json membership(const Arguments& arguments) {
  Json parameters = named(arguments);
  parameters["name"] = arguments.name;
  return parameters;
}

Result<void> add_member(Session& session, const Arguments& arguments) {
  return change(session, "AddMember", membership(arguments),
                arguments.name + " is in " + arguments.group + " from the next sign-in on.");
}

Result<void> remove_member(Session& session, const Arguments& arguments) {
  return change(session, "RemoveMember", membership(arguments),
                arguments.name + " is not in " + arguments.group +
                    " any more. Sessions that are open keep it.");
}

constexpr Option kGroup{"GROUP", "the group's name", &Arguments::group, Need::required};
constexpr Option kMember{"USER", "the login name", &Arguments::name, Need::required};

constexpr Verb kVerbs[] = {
    {"group", "local groups", nullptr},
    {"group add", "add a group", add, {kGroup, {"--gid", "a gid of your choice", &Arguments::gid}}},
    {"group remove", "remove a group", remove, {kGroup}},
    {"group list", "list groups", list},
    {"group show", "show a group and its members", show, {kGroup}},
    {"group member", "who is in a group", nullptr},
    {"group member add", "make a person a member", add_member, {kGroup, kMember}},
    {"group member remove", "end a person's membership", remove_member, {kGroup, kMember}},
};

}  // namespace

std::span<const Verb> group_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
