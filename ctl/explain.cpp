// usherctl explain: why somebody was let in or refused, and what would have let it pass. usherd
// has the sentences; they are laid out here.
#include <fmt/format.h>

#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

struct Ending {
  std::string_view outcome;
  std::string_view of_sign_in;
  std::string_view of_call;  // an administrator's
};
constexpr Ending kEndings[] = {{"accept", "Accepted", "Done"},
                               {"refuse", "Refused", "Refused"},
                               {"error", "Not decided, which refuses", "Not done"}};

std::string ending_of(const Json& record) {
  std::string outcome = text_member(record, "outcome");
  const bool is_call = text_member(record, "operation").starts_with("admin.");
  for (const Ending& ending : kEndings) {
    if (ending.outcome == outcome) return std::string(is_call ? ending.of_call : ending.of_sign_in);
  }
  return outcome;
}

void print_explanation(std::FILE* file, const Json& explanation) {
  static const Json kNone = Json::object();
  const Json* found = protocol::varlink::member_of(explanation, "record");
  const Json& record = found == nullptr ? kNone : *found;
  for (const Json& sentence : rows_member(explanation, "story")) {
    const auto* text = sentence.get_ptr<const std::string*>();
    if (text != nullptr) print(file, escaped(*text) + "\n");
  }
  print(file, fmt::format("\n{} ({}): {}\n", escaped(ending_of(record)),
                          escaped(text_member(record, "reason")),
                          escaped(text_member(explanation, "why"))));
  const std::string remedy = text_member(explanation, "remedy");
  if (!remedy.empty()) print(file, "What would have let it pass: " + escaped(remedy) + "\n");
  print(file, fmt::format("\nAudit record {}, request {}\n", number_member(record, "sequence"),
                          escaped(text_member(record, "request"))));
}

Result<ReplyOk> ask(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  if (!arguments.name.empty()) {
    parameters["name"] = arguments.name;
    return session.call("ExplainRefusal", std::move(parameters));
  }
  parameters["id"] = arguments.request;
  return session.call("Explain", std::move(parameters));
}

Result<void> explain(Session& session, const Arguments& arguments) {
  if (arguments.request.empty() == arguments.name.empty()) {
    return Error(Errc::invalid_input, "give an ID, or --user NAME for the latest refusal");
  }
  const ReplyOk reply = TRY(ask(session, arguments));
  if (session.wants_json()) return print_json(session.out(), reply);
  const Json& explanations = rows_member(reply.parameters, "explanations");
  if (explanations.empty()) {
    print(session.out(), fmt::format("No refusal of {} is on record.\n", escaped(arguments.name)));
  }
  std::string_view between = "";
  for (const Json& explanation : explanations) {
    print(session.out(), between);
    print_explanation(session.out(), explanation);
    between = "\n";
  }
  return {};
}

constexpr Verb kVerbs[] = {
    {"explain",
     "why something was decided, and what would have let it pass",
     explain,
     {{{"ID", "the request's id, or its first digits", &Arguments::request},
       {"--user", "the latest refusal of this person", &Arguments::name}}}},
};

}  // namespace

std::span<const Verb> explain_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
