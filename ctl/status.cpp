// usherctl status: how usherd is, and whether this host asks it.
#include <fmt/format.h>

#include "ctl/calls.hpp"
#include "ctl/enabled_here.hpp"
#include "ctl/mail_state.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;

void add_usherd(Facts& facts, const Json& status) {
  facts.add("version", text_member(status, "version"));
  facts.add("process", number_member(status, "pid"));
  facts.add("started", time_member(status, "started_at"));
  facts.add("people", number_member(status, "people"));
  facts.add("open conversations", number_member(status, "conversations"));
  facts.add("refused frames", number_member(status, "refused_frames"));
  facts.add("schema", number_member(status, "schema"));
  facts.add("master key from", text_member(status, "key_source"));
  facts.add("unknown names", text_member(status, "unknown_names"));
}

void add_letters(Facts& facts, const Json& status) {
  for (const Json& mistake : rows_member(status, "template_mistakes")) {
    if (mistake.is_string()) {
      facts.add("letters", "a built-in one stands in: " + mistake.get<std::string>());
    }
  }
}

void add_sms(Facts& facts, const Json& status) {
  const auto state = sms_state(status);
  if (!state) return;
  facts.add("text messages", state->says);
  const Json* sms = protocol::varlink::member_of(status, "sms");
  if (sms == nullptr) return;
  facts.add("text messages queued", number_member(*sms, "queued"));
  facts.add("text messages given up", number_member(*sms, "dead"));
  facts.add("text message last sent", time_member(*sms, "sent_at"));
}

void add_mail(Facts& facts, const Json& status) {
  const auto state = mail_state(status);
  facts.add("mail", state ? state->says : "no server is set");
  const Json* mail = protocol::varlink::member_of(status, "mail");
  if (mail == nullptr) return;
  facts.add("mail queued", number_member(*mail, "queued"));
  facts.add("mail given up", number_member(*mail, "dead"));
  facts.add("courier last seen", time_member(*mail, "asked_at"));
  facts.add("mail last sent", time_member(*mail, "sent_at"));
}

void add_host(Facts& facts, const EnabledHere& here) {
  facts.add("in PAM", here.pam);
  facts.add("in sshd", here.sshd);
  std::string rollback(here.rollback);
  if (here.rollback_at) {
    rollback +=
        fmt::format(", puts all back at {} unless confirmed", local_time(*here.rollback_at));
  }
  facts.add("rollback", rollback);
}

// The host's part also where usherd does not answer, which is when it is looked for.
Result<void> show(Session& session, const Arguments&) {
  auto reply = session.call("GetStatus", Json::object());
  const EnabledHere here = enabled_here(session.host());
  if (session.wants_json()) {
    if (!reply) return reply.error();
    reply->parameters["pam"] = here.pam;
    reply->parameters["sshd"] = here.sshd;
    reply->parameters["rollback"] = here.rollback;
    if (here.rollback_at) reply->parameters["rollback_at"] = *here.rollback_at;
    return print_json(session.out(), *reply);
  }
  Facts facts;
  if (reply) add_usherd(facts, reply->parameters);
  if (reply) add_mail(facts, reply->parameters);
  if (reply) add_sms(facts, reply->parameters);
  if (reply) add_letters(facts, reply->parameters);
  add_host(facts, here);
  facts.print_to(session.out());
  if (!reply) return reply.error();
  return {};
}

constexpr Verb kVerbs[] = {{"status", "how usherd is, and whether this host asks it", show}};

}  // namespace

std::span<const Verb> status_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
