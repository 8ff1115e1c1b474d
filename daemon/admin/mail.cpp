// The verbs on messages to people: what waits, what became of the others, and a test of the way
// out.
#include <vector>

#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"
#include "daemon/contacts/value.hpp"
#include "daemon/context.hpp"
#include "daemon/post/outgoing.hpp"
#include "daemon/store/outbox.hpp"

namespace usher::admin {
namespace {

using store::Database;
using store::MessageRecord;
using store::MessageState;

// Who wants to know whether mail leaves does not want to hear of it tomorrow.
constexpr std::chrono::minutes kTestIsUseful{15};
constexpr std::string_view kNoServer =
    "there is no mail server: set mail.server in usher.toml, then systemctl reload usherd";

Json message_json(const MessageRecord& message) {
  Json row = Json::object();
  row["sequence"] = static_cast<std::int64_t>(message.id);
  row["id"] = message.uuid;
  row["name"] = message.person;
  row["service"] = store::name_of(message.service);
  row["event"] = message.event;
  row["recipient"] = message.recipient;
  row["state"] = store::name_of(message.state);
  row["queued_at"] = milliseconds(message.queued_at);
  row["due_at"] = milliseconds(message.due_at);
  row["ends_at"] = milliseconds(message.ends_at);
  row["tries"] = message.tries;
  if (message.done_at) row["done_at"] = milliseconds(*message.done_at);
  row["detail"] = message.detail;
  return row;
}

std::optional<MessageState> state_in(const Parameters& parameters) {
  const std::string wanted = parameters.text("state");
  for (const MessageState state : {MessageState::queued, MessageState::sent, MessageState::dead}) {
    if (wanted == store::name_of(state)) return state;
  }
  return std::nullopt;
}

letters::Moment moment_of(ports::Clock& clock, ports::Instant at) {
  return {std::chrono::floor<std::chrono::seconds>(at), clock.utc_offset(at)};
}

Result<protocol::courier::MailText> test_text(const Request& request) {
  using letters::Variable;
  const AdminContext& context = request.context;
  if (context.services == nullptr) return Error(Errc::unavailable, "there are no templates");
  const letters::Letterhead& letterhead = context.services->letterhead;
  std::vector<letters::Value> values{
      {Variable::organisation, std::string_view(context.config.organisation)},
      {Variable::host, std::string_view(letterhead.host)},
      {Variable::time, moment_of(context.clock, request.now)},
      {Variable::support, texts::support_in(context.config.language, context.config.support)},
      {Variable::by, request.by},
  };
  if (const std::string& page = context.config.page; !page.empty()) {
    values.push_back({Variable::page, std::string_view(page)});
  }
  return letterhead.templates.render(letters::Letter::test, context.config.language, values);
}

ReplyOk queued_again(std::int64_t messages) {
  ReplyOk reply;
  reply.parameters["messages"] = messages;
  return reply;
}

// So many in one transaction, which holds up everybody who signs in.
Result<Reply> retry_all(const Request& request) {
  constexpr std::int64_t kAtOnce = 500;
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const auto messages = TRY(store::requeue_messages(database, request.now, kAtOnce));
    if (messages > 0) TRY(record_change(database, request, "", fmt::format("{}", messages)));
    return Reply(queued_again(messages));
  });
}

}  // namespace

std::string trouble_with_mail(const AdminContext& context) {
  if (!context.config.mail.is_set()) return std::string(kNoServer);
  const post::Health health = context.status.status().mail;
  if (health.courier != post::CourierState::here) {
    return "usher-courier does not come for mail: systemctl enable --now usher-courier";
  }
  if (!health.trouble) return "";
  return fmt::format("no mail leaves: {}: {}", protocol::courier::name_of(health.trouble->cause),
                     health.trouble->detail);
}

Result<Reply> send_test_mail(const Request& request) {
  const AdminContext& context = request.context;
  if (!context.config.mail.is_set()) {
    return Error(Errc::conflict, kNoServer);
  }
  const std::string to = request.parameters.text("address");
  const auto text = TRY(test_text(request));
  context.ways_out.try_at_once(store::Service::mail);
  return context.store.write([&](Database& database) -> Result<Reply> {
    TRY(store::withdraw_messages(database, {.event = "test", .recipient = to}, request.now));
    ReplyOk reply;
    reply.parameters["id"] = TRY(post::queue_mail(database, {context.sealer, context.entropy},
                                                  {.event = "test",
                                                   .to = to,
                                                   .text = text,
                                                   .useful_for = kTestIsUseful,
                                                   .urgency = store::Urgency::waited_for},
                                                  request.now));
    TRY(record_change(database, request, "", contacts::masked(store::ContactKind::mail, to)));
    return Reply(std::move(reply));
  });
}

Result<Reply> list_messages(const Request& request) {
  const Parameters& parameters = request.parameters;
  const std::int64_t limit = parameters.number("limit").value_or(kDefaultPage);
  return request.context.store.read([&](Database& database) -> Result<Reply> {
    store::MessageFilter filter{.state = state_in(parameters),
                                .before = parameters.number("before").value_or(0)};
    if (parameters.optional_text("name")) {
      filter.person = TRY(person_named(database, request)).id;
    }
    Page page(limit);
    bool more = false;
    for (const auto& message : TRY(store::list_messages(database, filter, limit + 1))) {
      more = !TRY(page.add(message_json(message)));
      if (more) break;
    }
    ReplyOk reply;
    reply.parameters["messages"] = page.take_rows();
    reply.parameters["more"] = more;
    return Reply(std::move(reply));
  });
}

Result<Reply> show_message(const Request& request) {
  const std::string id = request.parameters.text("id");
  return request.context.store.read([&](Database& database) -> Result<Reply> {
    const auto message = TRY(store::find_message(database, id));
    if (!message) return Reply(no_such_message(id));
    ReplyOk reply;
    reply.parameters["message"] = message_json(*message);
    return Reply(std::move(reply));
  });
}

Result<Reply> retry_message(const Request& request) {
  for (const auto service : {store::Service::mail, store::Service::sms}) {
    request.context.ways_out.try_at_once(service);
  }
  if (!request.parameters.optional_text("id")) return retry_all(request);
  const std::string id = request.parameters.text("id");
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const auto message = TRY(store::find_message(database, id));
    if (!message) return Reply(no_such_message(id));
    if (!TRY(store::requeue_message(database, id, request.now))) {
      return Error(Errc::conflict,
                   "only a dead message can be sent again, while what it says is of use");
    }
    const auto kind = message->service == store::Service::mail ? store::ContactKind::mail
                                                               : store::ContactKind::mobile;
    TRY(record_change(database, request, message->person,
                      message->event + " to " + contacts::masked(kind, message->recipient)));
    return Reply(queued_again(1));
  });
}

}  // namespace usher::admin
