// usherctl campaign: people are asked to confirm once more where they are reached.
#include <fmt/format.h>

#include "ctl/calls.hpp"
#include "ctl/pages.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

Json aim_of(const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["kind"] = arguments.kind.empty() ? "mail" : arguments.kind;
  if (!arguments.organisation.empty()) parameters["organisation"] = arguments.organisation;
  if (!arguments.group.empty()) parameters["group"] = arguments.group;
  return parameters;
}

// What else a start changes at once.
std::string_view word_of(const Arguments& arguments) {
  if (arguments.kind == "mobile") {
    return "Until confirmed, none of these numbers gets a code for a forgotten password; a\n"
           "confirmed address does, if forgot.by names mail.\n";
  }
  return "Until confirmed, none of these addresses gets a code for a forgotten password; a\n"
         "confirmed number does, if forgot.by names sms.\n";
}

Result<void> start(Session& session, const Arguments& arguments) {
  Json parameters = aim_of(arguments);
  if (arguments.dry_run) parameters["only_check"] = true;
  const ReplyOk reply = TRY(session.call("StartCampaign", std::move(parameters)));
  if (session.wants_json()) return print_json(session.out(), reply);
  const Json& found = reply.parameters;
  print(session.out(),
        fmt::format("{} {}: {}. People who have them: {}. People without one: {}.\n",
                    arguments.kind == "mobile" ? "Numbers" : "Addresses",
                    arguments.dry_run ? "that would be asked for" : "to be confirmed",
                    number_member(found, "contacts"), number_member(found, "people"),
                    number_member(found, "without")));
  const std::string missing = text_member(found, "missing");
  if (!missing.empty()) {
    print(session.out(), "It would not start: " + escaped(missing) + ".\n");
  }
  print(session.out(), std::string(word_of(arguments)));
  if (arguments.dry_run) return {};
  print(session.out(), fmt::format("Campaign {0} runs; `usherctl campaign status {0}` says how far "
                                   "it is.\n",
                                   number_member(found, "campaign")));
  return {};
}

// "organisation acme"
std::string aimed_at(const Json& campaign) {
  const std::string whom = text_member(campaign, "whom");
  return text_member(campaign, "scope") + (whom.empty() ? "" : " " + whom);
}

std::string state_of(const Json& campaign) {
  if (protocol::varlink::number_of(campaign, "stopped_at")) return "stopped";
  return number_member(campaign, "left") == "0" ? "done" : "runs";
}

Result<Newest> campaigns(Session& session, std::int64_t limit) {
  return newest_rows(session, "ListCampaigns", Json::object(), "campaigns", limit);
}

Result<void> list(Session& session, const Arguments&) {
  const Newest newest = TRY(campaigns(session, kMostRows));
  if (session.wants_json()) {
    ReplyOk all;
    all.parameters["campaigns"] = newest.rows;
    return print_json(session.out(), all);
  }
  Table table({"CAMPAIGN", "KIND", "OF", "STARTED", "STATE", "ASKED", "LEFT", "GONE"});
  for (const Json& row : newest.rows) {
    table.add({number_member(row, "sequence"), text_member(row, "kind"), aimed_at(row),
               time_member(row, "started_at"), state_of(row), number_member(row, "asked"),
               number_member(row, "left"), number_member(row, "gone")});
  }
  table.print_to(session.out());
  return {};
}

// The one that is named, else the newest.
Result<std::int64_t> meant(Session& session, const Arguments& arguments) {
  if (arguments.campaign) return *arguments.campaign;
  const Newest newest = TRY(campaigns(session, 1));
  for (const Json& row : newest.rows) {
    if (const auto id = protocol::varlink::number_of(row, "sequence")) return *id;
  }
  return Error(Errc::not_found, "there was no campaign yet: usherctl campaign start");
}

Result<void> status(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["campaign"] = TRY(meant(session, arguments));
  ReplyOk all;
  all.parameters =
      TRY(all_rows(session, "ShowCampaign", std::move(parameters), "people", row_itself));
  if (session.wants_json()) return print_json(session.out(), all);
  const Json* campaign = protocol::varlink::member_of(all.parameters, "campaign");
  if (campaign == nullptr) return Error(Errc::internal, "usherd's answer lacks the campaign");
  Facts facts;
  facts.add("campaign", number_member(*campaign, "sequence"));
  facts.add("kind", text_member(*campaign, "kind"));
  facts.add("of", aimed_at(*campaign));
  facts.add("started", time_member(*campaign, "started_at"));
  facts.add("state", state_of(*campaign));
  facts.add("asked", number_member(*campaign, "asked"));
  facts.add("left", number_member(*campaign, "left"));
  facts.add("gone", number_member(*campaign, "gone"));
  facts.add("unreachable", number_member(*campaign, "unreachable"));
  facts.add("people left", list_member(all.parameters, "people"));
  facts.print_to(session.out());
  return {};
}

Result<void> stop(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["campaign"] = arguments.campaign.value_or(0);
  const ReplyOk reply = TRY(session.call("StopCampaign", std::move(parameters)));
  if (session.wants_json()) return print_json(session.out(), reply);
  print(session.out(),
        fmt::format("It is stopped. {} contacts were left; those that were confirmed "
                    "before count again,\nunless another campaign still asks for them.\n",
                    number_member(reply.parameters, "left")));
  return {};
}

constexpr Verb kVerbs[] = {
    {"campaign", "people confirm once more where they are reached", nullptr},
    {"campaign start",
     "ask for it at the sign-ins of everybody, of an organisation or of a group",
     start,
     {{{"--kind", "mail, the default, or mobile", &Arguments::kind},
       {"--organisation", "only people of this one", &Arguments::organisation},
       {"--group", "only people of this one", &Arguments::group},
       {"--dry-run", "only count", &Arguments::dry_run}}}},
    {"campaign status",
     "how far it is, and who is left",
     status,
     {{{"CAMPAIGN", "its number; else the newest", &Arguments::campaign}}}},
    {"campaign list", "all of them, newest first", list},
    {"campaign stop",
     "end it; what was confirmed before counts again",
     stop,
     {{{"CAMPAIGN", "its number", &Arguments::campaign, Need::required}}}},
};

}  // namespace

std::span<const Verb> campaign_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
