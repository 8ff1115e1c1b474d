// usherctl self: what anybody of Usher's sees of themselves, and may change. usherd takes them for
// whom the kernel names; a name is never given.
#include <fmt/format.h>

#include "ctl/calls.hpp"
#include "ctl/pages.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;
using Sessions = std::vector<LogindSession>;

// --- The start page ---

std::string shown_name(const Json& row) {
  const std::string display_name = text_member(row, "display_name");
  const std::string name = text_member(row, "name");
  return display_name.empty() ? name : fmt::format("{} ({})", name, display_name);
}

std::string organisations_text(const Json& self) {
  std::string text;
  for (const Json& organisation : rows_member(self, "organisations")) {
    text += (text.empty() ? "" : ", ") + shown_name(organisation);
  }
  return text;
}

// Of the first organisation that names one, as refusals do; else the host's.
std::string support_text(const Json& self) {
  for (const Json& organisation : rows_member(self, "organisations")) {
    std::string support = text_member(organisation, "support");
    if (!support.empty()) return support;
  }
  return text_member(self, "support");
}

std::string greeting_text(const Json& self) {
  const std::string greeting = text_member(self, "greeting");
  return greeting == "off-here" ? "off, for everybody on this host" : greeting;
}

std::string password_text(const Json& user, const Json& password) {
  const std::string source = text_member(user, "source");
  if (source != "local") return "none is kept here: " + source + " signs you in";
  if (protocol::varlink::member_of(password, "changed_at") == nullptr) return "none yet";
  std::string text = "chosen " + time_member(password, "changed_at");
  if (protocol::varlink::member_of(password, "due_at") != nullptr) {
    text += ", a new one is due " + time_member(password, "due_at");
  }
  return text;
}

void print_facts(std::FILE* out, const Json& self, const Json& user, const Json& password) {
  Facts facts;
  facts.add("name", shown_name(user));
  facts.add("organisations", organisations_text(self));
  facts.add("state", text_member(user, "state"));
  facts.add("ends", time_member(user, "expires_at"));
  facts.add("whom to ask", support_text(self));
  facts.add("page", text_member(self, "page"));
  facts.add("language", text_member(self, "language"));
  facts.add("greeting", greeting_text(self));
  facts.add("password", password_text(user, password));
  facts.add("recovery codes", number_member(self, "recovery_codes") + " left");
  facts.print_to(out);
}

void print_pending(std::FILE* out, const Json& pending) {
  Table table({"STILL TO DO", "DEMAND", "WHY"});
  for (const Json& row : pending) {
    table.add({text_member(row, "action"), text_member(row, "demand"), text_member(row, "why")});
  }
  table.print_to(out);
}

void print_sessions(std::FILE* out, const Sessions& sessions) {
  Table table({"SESSION", "SERVICE", "TERMINAL", "FROM"});
  for (const LogindSession& session : sessions) {
    table.add({session.id, session.service, session.terminal, session.remote_host});
  }
  table.print_to(out);
}

void print_sign_ins(std::FILE* out, const Json& sign_ins) {
  Table table({"SIGN-IN", "OUTCOME", "SERVICE", "FROM", "TERMINAL", "PROOF"});
  for (const Json& row : sign_ins) {
    const std::string host = text_member(row, "rhost");
    table.add({time_member(row, "at"), text_member(row, "outcome"), text_member(row, "service"),
               host.empty() ? text_member(row, "origin") : host, text_member(row, "tty"),
               text_member(row, "proof")});
  }
  table.print_to(out);
}

Json sessions_json(const Sessions& sessions) {
  Json rows = Json::array();
  for (const LogindSession& session : sessions) {
    rows.push_back({{"id", session.id},
                    {"service", session.service},
                    {"terminal", session.terminal},
                    {"remote_host", session.remote_host}});
  }
  return rows;
}

// Without them the rest is still worth reading.
Sessions sessions_here(Session& session, const Json& user) {
  const auto uid = protocol::varlink::number_of(user, "uid").value_or(kOverflowUid.number);
  Result<Sessions> sessions = session.host().sessions_of(Uid{static_cast<std::uint32_t>(uid)});
  if (sessions) return sessions.release_value();
  print(session.streams().err, fmt::format("usherctl: {}\n", sessions.error().text()));
  return {};
}

