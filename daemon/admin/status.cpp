// How usherd is, and what it serves.
#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"
#include "daemon/store/outbox.hpp"
#include "protocol/interfaces.hpp"

namespace usher::admin {
namespace {

std::string_view name_of(crypto::KeySource source) {
  switch (source) {
    case crypto::KeySource::credential:
      return "credential";
    case crypto::KeySource::file:
      return "file";
  }
  return "file";
}

std::string_view name_of(daemon::UnknownNames names) {
  switch (names) {
    case daemon::UnknownNames::decoy:
      return "decoy";
    case daemon::UnknownNames::pass:
      return "pass";
  }
  return "decoy";
}

std::string_view name_of(post::CourierState state) {
  switch (state) {
    case post::CourierState::no_socket:
      return "no_socket";
    case post::CourierState::never:
      return "never";
    case post::CourierState::here:
      return "here";
    case post::CourierState::away:
      return "away";
  }
  return "never";
}

Result<Json> health_json(const Request& request, store::Service service,
                         const post::Health& health) {
  using store::MessageState;
  Json row = Json::object();
  TRY(request.context.store.read([&](store::Database& database) -> Result<void> {
    row["queued"] = TRY(store::count_messages(database, service, MessageState::queued));
    row["dead"] = TRY(store::count_messages(database, service, MessageState::dead));
    return {};
  }));
  row["courier"] = name_of(health.courier);
  if (health.asked_at) row["asked_at"] = milliseconds(*health.asked_at);
  if (health.sent_at) row["sent_at"] = milliseconds(*health.sent_at);
  if (!health.trouble) return row;
  row["trouble"] = protocol::courier::name_of(health.trouble->cause);
  row["trouble_detail"] = health.trouble->detail;
  row["trouble_since"] = milliseconds(health.trouble->since);
  return row;
}

// As many as an administrator reads at a time, each cut: a reply has its limit.
Json mistakes_json(const std::vector<std::string>& mistakes) {
  constexpr std::size_t kMost = 10;
  constexpr std::size_t kLongest = 400;
  Json rows = Json::array();
  for (const std::string& mistake : mistakes) {
    if (rows.size() < kMost) rows.push_back(mistake.substr(0, kLongest));
  }
  return rows;
}

}  // namespace

Result<Reply> get_status(const Request& request) {
  const ServerStatus status = request.context.status.status();
  const std::int64_t people = TRY(request.context.store.read(
      [](store::Database& database) { return store::count_people(database); }));
  ReplyOk reply;
  Json& parameters = reply.parameters;
  parameters["version"] = status.version;
  parameters["pid"] = status.pid;
  parameters["started_at"] = milliseconds(status.started_at);
  parameters["conversations"] = status.conversations;
  parameters["refused_frames"] = status.refused_frames;
  parameters["schema"] = store::newest_schema();  // an older store was migrated at the start
  parameters["key_source"] = name_of(status.key_source);
  parameters["unknown_names"] = name_of(status.unknown_names);
  parameters["people"] = people;
  if (!status.template_mistakes.empty()) {
    parameters["template_mistakes"] = mistakes_json(status.template_mistakes);
  }
  using store::Service;
  if (request.context.config.mail.is_set()) {
    parameters["mail"] = TRY(health_json(request, Service::mail, status.mail));
  }
  if (!request.context.config.sms.gateway.empty()) {
    parameters["sms"] = TRY(health_json(request, Service::sms, status.sms));
  }
  if (!status.gateway_mistake.empty()) parameters["gateway_mistake"] = status.gateway_mistake;
  return Reply(std::move(reply));
}

Result<Reply> get_info(const Request& request) {
  ReplyOk reply;
  Json& parameters = reply.parameters;
  parameters["vendor"] = "Usher";
  parameters["product"] = "usherd";
  parameters["version"] = request.context.status.status().version;
  parameters["url"] = "";
  parameters["interfaces"] = {protocol::kAdminInterface, protocol::kServiceInterface};
  return Reply(std::move(reply));
}

Result<Reply> get_interface_description(const Request& request) {
  const std::string name = request.parameters.text("interface");
  const std::string_view text = protocol::interface_text(name);
  if (text.empty()) return Reply(interface_not_found(name));
  ReplyOk reply;
  reply.parameters["description"] = text;
  return Reply(std::move(reply));
}

}  // namespace usher::admin
