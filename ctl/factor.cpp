// usherctl factor: what a person enrolled, what it is called, and taking it away.
#include <fmt/format.h>

#include "ctl/calls.hpp"
#include "ctl/verbs.hpp"

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

Result<void> rename(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["name"] = arguments.name;
  parameters["factor"] = arguments.factor;
  parameters["label"] = arguments.label;
  const auto reply = TRY(session.call("RenameFactor", std::move(parameters)));
  if (session.wants_json()) return print_json(session.out(), reply);
  print(session.out(),
        fmt::format("The factor {} of {} is called {} now.\n", escaped(arguments.factor),
                    escaped(arguments.name), escaped(arguments.label)));
  return {};
}

Result<void> remove(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["name"] = arguments.name;
  parameters["factor"] = arguments.factor;
  const auto reply = TRY(session.call("RemoveFactor", std::move(parameters)));
  if (session.wants_json()) return print_json(session.out(), reply);
  print(session.out(), fmt::format("Removed the factor {0} of {1}. One-time codes that {1} was "
                                   "given before are void.\nWhere a second factor is due and "
                                   "none is left, {1} signs in at the console only, until a code "
                                   "opens another way: usherctl user reset {1}\n",
                                   escaped(arguments.factor), escaped(arguments.name)));
  return {};
}

constexpr Verb kVerbs[] = {
    {"factor", "second factors", nullptr},
    {"factor list", "list a person's factors", list, {kName}},
    {"factor rename",
     "give a device another name",
     rename,
     {kName,
      {"FACTOR", "the factor's id or label", &Arguments::factor, Need::required},
      {"LABEL", "its new name", &Arguments::label, Need::required}}},
    {"factor remove",
     "remove a lost factor",
     remove,
     {kName, {"FACTOR", "the factor's id or label", &Arguments::factor, Need::required}}},
};

}  // namespace

void print_factors(std::FILE* file, const Json& factors) {
  Table table({"ID", "KIND", "LABEL", "ENROLLED"});
  for (const Json& factor : factors) {
    std::string label = text_member(factor, "label");
    if (const auto left = factor.find("codes_left"); left != factor.end() && left->is_number()) {
      label += fmt::format(" ({} left)", left->get<std::int64_t>());
    }
    table.add({text_member(factor, "id"), text_member(factor, "kind"), std::move(label),
               time_member(factor, "created_at")});
  }
  table.print_to(file);
}

std::span<const Verb> factor_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