Result<void> show(Session& session, const Arguments&) {
  ReplyOk reply = TRY(session.call("ShowSelf", Json::object()));
  Json& self = reply.parameters;
  const Json* user = protocol::varlink::member_of(self, "user");
  const Json* password = protocol::varlink::member_of(self, "password");
  if (user == nullptr || password == nullptr) {
    return Error(Errc::unsupported, "usherd's answer lacks the person");
  }
  const Sessions sessions = sessions_here(session, *user);
  if (session.wants_json()) {
    self["sessions"] = sessions_json(sessions);
    return print_json(session.out(), reply);
  }
  std::FILE* out = session.out();
  print_facts(out, self, *user, *password);
  const Json& pending = rows_member(self, "pending");
  print(out, pending.empty() ? "\nNothing is left to do.\n" : "\n");
  if (!pending.empty()) print_pending(out, pending);
  const Json& factors = rows_member(self, "factors");
  print(out, factors.empty() ? "\nNo second factor is enrolled.\n" : "\n");
  if (!factors.empty()) print_factors(out, factors);
  const Json& contacts = rows_member(self, "contacts");
  print(out, contacts.empty() ? "\nNo address of yours is known.\n" : "\n");
  if (!contacts.empty()) print_contacts(out, contacts);
  print(out, sessions.empty() ? "\nNo session is open on this host.\n" : "\n");
  if (!sessions.empty()) print_sessions(out, sessions);
  print(out, "\n");
  print_sign_ins(out, rows_member(self, "sign_ins"));
  return {};
}

// --- What one may change ---

Result<void> language(Session& session, const Arguments& arguments) {
  const std::string wanted = arguments.language.value_or("");
  Json parameters = Json::object();
  parameters["language"] = wanted;
  return change(session, "SetOwnLanguage", std::move(parameters),
                "From the next sign-in on you read " + wanted + ".");
}

Result<void> greeting(Session& session, const Arguments& arguments) {
  const bool on = arguments.wanted == "on";
  if (!on && arguments.wanted != "off") {
    return Error(Errc::invalid_input, "the greeting is switched on or off");
  }
  Json parameters = Json::object();
  parameters["greeting"] = on;
  return change(session, "SetOwnGreeting", std::move(parameters),
                on ? "Sessions begin with who you are signed in as, where the host says it."
                   : "Sessions begin without saying who you are signed in as.");
}

Result<void> forgot(Session& session, const Arguments& /*arguments*/) {
  const ReplyOk reply = TRY(session.call("AskOwnReset", Json::object()));
  if (session.wants_json()) return print_json(session.out(), reply);
  const std::string sender = text_member(reply.parameters, "sender");
  const std::string message = sender.empty() ? "a text message" : "a message from " + sender;
  print(session.out(),
        fmt::format("If your account has a confirmed contact, {} is on its way: a code for a new "
                    "password, or where one can be asked for. Type the code in place of the "
                    "password at a sign-in, within the hour.\n",
                    message));
  return {};
}

Result<void> rename(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["factor"] = arguments.factor;
  parameters["label"] = arguments.label;
  return change(session, "RenameOwnFactor", std::move(parameters),
                "The factor " + arguments.factor + " is called " + arguments.label + " now.");
}

Result<void> sign_ins(Session& session, const Arguments& arguments) {
  Newest newest =
      TRY(newest_rows(session, "ListOwnSignIns", Json::object(), "sign_ins", arguments.limit));
  if (session.wants_json()) {
    ReplyOk all;
    all.parameters["sign_ins"] = std::move(newest.rows);
    return print_json(session.out(), all);
  }
  print_sign_ins(session.out(), newest.rows);
  return {};
}

constexpr Verb kVerbs[] = {
    {"self", "your own account: what is known of it, and what you may change", show},
    {"self language",
     "choose the language you read in",
     language,
     {{{"LANGUAGE", "en or fr", &Arguments::language, Need::required}}}},
    {"self greeting",
     "say at the start of a session who you are signed in as, or do not",
     greeting,
     {{{"STATE", "on or off", &Arguments::wanted, Need::required}}}},
    {"self forgot", "ask by mail for a code for a new password", forgot},
    {"self factor", "your second factors", nullptr},
    {"self factor rename",
     "give a factor another name",
     rename,
     {{{"OLD", "the factor's id or name", &Arguments::factor, Need::required},
       {"NEW", "its new name", &Arguments::label, Need::required}}}},
    {"self sign-ins",
     "your latest sign-ins, newest first",
     sign_ins,
     {{{"--limit", "at most this many", &Arguments::limit}}}},
};

}  // namespace

std::span<const Verb> self_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
