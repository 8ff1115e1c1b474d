// Calls with a name and a reason, and what is said of them.
#include "ctl/lifecycle.hpp"

#include <fmt/format.h>

#include "ctl/ask_password.hpp"
#include "ctl/blockers.hpp"
#include "ctl/calls.hpp"
#include "ctl/open_sessions.hpp"
#include "ctl/when.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

Json named(const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["name"] = arguments.name;
  if (!arguments.reason.empty()) parameters["reason"] = arguments.reason;
  return parameters;
}

Result<ReplyOk> sheet_of(Session& session, const std::string& name) {
  Json parameters = Json::object();
  parameters["name"] = name;
  return session.call("ShowUser", std::move(parameters));
}

// What was asked for is done by now: what else there is to know cannot undo it.
std::string opened_text(Session& session, const Arguments& arguments) {
  const std::string name = escaped(arguments.name);
  const Result<ReplyOk> shown = sheet_of(session, arguments.name);
  if (!shown) {
    return fmt::format("{} is open again; what else a sign-in wants could not be read: {}.\n", name,
                       shown.error().text());
  }
  const std::string blockers = escaped(blockers_text(shown->parameters));
  if (is_closed(shown->parameters)) {
    return fmt::format("{} may not sign in yet: {}.\n", name, blockers);
  }
  if (blockers.empty()) return fmt::format("{} may sign in again.\n", name);
  return fmt::format("{} may sign in again; {}.\n", name, blockers);
}

}  // namespace

void print_code(std::FILE* out, const ReplyOk& reply, const std::string& name) {
  print(out, "\nOne-time code:  ");
  print(out, reply.secret->text.view());
  print(out, fmt::format("\nValid until:    {}\n\n"
                         "Tell {}: sign in as usual, type this code where the password is asked\n"
                         "for, and choose a new password. The code works once and cannot be shown\n"
                         "again; `usherctl user reset {}` makes another.\n",
                         time_member(reply.parameters, "code_expires_at"), escaped(name),
                         escaped(name)));
}

Result<void> disable_user(Session& session, const Arguments& arguments) {
  Json parameters = named(arguments);
  put_sessions(parameters, session, arguments);
  const ReplyOk reply = TRY(session.call("DisableUser", std::move(parameters)));
  warn_unless_published(session, reply);
  if (!session.wants_json()) {
    print(session.out(), fmt::format("{} is shut out; usherctl user enable undoes it.\n",
                                     escaped(arguments.name)));
  }
  tell_sessions(session, reply);
  return session.wants_json() ? print_json(session.out(), reply) : Result<void>();
}

Result<void> enable_user(Session& session, const Arguments& arguments) {
  return open_user(session, arguments, "EnableUser");
}

Result<void> open_user(Session& session, const Arguments& arguments, std::string_view method) {
  const ReplyOk reply = TRY(session.call(method, named(arguments)));
  warn_unless_published(session, reply);
  if (session.wants_json()) return print_json(session.out(), reply);
  print(session.out(), opened_text(session, arguments));
  return {};
}

Result<void> convert_user(Session& session, const Arguments& arguments) {
  const ReplyOk reply = TRY(session.call("ConvertUser", named(arguments), kCode));
  if (session.wants_json()) return print_json(session.out(), reply);
  print(session.out(), fmt::format("{} signs in here from now on.\n", escaped(arguments.name)));
  print_code(session.out(), reply, arguments.name);
  return {};
}

Result<void> invite_user(Session& session, const Arguments& arguments) {
  Json parameters = named(arguments);
  if (arguments.invited_at) parameters["mail"] = *arguments.invited_at;
  const ReplyOk reply = TRY(session.call("InviteUser", std::move(parameters)));
  const std::string trouble = text_member(reply.parameters, "trouble");
  if (!trouble.empty()) {
    print(session.streams().err,
          fmt::format("usherctl: it waits in the queue: {}\n", escaped(trouble)));
  }
  if (session.wants_json()) return print_json(session.out(), reply);
  const std::string name = escaped(arguments.name);
  print(session.out(),
        fmt::format("Invited {} at {}.\nOnly the mail shows the code; it comes from {}, and the "
                    "code works until {}.\n`usherctl mail log {}` says whether it left.\n",
                    name, escaped(text_member(reply.parameters, "contact")),
                    escaped(text_member(reply.parameters, "sender")),
                    time_member(reply.parameters, "code_expires_at"), name));
  const std::string removed = text_member(reply.parameters, "removed");
  if (removed.empty()) return {};
  print(session.out(), fmt::format("The invitation to {} is void, and that address is removed: "
                                   "nobody had confirmed it.\n",
                                   escaped(removed)));
  return {};
}

Result<void> set_user_password(Session& session, const Arguments& arguments) {
  const Secret typed = TRY(ask_new_password(session.streams()));
  const ReplyOk reply = TRY(
      session.call_with("SetPassword", named(arguments), TRY(protocol::varlink::to_hex(typed))));
  if (session.wants_json()) return print_json(session.out(), reply);
  print(session.out(), fmt::format("The password of {} is set for one sign-in, which demands "
                                   "another. Enrolled factors are still asked for.\n",
                                   escaped(arguments.name)));
  return {};
}

void tell_if_closed(Session& session, const Arguments& arguments) {
  const Result<ReplyOk> shown = sheet_of(session, arguments.name);
  if (!shown || !is_closed(shown->parameters)) return;
  print(session.streams().err,
        fmt::format("usherctl: {} may not sign in now: {}\n", escaped(arguments.name),
                    escaped(blockers_text(shown->parameters))));
}

Result<std::int64_t> end_of(const std::string& day) {
  if (day == "never") return std::int64_t{0};
  const auto start = start_of(day);
  if (start && *start > 0) return *start;
  return Error(Errc::invalid_input, "--expires is a day such as 2027-01-31, or never");
}

}  // namespace usher::ctl
