// A test of the way out for text messages. It costs money and is counted like any other.
#include <fmt/format.h>

#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"
#include "daemon/contacts/value.hpp"
#include "daemon/context.hpp"
#include "daemon/post/outgoing_sms.hpp"
#include "daemon/sms/length.hpp"
#include "daemon/sms/number.hpp"
#include "daemon/store/outbox.hpp"
#include "daemon/texts/texts.hpp"

namespace usher::admin {
namespace {

// Who wants to know whether text messages leave does not want to hear of it tomorrow.
constexpr std::chrono::minutes kTestIsUseful{15};

std::string test_text(const Request& request) {
  const AdminContext& context = request.context;
  const std::string text = texts::fill(context.config.language, texts::Text::test_message,
                                       fmt::arg("organisation", context.config.organisation),
                                       fmt::arg("host", context.services->letterhead.host));
  return std::string(sms::within(text, 1));
}

// What the caller can mend is no failure of usherd.
Result<std::string> queue(store::Database& database, const Request& request, const std::string& to,
                          const Secret& text) {
  const AdminContext& context = request.context;
  auto queued = post::queue_sms(database, {context.sealer, context.entropy},
                                {.event = "test",
                                 .to = to,
                                 .text = text,
                                 .useful_for = kTestIsUseful,
                                 .urgency = store::Urgency::waited_for},
                                *context.services->sms, context.config.sms.budget, request.now);
  if (queued) return queued;
  const Errc code = queued.error().code();
  const bool is_spent = code == Errc::exhausted || code == Errc::not_permitted;
  return is_spent ? Error(Errc::conflict, queued.error().text()) : queued.error();
}

// Empty: there is one that can be used.
std::string why_no_gateway(const AdminContext& context) {
  if (context.config.sms.gateway.empty()) {
    return "there is no gateway: set sms.gateway in usher.toml, then systemctl reload usherd";
  }
  const daemon::Services* services = context.services;
  if (services != nullptr && services->sms != nullptr && services->sms->is_set()) return "";
  return "the gateway's file cannot be used: see usherctl status";
}

}  // namespace

std::string trouble_with_sms(const AdminContext& context) {
  std::string no_gateway = why_no_gateway(context);
  if (!no_gateway.empty()) return no_gateway;
  const post::Health health = context.status.status().sms;
  if (health.courier != post::CourierState::here) {
    return "usher-courier does not come for text messages: systemctl enable --now usher-courier";
  }
  if (!health.trouble) return "";
  return fmt::format("no text message leaves: {}: {}",
                     protocol::courier::name_of(health.trouble->cause), health.trouble->detail);
}

Result<Reply> send_test_sms(const Request& request) {
  const AdminContext& context = request.context;
  const daemon::SmsConfig& config = context.config.sms;
  const std::string no_gateway = why_no_gateway(context);
  if (!no_gateway.empty()) return Error(Errc::conflict, no_gateway);
  const auto to = sms::parse_number(request.parameters.text("number"), config.national_country);
  if (!to) {
    return Reply(invalid_parameter("number", config.national_country.empty()
                                                 ? "a number is as +33612345678"
                                                 : "a number is as +33612345678, or as it is "
                                                   "written in sms.national_country"));
  }
  const Secret text = TRY(Secret::copy(test_text(request)));
  context.ways_out.try_at_once(store::Service::sms);
  return context.store.write([&](store::Database& database) -> Result<Reply> {
    TRY(store::withdraw_messages(
        database, {.service = store::Service::sms, .event = "test", .recipient = *to},
        request.now));
    ReplyOk reply;
    reply.parameters["id"] = TRY(queue(database, request, *to, text));
    TRY(record_change(database, request, "", contacts::masked(store::ContactKind::mobile, *to)));
    return Reply(std::move(reply));
  });
}

}  // namespace usher::admin
