// usherctl throttle: lets a person in again whom too many wrong passwords shut out.

#include "ctl/calls.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;

Result<void> lift(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["name"] = arguments.name;
  return change(session, "LiftThrottle", std::move(parameters),
                "The wrong passwords counted against " + arguments.name + " are forgotten.");
}

constexpr Verb kVerbs[] = {
    {"throttle", "refusals after too many wrong passwords", nullptr},
    {"throttle lift", "forget a person's wrong passwords", lift, {kName}},
};

}  // namespace

std::span<const Verb> throttle_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
