// usherctl throttle: lets a person in again whom too many wrong passwords shut out.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "ctl/nouns.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;

Result<void> lift(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["name"] = arguments.name;
  return change(session, "LiftThrottle", std::move(parameters),
                "The wrong passwords counted against " + arguments.name + " are forgotten.");
}

}  // namespace

void declare_throttle(CLI::App& app, Arguments& arguments, Command& chosen) {
  CLI::App* throttle = app.add_subcommand("throttle", "refusals after too many wrong passwords");
  throttle->require_subcommand(1)->fallthrough();
  CLI::App* lifting =
      throttle->add_subcommand("lift", "forget a person's wrong passwords")->fallthrough();
  lifting->add_option("NAME", arguments.name, "the login name")->required();
  lifting->callback([&chosen] { chosen = lift; });
}

}  // namespace usher::ctl
