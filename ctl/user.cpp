// usherctl user: people, from the first one-time code to the tombstone.
#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "ctl/adopt.hpp"
#include "ctl/blockers.hpp"
#include "ctl/calls.hpp"
#include "ctl/lifecycle.hpp"
#include "ctl/open_sessions.hpp"
#include "ctl/pages.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

Json named(const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["name"] = arguments.name;
  return parameters;
}

void put_account_fields(Json& parameters, const Arguments& arguments) {
  if (arguments.display_name) parameters["display_name"] = *arguments.display_name;
  if (arguments.home) parameters["home"] = *arguments.home;
  if (arguments.shell) parameters["shell"] = *arguments.shell;
  if (arguments.language) parameters["language"] = *arguments.language;
}

// NAME=VALUE, as a list of them was given.
Result<Json> attributes_of(const std::vector<std::string>& given) {
  Json attributes = Json::object();
  for (const std::string& one : given) {
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos) {
      return Error(Errc::invalid_input, "an attribute is given as NAME=VALUE");
    }
    attributes[one.substr(0, equals)] = one.substr(equals + 1);
  }
  return attributes;
}

// sshd and login refuse whoever has no shell they could start, and say why in their own log only.
void warn_of_shell(Session& session, const Arguments& arguments) {
  if (!arguments.shell || arguments.shell->empty()) return;
  if (::access(session.host().path(*arguments.shell).c_str(), X_OK) == 0) return;
  print(session.streams().err,
        fmt::format("usherctl: {} cannot be run on this host: until it can, sshd and login refuse "
                    "{}\n",
                    escaped(*arguments.shell), escaped(arguments.name)));
}

Result<void> add(Session& session, const Arguments& arguments) {
  Json parameters = named(arguments);
  put_account_fields(parameters, arguments);
  if (arguments.uid) parameters["uid"] = *arguments.uid;
  if (!arguments.aliases.empty()) parameters["aliases"] = arguments.aliases;
  if (arguments.source) parameters["source"] = *arguments.source;
  const bool local = !arguments.source || *arguments.source == "local";
  const ReplyOk reply =
      TRY(session.call("AddUser", std::move(parameters), local ? kCode : kNoSecret));
  warn_unless_published(session, reply);
  warn_of_shell(session, arguments);
  if (session.wants_json()) return print_json(session.out(), reply);
  const Json* user = protocol::varlink::member_of(reply.parameters, "user");
  const std::string uid = user == nullptr ? "-" : number_member(*user, "uid");
  print(session.out(), fmt::format("Added {} with uid {}.\n", escaped(arguments.name), uid));
  if (reply.secret) print_code(session.out(), reply, arguments.name);
  return {};
}

Result<void> list(Session& session, const Arguments&) {
  ReplyOk all;
  all.parameters = TRY(all_rows(session, "ListUsers", Json::object(), "users", name_of_row));
  if (session.wants_json()) return print_json(session.out(), all);
  Table table({"NAME", "UID", "STATE", "LAST SIGN-IN", "SHELL", "DISPLAY NAME", "ALIASES"});
  for (const Json& user : rows_member(all.parameters, "users")) {
    table.add({text_member(user, "name"), number_member(user, "uid"), text_member(user, "state"),
               time_member(user, "last_sign_in"), text_member(user, "shell"),
               text_member(user, "display_name"), list_member(user, "aliases")});
  }
  table.print_to(session.out());
  return {};
}

std::string attributes_text(const Json& reply) {
  std::string text;
  const Json* attributes = protocol::varlink::member_of(reply, "attributes");
  if (attributes == nullptr || !attributes->is_object()) return text;
  for (const auto& attribute : attributes->items()) {
    const auto* value = attribute.value().get_ptr<const std::string*>();
    if (value == nullptr) continue;
    text += (text.empty() ? "" : ", ") + attribute.key() + "=" + *value;
  }
  return text;
}

// "admin (by it, local-it)"
std::string roles_text(const Json& reply) {
  std::string text;
  for (const Json& held : rows_member(reply, "roles")) {
    text += text.empty() ? "" : "; ";
    text += fmt::format("{} (by {})", text_member(held, "role"), list_member(held, "groups"));
  }
  return text;
}

// A line each: "password from unknown-host until 2026-01-31 ..."
std::string throttled_text(const Json& reply) {
  std::string text;
  for (const Json& row : rows_member(reply, "throttled")) {
    const std::string origin = text_member(row, "origin");
    const bool for_good = protocol::varlink::member_of(row, "until") == nullptr;
    text += text.empty() ? "" : "; ";
    text += text_member(row, "what") + (origin.empty() ? " everywhere" : " from " + origin);
    text += for_good ? ", until it is enrolled anew" : " until " + time_member(row, "until");
  }
  return text.empty() ? "nothing" : text;
}

