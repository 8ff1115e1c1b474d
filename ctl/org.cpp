// usherctl org: organisations and who belongs to them.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "ctl/nouns.hpp"
#include "ctl/pages.hpp"

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

CLI::App* verb(CLI::App& noun, const char* name, const char* help, Arguments& arguments,
               Command& chosen, Command command) {
  CLI::App* app = noun.add_subcommand(name, help)->fallthrough();
  app->add_option("ORG", arguments.organisation, "the organisation's name")->required();
  app->callback([&chosen, command] { chosen = command; });
  return app;
}

void text_options(CLI::App& app, Arguments& arguments) {
  app.add_option("--display-name", arguments.display_name, "the name as people write it");
  app.add_option("--support", arguments.support, "whom its people ask; empty: the host's contact");
}

}  // namespace

void declare_org(CLI::App& app, Arguments& arguments, Command& chosen) {
  CLI::App* org = app.add_subcommand("org", "organisations");
  org->require_subcommand(1)->fallthrough();
  text_options(*verb(*org, "add", "add an organisation", arguments, chosen, add), arguments);
  text_options(*verb(*org, "set", "change an organisation's texts", arguments, chosen, set),
               arguments);
  verb(*org, "remove", "remove an organisation; its people stay", arguments, chosen, remove);
  CLI::App* listing = org->add_subcommand("list", "list organisations")->fallthrough();
  listing->callback([&chosen] { chosen = list; });
  verb(*org, "show", "show an organisation and its people", arguments, chosen, show);
  CLI::App* member = org->add_subcommand("member", "who belongs to an organisation");
  member->require_subcommand(1)->fallthrough();
  verb(*member, "add", "let a person belong to it", arguments, chosen, join)
      ->add_option("USER", arguments.name, "the login name")
      ->required();
  verb(*member, "remove", "end that", arguments, chosen, leave)
      ->add_option("USER", arguments.name, "the login name")
      ->required();
}

}  // namespace usher::ctl
