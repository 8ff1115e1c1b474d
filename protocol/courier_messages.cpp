// Two methods and two errors, to JSON and back; the text of a mail goes beside the JSON, as a
// secret.
#include "protocol/courier_messages.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/text.hpp"
#include "protocol/courier_members.hpp"
#include "protocol/courier_sms_json.hpp"

namespace usher::protocol::courier {
namespace {

using varlink::Json;
using varlink::ReplyError;
using varlink::ReplyOk;

// Names in the order of the enum.
constexpr std::string_view kSecurities[] = {"starttls", "tls"};
constexpr std::string_view kLogins[] = {"none", "plain", "login", "xoauth2"};
constexpr std::string_view kOutcomes[] = {"sent", "refused", "later", "service_down"};

struct CauseRow {
  std::string_view name;
  std::initializer_list<Outcome> outcomes;  // that it is a cause of
};
constexpr auto kOfMessage = {Outcome::refused, Outcome::later};
constexpr auto kOfService = {Outcome::service_down};
constexpr auto kOfLater = {Outcome::later};
constexpr auto kOfSent = {Outcome::sent};
constexpr auto kOfRefused = {Outcome::refused};
constexpr CauseRow kCauses[] = {
    {"none", kOfSent},
    {"not_sendable", kOfRefused},
    {"sender", kOfService},
    {"recipient", kOfMessage},
    {"message", kOfMessage},
    {"denied", kOfLater},
    {"unclear", kOfLater},
    {"no_address", kOfService},
    {"no_connection", kOfService},
    {"silent", kOfService},
    {"dropped", kOfService},
    {"unwelcome", kOfService},
    {"no_encryption", kOfService},
    {"handshake", kOfService},
    {"wrong_name", kOfService},
    {"expired", kOfService},
    {"untrusted", kOfService},
    {"login_refused", kOfService},
    {"no_password", kOfService},
    {"no_credit", kOfService},
    {"busy", kOfService},
    {"not_understood", kOfService},
    {"stopping", kOfService},
    {"internal", kOfService},
};
static_assert(std::size(kCauses) == static_cast<std::size_t>(Cause::internal) + 1);

// The Errcs that have an error of their own; every other one is "Failed".
struct ErrorRow {
  Errc code;
  std::string_view name;
};
constexpr ErrorRow kErrors[] = {{Errc::not_found, "io.usher.Courier.NoSuchMessage"},
                                {Errc::unavailable, "io.usher.Courier.Failed"}};

ReplyError refused(std::string_view error, std::string_view member, std::string_view text) {
  ReplyError reply{std::string(error), Json::object()};
  reply.parameters[std::string(member)] = text;
  return reply;
}

ReplyError not_understood(std::string_view parameter) {
  return refused("org.varlink.service.InvalidParameter", "parameter", parameter);
}

Cause cause_in(Members& members) {
  std::array<std::string_view, std::size(kCauses)> names;
  std::transform(std::begin(kCauses), std::end(kCauses), names.begin(),
                 [](const CauseRow& row) { return row.name; });
  return members.choice<Cause>("cause", names);
}

bool is_detail(std::string_view text) {
  return text.size() <= kMaxDetail &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

// --- Mails ---

Json json_of(const Server& server) {
  Json json = {{"host", server.host},
               {"port", server.port},
               {"security", name_in(kSecurities, server.security)},
               {"login", name_in(kLogins, server.login)}};
  if (!server.user.empty()) json["user"] = server.user;
  if (!server.ca_file.empty()) json["ca_file"] = server.ca_file;
  return json;
}

Json json_of(const Mail& mail) {
  Json json = {{"server", json_of(mail.server)},
               {"from", mail.from},
               {"to", mail.to},
               {"message_id", mail.message_id},
               {"date", mail.date}};
  if (!mail.from_name.empty()) json["from_name"] = mail.from_name;
  if (!mail.reply_to.empty()) json["reply_to"] = mail.reply_to;
  return json;
}

Result<Server> server_of(const Json* json) {
  Members members(json, "server");
  Server server;
  server.host = members.text("host");
  server.port =
      static_cast<std::uint16_t>(members.number("port", std::numeric_limits<std::uint16_t>::max()));
  server.security = members.choice<Security>("security", kSecurities);
  server.login = members.choice<Login>("login", kLogins);
  server.user = members.text_or_none("user");
  server.ca_file = members.text_or_none("ca_file");
  if (const auto complaint = members.complaint()) return Error(Errc::invalid_input, *complaint);
  return server;
}

// Each rule of check() holds of what it returns.
Result<What> mail_of(const Json& json, const Secret& digits) {
  Members members(&json, "mail");
  Mail mail;
  mail.server = TRY(server_of(members.object("server")));
  mail.from = members.text("from");
  mail.from_name = members.text_or_none("from_name");
  mail.reply_to = members.text_or_none("reply_to");
  mail.to = members.text("to");
  mail.message_id = members.text("message_id");
  mail.date = members.number("date", kLastDate);
  if (const auto complaint = members.complaint()) return Error(Errc::invalid_input, *complaint);
  mail.text = TRY(mail_text_of(TRY(varlink::from_hex(digits))));
  TRY(check(mail));
  return What(std::move(mail));
}

Result<ReplyOk> reply_with(const Mail& mail) {
  TRY(check(mail));
  ReplyOk reply;
  reply.parameters["mail"] = json_of(mail);
  reply.secret = varlink::NamedSecret{std::string(varlink::kCallSecret),
                                      TRY(varlink::to_hex(TRY(bytes_of(mail.text))))};
  return reply;
}

Result<What> read_sms(const Json& json, const Secret& digits) {
  return What(TRY(sms_of(json, digits)));
}

Result<ReplyOk> reply_with(const Sms& sms) {
  TRY(check(sms));
  ReplyOk reply;
  reply.parameters["sms"] = json_of(sms);
  reply.secret =
      varlink::NamedSecret{std::string(varlink::kCallSecret), TRY(varlink::to_hex(sms.text))};
  return reply;
}

struct KindRow {
  std::string_view member;
  Result<What> (*read)(const Json& json, const Secret& digits);
};
constexpr KindRow kKinds[] = {{"mail", mail_of}, {"sms", read_sms}};

Result<What> what_of(const ReplyOk& reply) {
  if (!reply.secret) return Error(Errc::invalid_input, "secret");
  for (const KindRow& kind : kKinds) {
    const Json* json = varlink::member_of(reply.parameters, kind.member);
    if (json == nullptr) continue;
    // The id is the other one.
    if (reply.parameters.size() != 2) return Error(Errc::invalid_input, "");
    return kind.read(*json, reply.secret->text);
  }
  return Error(Errc::invalid_input, "mail");
}

// --- Errors ---

Error error_of(const ReplyError& refusal) {
  for (const ErrorRow& row : kErrors) {
    if (row.name != refusal.error) continue;
    const std::string* text = varlink::text_of(refusal.parameters, "text");
    const bool is_readable = text != nullptr && is_plain_text(*text, Newlines::refused);
    return {row.code, is_readable ? *text : "it does not say why"};
  }
  return {Errc::invalid_input, "an error that is not of this interface"};
}

ReadCall read_report(const Json& parameters) {
  Members members(&parameters, "");
  Report report;
  report.id = members.text("id");
  report.outcome = members.choice<Outcome>("outcome", kOutcomes);
  report.cause = cause_in(members);
  report.detail = members.text("detail");
  report.wait = std::chrono::seconds(members.number_or_none("wait", kMaxWait.count()));
  if (!is_message_id(report.id)) members.complain("id");
  if (!fit_together(report.outcome, report.cause)) members.complain("cause");
  if (!is_detail(report.detail)) members.complain("detail");
  if (const auto complaint = members.complaint()) return not_understood(*complaint);
  return report;
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  return name_in(kOutcomes, outcome);
}

std::string_view name_of(Cause cause) {
  return kCauses[static_cast<std::size_t>(cause)].name;
}

bool fit_together(Outcome outcome, Cause cause) {
  const auto& outcomes = kCauses[static_cast<std::size_t>(cause)].outcomes;
  return std::find(outcomes.begin(), outcomes.end(), outcome) != outcomes.end();
}

ReadCall read_call(const varlink::Call& call) {
  const bool is_report = call.method == kReportMethod;
  if (!is_report && call.method != kTakeMethod) {
    return refused("org.varlink.service.MethodNotFound", "method", call.method);
  }
  if (call.more) return not_understood("more");
  if (call.secret) return not_understood(varlink::kCallSecret);
  if (is_report) return read_report(call.parameters);
  if (!call.parameters.empty()) return not_understood("");
  return Take{};
}

Result<varlink::Reply> reply_of(const std::optional<Work>& work) {
  if (!work) return varlink::Reply(ReplyOk{});
  if (!is_message_id(work->id)) return Error(Errc::invalid_input, "id");
  ReplyOk reply = TRY(std::visit([](const auto& what) { return reply_with(what); }, work->what));
  reply.parameters["id"] = work->id;
  return varlink::Reply(std::move(reply));
}

varlink::Reply reported() {
  return ReplyOk{};
}

varlink::Reply reply_of(const Error& error) {
  const auto* row = std::find_if(std::begin(kErrors), std::end(kErrors) - 1,
                                 [&](const ErrorRow& each) { return each.code == error.code(); });
  return refused(row->name, "text", error.text());
}

varlink::Call take_call() {
  varlink::Call call;
  call.method = kTakeMethod;
  return call;
}

varlink::Call call_of(const Report& report) {
  varlink::Call call;
  call.method = kReportMethod;
  call.parameters = {{"id", report.id},
                     {"outcome", name_of(report.outcome)},
                     {"cause", name_of(report.cause)},
                     {"detail", report.detail}};
  if (report.wait.count() > 0) call.parameters["wait"] = report.wait.count();
  return call;
}

Result<Taken> read_taken(const varlink::Reply& reply) {
  if (const auto* refusal = std::get_if<ReplyError>(&reply)) return error_of(*refusal);
  const ReplyOk& ok = *std::get_if<ReplyOk>(&reply);
  if (ok.parameters.empty() && !ok.secret) return Taken();
  const std::string* id = varlink::text_of(ok.parameters, "id");
  if (id == nullptr || !is_message_id(*id)) {
    return Error(Errc::invalid_input, "an answer without a message's id");
  }
  auto what = what_of(ok);
  if (!what && what.error().code() != Errc::invalid_input) return what.error();
  if (!what) return Taken(Unsendable{*id, std::string(what.error().text())});
  return Taken(Work{*id, what.release_value()});
}

Result<void> read_reported(const varlink::Reply& reply) {
  if (const auto* refusal = std::get_if<ReplyError>(&reply)) return error_of(*refusal);
  if (!std::get_if<ReplyOk>(&reply)->parameters.empty()) {
    return Error(Errc::invalid_input, "an answer with more than was asked for");
  }
  return {};
}

}  // namespace usher::protocol::courier