Result<void> show(Session& session, const Arguments& arguments) {
  const ReplyOk reply = TRY(session.call("ShowUser", named(arguments)));
  if (session.wants_json()) return print_json(session.out(), reply);
  const Json* user = protocol::varlink::member_of(reply.parameters, "user");
  if (user == nullptr) return Error(Errc::unsupported, "usherd's answer lacks the person");
  const std::string reason = text_member(*user, "state_reason");
  Facts facts;
  facts.add("name", text_member(*user, "name"));
  facts.add("display name", text_member(*user, "display_name"));
  facts.add("uid", number_member(*user, "uid"));
  facts.add("gid", number_member(*user, "gid"));
  facts.add("home", text_member(*user, "home"));
  facts.add("shell", text_member(*user, "shell"));
  facts.add("language", text_member(*user, "language"));
  facts.add("aliases", list_member(*user, "aliases"));
  facts.add("groups", list_member(reply.parameters, "groups"));
  facts.add("roles", roles_text(reply.parameters));
  facts.add("organisations", list_member(reply.parameters, "organisations"));
  facts.add("attributes", attributes_text(reply.parameters));
  facts.add("state", text_member(*user, "state") + (reason.empty() ? "" : ": " + reason));
  facts.add("source", text_member(*user, "source"));
  facts.add("added", time_member(*user, "created_at"));
  facts.add("last sign-in", time_member(*user, "last_sign_in"));
  facts.add("ends", time_member(*user, "expires_at"));
  facts.add("no factor until", time_member(*user, "factors_suspended_until"));
  const std::string blockers = blockers_text(reply.parameters);
  facts.add("blocked by", blockers.empty() ? "nothing" : blockers);
  facts.add("refused now", throttled_text(reply.parameters));
  facts.print_to(session.out());
  const Json& factors = rows_member(reply.parameters, "factors");
  print(session.out(), factors.empty() ? "\nNo second factor is enrolled.\n" : "\n");
  if (!factors.empty()) print_factors(session.out(), factors);
  return {};
}

Result<void> set(Session& session, const Arguments& arguments) {
  Json parameters = named(arguments);
  put_account_fields(parameters, arguments);
  if (!arguments.aliases.empty()) parameters["add_aliases"] = arguments.aliases;
  if (!arguments.removed_aliases.empty()) {
    parameters["remove_aliases"] = arguments.removed_aliases;
  }
  if (!arguments.attributes.empty()) {
    parameters["set_attributes"] = TRY(attributes_of(arguments.attributes));
  }
  if (!arguments.removed_attributes.empty()) {
    parameters["remove_attributes"] = arguments.removed_attributes;
  }
  if (arguments.expires) parameters["expires_at"] = TRY(end_of(*arguments.expires));
  if (parameters.size() == 1) {
    return Error(Errc::invalid_input, "nothing to change; see usherctl user set --help");
  }
  TRY(change(session, "SetUser", std::move(parameters), "Changed " + arguments.name + "."));
  if (arguments.expires) tell_if_closed(session, arguments);
  warn_of_shell(session, arguments);
  return {};
}

// Verbs that end a person's access, and the open sessions with it.
Result<void> take_away(Session& session, std::string_view method, Json parameters,
                       const Arguments& arguments, const std::string& done) {
  put_sessions(parameters, session, arguments);
  const ReplyOk reply = TRY(session.call(method, std::move(parameters)));
  warn_unless_published(session, reply);
  if (!session.wants_json()) print(session.out(), escaped(done) + "\n");
  tell_sessions(session, reply);
  return session.wants_json() ? print_json(session.out(), reply) : Result<void>();
}

Result<void> suspend(Session& session, const Arguments& arguments) {
  Json parameters = named(arguments);
  parameters["reason"] = arguments.reason;
  return take_away(session, "SuspendUser", std::move(parameters), arguments,
                   arguments.name + " may not sign in any more.");
}

Result<void> resume(Session& session, const Arguments& arguments) {
  return open_user(session, arguments, "ResumeUser");
}

