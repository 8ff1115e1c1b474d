// usherctl report: who has done what is asked of them, who has not, and whom no code would reach.
#include <fmt/format.h>

#include <array>

#include "ctl/pages.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

struct State {
  std::string_view name;
  std::string_view heading;
};
// What is left to do comes first.
constexpr std::array kStates{State{"due", "DUE"}, State{"put-off", "PUT OFF"},
                             State{"done", "DONE"}};

// The people of one action: their rows by state, in the order of their names.
struct Asked {
  std::string action;
  std::array<std::vector<std::vector<std::string>>, kStates.size()> rows;
};

Asked& asked_for(std::vector<Asked>& all, const std::string& action) {
  for (Asked& asked : all) {
    if (asked.action == action) return asked;
  }
  return all.emplace_back(Asked{action, {}});
}

void file(std::vector<Asked>& all, const std::string& name, const Json& row) {
  const std::string action = text_member(row, "action");
  Asked& asked = asked_for(all, action);
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    if (text_member(row, "state") != kStates[i].name) continue;
    asked.rows[i].push_back({action, std::string(kStates[i].name), text_member(row, "demand"), name,
                             time_member(row, "put_off_at"), text_member(row, "why")});
  }
}

void print_counts(std::FILE* out, const std::vector<Asked>& all) {
  std::vector<std::string> header{"ACTION"};
  for (const State& state : kStates) header.emplace_back(state.heading);
  Table table(std::move(header));
  for (const Asked& asked : all) {
    std::vector<std::string> cells{asked.action};
    for (const auto& rows : asked.rows) cells.push_back(std::to_string(rows.size()));
    table.add(cells);
  }
  table.print_to(out);
}

void print_people(std::FILE* out, const std::vector<Asked>& all) {
  Table table({"ACTION", "STATE", "DEMAND", "NAME", "PUT OFF", "WHY"});
  for (const Asked& asked : all) {
    for (const auto& rows : asked.rows) {
      for (const auto& row : rows) table.add(row);
    }
  }
  table.print_to(out);
}

Result<void> actions(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  if (!arguments.organisation.empty()) parameters["organisation"] = arguments.organisation;
  ReplyOk reply;
  reply.parameters =
      TRY(all_rows(session, "ReportActions", std::move(parameters), "people", name_of_row));
  if (session.wants_json()) return print_json(session.out(), reply);
  std::vector<Asked> all;
  for (const Json& person : rows_member(reply.parameters, "people")) {
    for (const Json& row : rows_member(person, "actions")) {
      file(all, text_member(person, "name"), row);
    }
  }
  print_counts(session.out(), all);
  print(session.out(), "\n");
  print_people(session.out(), all);
  return {};
}

// What usherd says of why, for who reads it.
constexpr std::pair<std::string_view, std::string_view> kWhy[] = {
    {"none", "no contact of theirs is known"},
    {"unconfirmed", "no contact is confirmed"},
    {"doubted", "the contact is to be confirmed again"},
    {"held", "the contact was typed at a sign-in, and serves later"},
};

std::string why_text(const Json& row) {
  std::string why = text_member(row, "why");
  for (const auto& [name, text] : kWhy) {
    if (name == why) return std::string(text);
  }
  return why;
}

Result<void> contacts(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  if (!arguments.organisation.empty()) parameters["organisation"] = arguments.organisation;
  ReplyOk reply;
  reply.parameters =
      TRY(all_rows(session, "ReportContacts", std::move(parameters), "people", name_of_row));
  if (session.wants_json()) return print_json(session.out(), reply);
  Table table({"NAME", "WHY", "UNTIL"});
  for (const Json& person : rows_member(reply.parameters, "people")) {
    table.add({text_member(person, "name"), why_text(person), time_member(person, "until")});
  }
  table.print_to(session.out());
  return {};
}

constexpr Verb kVerbs[] = {
    {"report", "what people did and did not do", nullptr},
    {"report actions",
     "who has done what is asked at a sign-in, who has not, who put it off",
     actions,
     {{{"--organisation", "only people of this one", &Arguments::organisation}}}},
    {"report contacts",
     "whom no recovery code would reach today, and why",
     contacts,
     {{{"--organisation", "only people of this one", &Arguments::organisation}}}},
};

}  // namespace

std::span<const Verb> report_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
