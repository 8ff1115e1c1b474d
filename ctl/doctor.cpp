// usherctl doctor: everything looked at, a line a finding.
#include "ctl/doctor.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "ctl/calls.hpp"
#include "ctl/os/clock.hpp"
#include "ctl/pam_findings.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

Result<Heard> hear(Session& session) {
  Heard heard;
  const auto status = TRY(session.call("GetStatus", Json::object()));
  heard.unknown_names = text_member(status.parameters, "unknown_names");
  heard.mail = mail_state(status.parameters);
  heard.sms = sms_state(status.parameters);
  for (const Json& mistake : rows_member(status.parameters, "template_mistakes")) {
    if (mistake.is_string()) heard.template_mistakes.push_back(mistake.get<std::string>());
  }
  const auto newest = TRY(session.call("ListAudit", {{"limit", 1}}));
  for (const Json& record : rows_member(newest.parameters, "records")) {
    heard.last_record_at = protocol::varlink::number_of(record, "at");
  }
  return heard;
}

std::string services_of(const Finding& finding) {
  std::string text;
  for (const std::string& service : finding.services) text += (text.empty() ? "" : ", ") + service;
  return text;
}

std::string line_of(const Finding& finding) {
  const std::string services = services_of(finding);
  return fmt::format("{:<7}  {}: {}{}{}{} [{}]\n", name_of(finding.level), escaped(finding.where),
                     escaped(finding.what), services.empty() ? "" : " (" + escaped(services) + ")",
                     finding.cure.empty() ? "" : ". Do: ", escaped(finding.cure),
                     name_of(finding.kind));
}

Json json_of(const Finding& finding) {
  return {{"level", name_of(finding.level)},
          {"kind", name_of(finding.kind)},
          {"where", finding.where},
          {"what", finding.what},
          {"cure", finding.cure},
          {"services", finding.services}};
}

Result<void> print_findings(Session& session, const Findings& findings) {
  if (!session.wants_json()) {
    for (const Finding& finding : findings) print(session.out(), line_of(finding));
    return {};
  }
  ReplyOk reply;
  reply.parameters["findings"] = Json::array();
  for (const Finding& finding : findings) {
    reply.parameters["findings"].push_back(json_of(finding));
  }
  reply.parameters["healthy"] = !has_errors(findings);
  return print_json(session.out(), reply);
}

Result<void> doctor(Session& session, const Arguments&) {
  const Host& host = session.host();
  Patient patient{host, std::nullopt, {}, milliseconds_now()};
  auto heard = hear(session);
  if (heard) {
    patient.usherd = heard.release_value();
  } else {
    patient.silence = heard.error().text();
  }
  Findings findings = pam_findings(host, PamFiles(host));
  for (const auto& more : {sshd_findings(host, DropIn::as_it_is), host_findings(patient)}) {
    findings.insert(findings.end(), more.begin(), more.end());
  }
  // The worst first; among equals in the order they were looked at.
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.level > b.level; });
  TRY(print_findings(session, findings));
  const auto errors = std::count_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.level == Level::error;
  });
  if (errors == 0) return {};
  return Error(Errc::internal, fmt::format("{} error{} found; usherctl(1) and doctor.md say more",
                                           errors, errors == 1 ? " was" : "s were"));
}

constexpr Verb kVerbs[] = {
    {"doctor", "what is wrong with this host, and what to do", doctor},
};

}  // namespace

std::span<const Verb> doctor_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
