// usherctl policy: what holds, what it costs, and what another one would ask of people.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "ctl/calls.hpp"
#include "ctl/pages.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;
using protocol::varlink::truth_of;

std::string policy_of_row(const Json& row) {
  return text_member(row, "policy");
}

Result<void> lint(Session& session, const Arguments&) {
  ReplyOk reply;
  reply.parameters =
      TRY(all_rows(session, "LintPolicies", Json::object(), "findings", policy_of_row));
  if (session.wants_json()) return print_json(session.out(), reply);
  const Json& findings = rows_member(reply.parameters, "findings");
  if (findings.empty()) {
    print(session.out(), "The policies are as NIST SP 800-63B-4 and OWASP want them.\n");
    return {};
  }
  Table table({"POLICY", "KEY", "STANDARD", "WHAT IT COSTS"});
  for (const Json& finding : findings) {
    table.add({text_member(finding, "policy"), text_member(finding, "key"),
               text_member(finding, "standard"), text_member(finding, "text")});
  }
  table.print_to(session.out());
  return {};
}

std::string classes(const Json& policy) {
  std::string list;
  for (const auto& [member, word] :
       {std::pair{"needs_lower", "lower-case letter"},
        std::pair{"needs_upper", "upper-case letter"}, std::pair{"needs_digit", "digit"},
        std::pair{"needs_special", "special character"}}) {
    if (truth_of(policy, member)) list += (list.empty() ? "" : ", ") + std::string(word);
  }
  return list;
}

// "required; a public key alone is refused"
std::string insistence(const Json& action) {
  std::string demand = text_member(action, "demand");
  if (demand != "required") return demand;
  return text_member(action, "public_key") == "notice" ? "required; a public key alone is told"
                                                       : "required; a public key alone is refused";
}

std::string words_of(const Json& policy) {
  const std::string words = list_member(policy, "words");
  const std::int64_t further = protocol::varlink::number_of(policy, "further_words").value_or(0);
  return further == 0 ? words : fmt::format("{} and {} more", words, further);
}

Result<void> show(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  if (!arguments.name.empty()) parameters["name"] = arguments.name;
  const ReplyOk reply = TRY(session.call("ShowPolicy", std::move(parameters)));
  if (session.wants_json()) return print_json(session.out(), reply);
  const Json* policy = protocol::varlink::member_of(reply.parameters, "policy");
  if (policy == nullptr) return Error(Errc::internal, "usherd's answer lacks the policy");
  Facts facts;
  facts.add("characters", fmt::format("{} to {}", number_member(*policy, "min_length"),
                                      number_member(*policy, "max_length")));
  facts.add("demanded", classes(*policy));
  facts.add("none of the last", number_member(*policy, "history"));
  facts.add("least age in days", number_member(*policy, "min_age_days"));
  facts.add("greatest age in days", number_member(*policy, "max_age_days"));
  facts.add("second factor", truth_of(*policy, "factor_required") ? "required" : "not required");
  for (const Json& action : rows_member(*policy, "actions")) {
    facts.add(text_member(action, "action"), insistence(action));
  }
  facts.add("terms", list_member(*policy, "terms"));
  facts.add("words", words_of(*policy));
  facts.add("policies", list_member(*policy, "sources"));
  facts.print_to(session.out());
  return {};
}

Result<std::string> read_policy(const std::string& path) {
  std::ifstream file(path);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.good() || file.eof()) return text;
  return Error(Errc::invalid_input, "cannot read " + path);
}

// "change-password, enrol-factor; from elsewhere refused until then"
std::string asked_of(const Json& effect) {
  std::string asked;
  for (const Json& row : rows_member(effect, "actions")) {
    if (!asked.empty()) asked += ", ";
    asked += text_member(row, "action");
    if (text_member(row, "demand") == "recommended") asked += " (can be put off)";
  }
  if (truth_of(effect, "only_at_console")) asked += "; from elsewhere refused until then";
  return asked;
}

Result<void> simulate(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["policy"] = std::filesystem::path(arguments.file).stem().string();
  parameters["text"] = TRY(read_policy(arguments.file));
  ReplyOk all;
  all.parameters =
      TRY(all_rows(session, "SimulatePolicy", std::move(parameters), "effects", name_of_row));
  if (session.wants_json()) return print_json(session.out(), all);
  const Json& effects = rows_member(all.parameters, "effects");
  if (effects.empty()) {
    print(session.out(), "Nobody would be asked for anything at the next sign-in.\n");
    return {};
  }
  Table table({"NAME", "ASKED FOR AT THE NEXT SIGN-IN"});
  for (const Json& effect : effects) table.add({text_member(effect, "name"), asked_of(effect)});
  table.print_to(session.out());
  return {};
}

constexpr Verb kVerbs[] = {
    {"policy", "the rules for passwords and factors", nullptr},
    {"policy lint", "what the policies cost, by the standards", lint},
    {"policy show",
     "what holds for a person",
     show,
     {{{"NAME", "the login name; else somebody in no group", &Arguments::name}}}},
    {"policy simulate",
     "who would be asked for something",
     simulate,
     {{{"FILE", "the policy's file", &Arguments::file, Need::required}}}},
};

}  // namespace

std::span<const Verb> policy_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
