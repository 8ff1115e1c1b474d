// The server first: who knows what is wrong with it has asked it.
#include "ctl/mail_state.hpp"

#include <fmt/format.h>

#include "ctl/output.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;

constexpr const char* kMendMail =
    "mend what it names, in [mail] of usher.toml or at the server; usherctl config reload; "
    "usherctl mail test ADDRESS";
constexpr const char* kMendSms =
    "mend what it names, in [sms] of usher.toml, in the gateway's file or at the provider; "
    "usherctl config reload; usherctl sms test NUMBER";
constexpr const char* kStartCourier = "systemctl enable --now usher-courier.service";

MailState by_courier(const Json& mail) {
  const std::string courier = text_member(mail, "courier");
  if (courier == "no_socket") {
    return {"waits: no socket for usher-courier: usherd-courier.socket failed",
            "systemctl restart usherd-courier.socket usherd.service"};
  }
  if (courier == "never") return {"waits: usher-courier has not come for it", kStartCourier};
  if (courier == "away") {
    return {"waits: usher-courier has not come for it since " + time_member(mail, "asked_at"),
            kStartCourier};
  }
  const bool was_sent = protocol::varlink::number_of(mail, "sent_at").has_value();
  return {was_sent ? "leaves" : "none was sent yet", ""};
}

std::optional<MailState> state_of(const Json& status, std::string_view service, const char* mend) {
  const Json* mail = protocol::varlink::member_of(status, service);
  if (mail == nullptr) return std::nullopt;
  const std::string trouble = text_member(*mail, "trouble");
  if (trouble.empty()) return by_courier(*mail);
  return MailState{
      fmt::format("does not leave since {}: {}: {}", time_member(*mail, "trouble_since"), trouble,
                  text_member(*mail, "trouble_detail")),
      mend};
}

}  // namespace

std::optional<MailState> mail_state(const Json& status) {
  return state_of(status, "mail", kMendMail);
}

std::optional<MailState> sms_state(const Json& status) {
  const std::string mistake = text_member(status, "gateway_mistake");
  if (!mistake.empty()) {
    return MailState{"does not leave: " + mistake,
                     "mend it, and usherctl config reload, which is refused until then"};
  }
  return state_of(status, "sms", kMendSms);
}

}  // namespace usher::ctl
