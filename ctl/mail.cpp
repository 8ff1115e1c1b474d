// usherctl mail: whether mail leaves this host, what waits, and what became of the rest.
#include <fmt/format.h>

#include "ctl/calls.hpp"
#include "ctl/os/moment.hpp"
#include "ctl/pages.hpp"
#include "ctl/test_message.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

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
  return change(session, "RetryMessage", {{"id", arguments.request}}, "It is queued again.");
}

constexpr TestWords kWords{"mail", "the mail", "the server", "usherctl mail queue"};

Result<void> test(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["address"] = arguments.address;
  return run_test(session, "SendTestMail", std::move(parameters), kWords);
}

constexpr Option kLimit{"--limit", "at most this many messages", &Arguments::limit};
constexpr Option kMessage{"ID", "the message's id, whole", &Arguments::request};
constexpr Option kAll{"--all", "all that were given up and are of use still", &Arguments::all};

constexpr Verb kVerbs[] = {
    {"mail", "mail and text messages to people", nullptr},
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
