// usherctl mail: whether mail leaves this host, what waits, and what became of the rest.
#include <fmt/format.h>

#include "ctl/calls.hpp"
#include "ctl/os/moment.hpp"
#include "ctl/pages.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

// Longer than a server takes that answers at all; a slow one may take twice that.
constexpr int kMomentsForATest = 60;

Json with_id(const std::string& id) {
  Json parameters = Json::object();
  parameters["id"] = id;
  return parameters;
}

void print_messages(std::FILE* out, const Json& messages) {
  Table table({"ID", "WHAT", "WHO", "TO", "STATE", "QUEUED", "TRIES", "NEXT", "DONE", "DETAIL"});
  for (const Json& message : messages) {
    const std::string state = text_member(message, "state");
    table.add({text_member(message, "id"), text_member(message, "event"),
               text_member(message, "name"), text_member(message, "recipient"), state,
               time_member(message, "queued_at"), number_member(message, "tries"),
               state == "queued" ? time_member(message, "due_at") : "",
               time_member(message, "done_at"), text_member(message, "detail")});
  }
  table.print_to(out);
}

Result<void> show(Session& session, Json messages) {
  if (!session.wants_json()) {
    print_messages(session.out(), messages);
    return {};
  }
  ReplyOk all;
  all.parameters["messages"] = std::move(messages);
  return print_json(session.out(), all);
}

// Those that wait, then those that were given up.
Result<void> queue(Session& session, const Arguments& arguments) {
  Json messages = Json::array();
  for (const char* state : {"queued", "dead"}) {
    Json parameters = Json::object();
    parameters["state"] = state;
    const Newest newest = TRY(
        newest_rows(session, "ListMessages", std::move(parameters), "messages", arguments.limit));
    for (const Json& row : newest.rows) messages.push_back(row);
  }
  return show(session, std::move(messages));
}

Result<void> log(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["name"] = arguments.name;
  const Newest newest =
      TRY(newest_rows(session, "ListMessages", std::move(parameters), "messages", arguments.limit));
  return show(session, newest.rows);
}

// usherd takes some at a time. Fewer than that were the last ones: what dies meanwhile of having
// been sent once more is not sent again.
Result<void> retry_all(Session& session) {
  constexpr std::int64_t kAtOnce = 500;  // as io.usher.Admin says
  std::int64_t all = 0;
  std::int64_t taken = kAtOnce;
  while (taken == kAtOnce) {
    const ReplyOk reply = TRY(session.call("RetryMessage", Json::object()));
    taken = protocol::varlink::number_of(reply.parameters, "messages").value_or(0);
    all += taken;
  }
  ReplyOk reply;
  reply.parameters["messages"] = all;
  if (session.wants_json()) return print_json(session.out(), reply);
  print(session.out(), fmt::format("{} queued again.\n", all));
  return {};
}

Result<void> retry(Session& session, const Arguments& arguments) {
  const bool is_one = !arguments.request.empty();
  if (is_one == arguments.all) {
    return Error(Errc::invalid_input, "say which: a message's ID, or --all");
  }
  if (arguments.all) return retry_all(session);
  return change(session, "RetryMessage", with_id(arguments.request), "It is queued again.");
}

// What holds up every message, or this one, in a few words.
Result<std::string> what_holds_it_up(Session& session, const std::string& id) {
  const ReplyOk status = TRY(session.call("GetStatus", Json::object()));
  const Json* mail = protocol::varlink::member_of(status.parameters, "mail");
  if (mail == nullptr) return std::string("no mail server is set any more");
  const std::string trouble = text_member(*mail, "trouble");
  if (!trouble.empty()) return trouble + ": " + text_member(*mail, "trouble_detail");
  const ReplyOk shown = TRY(session.call("ShowMessage", with_id(id)));
  const Json* message = protocol::varlink::member_of(shown.parameters, "message");
  const std::string detail = message != nullptr ? text_member(*message, "detail") : "";
  if (!detail.empty()) return detail;
  const std::string courier = text_member(*mail, "courier");
  if (courier == "no_socket")
    return std::string("usherd-courier.socket failed: start it, and usherd");
  if (courier != "here") {
    return std::string("usher-courier has not come for it; is usher-courier.service running?");
  }
  return std::string("the server has not taken it yet");
}

// None: it waits still.
Result<std::optional<Json>> outcome_of(Session& session, const std::string& id) {
  const EndedByHand ended;
  for (int i = 0; i < kMomentsForATest; ++i) {
    const ReplyOk reply = TRY(session.call("ShowMessage", with_id(id)));
    const Json* message = protocol::varlink::member_of(reply.parameters, "message");
    if (message == nullptr) return Error(Errc::internal, "usherd's answer lacks the message");
    if (text_member(*message, "state") != "queued") return std::optional<Json>(*message);
    if (!session.host().wait_a_moment()) break;
  }
  return std::optional<Json>();
}

Result<void> test(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["address"] = arguments.address;
  const ReplyOk queued = TRY(session.call("SendTestMail", std::move(parameters)));
  const std::string id = text_member(queued.parameters, "id");
  const auto message = TRY(outcome_of(session, id));
  if (!message) {
    const std::string why = TRY(what_holds_it_up(session, id));
    return Error(Errc::timed_out, fmt::format("the mail waits: {} (usherctl mail queue)", why));
  }
  if (session.wants_json()) {
    ReplyOk reply;
    reply.parameters["message"] = *message;
    TRY(print_json(session.out(), reply));
  }
  const std::string detail = text_member(*message, "detail");
  if (text_member(*message, "state") != "sent") {
    return Error(Errc::conflict, "the mail was not taken: " + detail);
  }
  if (!session.wants_json()) {
    print(session.out(), fmt::format("The server has taken it: {}\n", escaped(detail)));
  }
  return {};
}

constexpr Option kLimit{"--limit", "at most this many messages", &Arguments::limit};
constexpr Option kMessage{"ID", "the message's id, whole", &Arguments::request};
constexpr Option kAll{"--all", "all that were given up and are of use still", &Arguments::all};

constexpr Verb kVerbs[] = {
    {"mail", "mail to people", nullptr},
    {"mail test",
     "send a mail that says nothing, and say what became of it",
     test,
     {{{"ADDRESS", "where to", &Arguments::address, Need::required}}}},
    {"mail queue", "what waits, and what was given up", queue, {kLimit}},
    {"mail log", "what was sent to a person, and what became of it", log, {kName, kLimit}},
    {"mail retry", "send once more what was given up", retry, {kMessage, kAll}},
};

}  // namespace

std::span<const Verb> mail_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
