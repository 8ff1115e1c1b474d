// usherctl mfa: setting a person's second factors aside for a while.
#include <fmt/format.h>

#include "ctl/calls.hpp"
#include "ctl/verbs.hpp"
#include "ctl/when.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;

Json named(const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["name"] = arguments.name;
  if (!arguments.reason.empty()) parameters["reason"] = arguments.reason;
  return parameters;
}

Result<void> suspend(Session& session, const Arguments& arguments) {
  const auto seconds = seconds_of(arguments.span);
  if (!seconds) return Error(Errc::invalid_input, "--for is a span such as 90m, 24h or 3d");
  Json parameters = named(arguments);
  parameters["seconds"] = *seconds;
  const auto reply = TRY(session.call("SuspendFactors", std::move(parameters)));
  if (session.wants_json()) return print_json(session.out(), reply);
  print(session.out(),
        fmt::format("No second factor is asked of {0} until {1}.\n"
                    "At the console another one can take its place meanwhile; later the old one is "
                    "asked for, and\nanother one at once. Once the old one is found: usherctl mfa "
                    "resume {0}\n",
                    escaped(arguments.name), time_member(reply.parameters, "until")));
  return {};
}

Result<void> resume(Session& session, const Arguments& arguments) {
  return change(session, "ResumeFactors", named(arguments),
                "The second factors of " + arguments.name + " are asked for, and no other ones.");
}

constexpr Verb kVerbs[] = {
    {"mfa", "asking for second factors", nullptr},
    {"mfa suspend",
     "ask no second factor of a person for a while",
     suspend,
     {kName,
      {"--for", "how long: 90m, 24h, 3d; at most a week", &Arguments::span, Need::required},
      kReason}},
    {"mfa resume", "ask for it again at once", resume, {kName, kAnyReason}},
};

}  // namespace

std::span<const Verb> mfa_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