Result<void> reset(Session& session, const Arguments& arguments) {
  Json parameters = named(arguments);
  if (!arguments.reason.empty()) parameters["reason"] = arguments.reason;
  put_sessions(parameters, session, arguments);
  const ReplyOk reply = TRY(session.call("ResetUser", std::move(parameters), kCode));
  if (!session.wants_json()) {
    print(session.out(),
          fmt::format("The password of {0} is deleted: nobody signs in as {0} but with "
                      "the code below. Enrolled factors are still asked for.\n",
                      escaped(arguments.name)));
  }
  tell_sessions(session, reply);
  if (session.wants_json()) return print_json(session.out(), reply);
  print_code(session.out(), reply, arguments.name);
  return {};
}

Result<void> confirm(const Streams& streams, const std::string& name) {
  if (::isatty(::fileno(streams.in)) == 0) {
    return Error(Errc::invalid_input, "deleting cannot be undone; give --yes to confirm");
  }
  print(streams.err, fmt::format("Delete {} for good? Type the name to confirm: ", escaped(name)));
  (void)std::fflush(streams.err);
  std::array<char, 64> line{};
  if (std::fgets(line.data(), static_cast<int>(line.size()), streams.in) == nullptr ||
      std::string_view(line.data()) != name + "\n") {
    return Error(Errc::internal, "not confirmed; nothing was changed");
  }
  return {};
}

Result<void> remove(Session& session, const Arguments& arguments) {
  if (!arguments.yes) TRY(confirm(session.streams(), arguments.name));
  return take_away(session, "DeleteUser", named(arguments), arguments,
                   arguments.name + " is deleted. The uid stays taken for ever.");
}

constexpr Option kDisplayName{"--display-name", "the name as people write it",
                              &Arguments::display_name};
constexpr Option kHome{"--home", "the home directory; nothing is moved", &Arguments::home};
constexpr Option kShell{"--shell", "the login shell", &Arguments::shell};
constexpr Option kLanguage{"--language", "what they read in: en or fr", &Arguments::language};

constexpr Verb kVerbs[] = {
    {"user", "people", nullptr},
    {"user add",
     "add a person and print the one-time code",
     add,
     {kName,
      {"--source", "who verifies a sign-in: local, or federated:PROVIDER", &Arguments::source},
      kDisplayName,
      kHome,
      kShell,
      kLanguage,
      {"--uid", "a uid of your choice", &Arguments::uid},
      {"--alias", "another name to sign in with; may be repeated", &Arguments::aliases}}},
    {"user set",
     "change a person's account",
     set,
     {kName,
      {"--expires", "the day the account ends, as 2027-01-31, or never", &Arguments::expires},
      kDisplayName,
      kHome,
      kShell,
      kLanguage,
      {"--add-alias", "add an alias; may be repeated", &Arguments::aliases},
      {"--remove-alias", "take an alias away; may be repeated", &Arguments::removed_aliases},
      {"--attribute", "NAME=VALUE, what rules may ask about; may be repeated",
       &Arguments::attributes},
      {"--remove-attribute", "take an attribute away; may be repeated",
       &Arguments::removed_attributes}}},
    {"user list", "list people", list},
    {"user show", "show a person and what stops a sign-in", show, {kName}},
    {"user suspend", "stop a person from signing in", suspend, {kName, kReason, kSessions}},
    {"user disable", "shut a person out for good", disable_user, {kName, kReason, kSessions}},
    {"user enable", "open a disabled or unused account again", enable_user, {kName}},
    {"user set-password",
     "set a password for one use, where the settings allow it",
     set_user_password,
     {kName, kAnyReason}},
    {"user convert",
     "let a provider's person sign in with a password",
     convert_user,
     {kName, {"--local", "verify them here", &Arguments::to_local, Need::required}, kAnyReason}},
    {"user resume", "let a suspended person sign in again", resume, {kName}},
    {"user reset",
     "delete the password and print a new one-time code",
     reset,
     {kName, kAnyReason, kSessions}},
    {"user invite",
     "mail a first one-time code, which only its owner sees",
     invite_user,
     {kName, {"--mail", "the address, where none or several are known", &Arguments::invited_at}}},
    {"user set-email",
     "enter another mail address, which its owner confirms at a sign-in",
     set_email,
     {kName,
      {"ADDRESS", "the address", &Arguments::contact, Need::required},
      {"--replace", "remove all other addresses", &Arguments::replace},
      kAnyReason}},
    // What the help does not show is for tests, which must not touch this machine's own files.
    {"user adopt",
     "move a local account into Usher",
     adopt_or_hand_back,
     {kName,
      {"--undo", "move it back", &Arguments::undo},
      {"--etc", "", &Arguments::etc},
      {"--stop-after", "", &Arguments::stop_after}}},
    {"user delete", "delete a person for good", remove, {kName, kYes, kSessions}},
};

}  // namespace

std::span<const Verb> user_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
