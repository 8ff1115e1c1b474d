// usherctl factor: what a person enrolled, and taking it away.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "ctl/nouns.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;

Result<void> list(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["name"] = arguments.name;
  const auto reply = TRY(session.call("ListFactors", std::move(parameters)));
  if (session.wants_json()) return print_json(session.out(), reply);
  print_factors(session.out(), rows_member(reply.parameters, "factors"));
  return {};
}

Result<void> remove(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["name"] = arguments.name;
  parameters["factor"] = arguments.factor;
  const auto reply = TRY(session.call("RemoveFactor", std::move(parameters)));
  if (session.wants_json()) return print_json(session.out(), reply);
  print(session.out(), fmt::format("Removed the factor {0} of {1}. One-time codes that {1} was "
                                   "given before are void.\n",
                                   escaped(arguments.factor), escaped(arguments.name)));
  return {};
}

}  // namespace

void print_factors(std::FILE* file, const Json& factors) {
  Table table({"ID", "KIND", "LABEL", "ENROLLED"});
  for (const Json& factor : factors) {
    table.add({text_member(factor, "id"), text_member(factor, "kind"), text_member(factor, "label"),
               time_member(factor, "created_at")});
  }
  table.print_to(file);
}

void declare_factor(CLI::App& app, Arguments& arguments, Command& chosen) {
  CLI::App* factor = app.add_subcommand("factor", "second factors");
  factor->require_subcommand(1)->fallthrough();
  CLI::App* listing = factor->add_subcommand("list", "list a person's factors")->fallthrough();
  listing->add_option("NAME", arguments.name, "the login name")->required();
  listing->callback([&chosen] { chosen = list; });
  CLI::App* removing = factor->add_subcommand("remove", "remove a lost factor")->fallthrough();
  removing->add_option("NAME", arguments.name, "the login name")->required();
  removing->add_option("FACTOR", arguments.factor, "the factor's id or label")->required();
  removing->callback([&chosen] { chosen = remove; });
}

}  // namespace usher::ctl
