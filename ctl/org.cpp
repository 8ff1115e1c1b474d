// usherctl org: organisations and who belongs to them.
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
  parameters["organisation"] = arguments.organisation;
  return parameters;
}

Json with_texts(const Arguments& arguments) {
  Json parameters = named(arguments);
  if (arguments.display_name) parameters["display_name"] = *arguments.display_name;
  if (arguments.support) parameters["support"] = *arguments.support;
  return parameters;
}

Json with_person(const Arguments& arguments) {
  Json parameters = named(arguments);
  parameters["name"] = arguments.name;
  return parameters;
}

Result<void> add(Session& session, const Arguments& arguments) {
  return change(session, "AddOrganisation", with_texts(arguments),
                "Added " + arguments.organisation + ".");
}

Result<void> set(Session& session, const Arguments& arguments) {
  Json parameters = with_texts(arguments);
  if (parameters.size() == 1) {
    return Error(Errc::invalid_input, "nothing to change; see usherctl org set --help");
  }
  return change(session, "SetOrganisation", std::move(parameters),
                "Changed " + arguments.organisation + ".");
}

Result<void> remove(Session& session, const Arguments& arguments) {
  return change(session, "RemoveOrganisation", named(arguments),
                arguments.organisation + " is removed. Its people stay.");
}

Result<void> list(Session& session, const Arguments&) {
  ReplyOk all;
  all.parameters =
      TRY(all_rows(session, "ListOrganisations", Json::object(), "organisations", name_of_row));
  if (session.wants_json()) return print_json(session.out(), all);
  Table table({"NAME", "DISPLAY NAME", "SUPPORT", "ADDED"});
  for (const Json& row : rows_member(all.parameters, "organisations")) {
    table.add({text_member(row, "name"), text_member(row, "display_name"),
               text_member(row, "support"), time_member(row, "created_at")});
  }
  table.print_to(session.out());
  return {};
}

Result<void> show(Session& session, const Arguments& arguments) {
  ReplyOk all;
  all.parameters =
      TRY(all_rows(session, "ShowOrganisation", named(arguments), "people", row_itself));
  if (session.wants_json()) return print_json(session.out(), all);
  const Json* organisation = protocol::varlink::member_of(all.parameters, "organisation");
  if (organisation == nullptr) {
    return Error(Errc::internal, "usherd's answer lacks the organisation");
  }
  Facts facts;
  facts.add("name", text_member(*organisation, "name"));
  facts.add("display name", text_member(*organisation, "display_name"));
  facts.add("support", text_member(*organisation, "support"));
  facts.add("added", time_member(*organisation, "created_at"));
  facts.add("people", list_member(all.parameters, "people"));
  facts.print_to(session.out());
  return {};
}

Result<void> join(Session& session, const Arguments& arguments) {
  return change(session, "JoinOrganisation", with_person(arguments),
                arguments.name + " belongs to " + arguments.organisation + ".");
}

Result<void> leave(Session& session, const Arguments& arguments) {
  return change(session, "LeaveOrganisation", with_person(arguments),
                arguments.name + " does not belong to " + arguments.organisation + " any more.");
}

constexpr Option kOrganisation{"ORG", "the organisation's name", &Arguments::organisation,
                               Need::required};
constexpr Option kMember{"USER", "the login name", &Arguments::name, Need::required};
constexpr Option kDisplayName{"--display-name", "the name as people write it",
                              &Arguments::display_name};
constexpr Option kSupport{"--support", "whom its people ask; empty: the host's contact",
                          &Arguments::support};

constexpr Verb kVerbs[] = {
    {"org", "organisations", nullptr},
    {"org add", "add an organisation", add, {kOrganisation, kDisplayName, kSupport}},
    {"org set", "change an organisation's texts", set, {kOrganisation, kDisplayName, kSupport}},
    {"org remove", "remove an organisation; its people stay", remove, {kOrganisation}},
    {"org list", "list organisations", list},
    {"org show", "show an organisation and its people", show, {kOrganisation}},
    {"org member", "who belongs to an organisation", nullptr},
    {"org member add", "let a person belong to it", join, {kOrganisation, kMember}},
    {"org member remove", "end that", leave, {kOrganisation, kMember}},
};

}  // namespace

std::span<const Verb> org_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
