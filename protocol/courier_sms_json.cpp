// What is empty is not there.
#include "protocol/courier_sms_json.hpp"

#include "protocol/courier_members.hpp"
#include "protocol/courier_work.hpp"
#include "protocol/varlink.hpp"

namespace usher::protocol::courier {
namespace {

Json json_of(const Match& match) {
  Json json = {{"pointer", match.pointer}};
  if (!match.values.empty()) json["values"] = match.values;
  return json;
}

Json json_of(const Gateway& gateway) {
  Json json = {{"method", name_in(kMethods, gateway.method)},
               {"url", gateway.url},
               {"form", name_in(kBodyForms, gateway.form)},
               {"login", name_in(kGatewayLogins, gateway.login)},
               {"signature", name_in(kSignatures, gateway.signature)},
               {"statuses", gateway.statuses}};
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) json[name] = text;
  };
  add("body", gateway.body);
  add("ca_file", gateway.ca_file);
  add("account", gateway.account);
  add("from", gateway.from);
  if (!gateway.headers.empty()) json["headers"] = gateway.headers;
  if (!gateway.sent.pointer.empty()) json["sent"] = json_of(gateway.sent);
  if (!gateway.bad_number.pointer.empty()) json["bad_number"] = json_of(gateway.bad_number);
  return json;
}

Result<Match> match_of(const Json* json, std::string_view member) {
  if (json == nullptr) return Match();
  Members members(json, member);
  Match match;
  match.pointer = members.text("pointer");
  match.values = members.list_or_none<std::string>("values", kMaxValues);
  if (members.complaint()) return Error(Errc::invalid_input, member);
  return match;
}

Result<Gateway> gateway_of(const Json* json) {
  Members members(json, "gateway");
  Gateway gateway;
  gateway.method = members.choice<Method>("method", kMethods);
  gateway.url = members.text("url");
  gateway.headers = members.list_or_none<std::string>("headers", kMaxGatewayHeaders);
  gateway.form = members.choice<BodyForm>("form", kBodyForms);
  gateway.body = members.text_or_none("body");
  gateway.login = members.choice<GatewayLogin>("login", kGatewayLogins);
  gateway.signature = members.choice<Signature>("signature", kSignatures);
  gateway.statuses = members.list_or_none<std::int64_t>("statuses", kMaxValues);
  gateway.sent = TRY(match_of(members.object("sent"), "sent"));
  gateway.bad_number = TRY(match_of(members.object("bad_number"), "bad_number"));
  gateway.ca_file = members.text_or_none("ca_file");
  gateway.account = members.text_or_none("account");
  gateway.from = members.text_or_none("from");
  if (const auto complaint = members.complaint()) return Error(Errc::invalid_input, *complaint);
  return gateway;
}

}  // namespace

Json json_of(const Sms& sms) {
  return {{"gateway", json_of(sms.gateway)},
          {"to", sms.to},
          {"reference", sms.reference},
          {"date", sms.date}};
}

Result<Sms> sms_of(const Json& json, const Secret& digits) {
  Members members(&json, "sms");
  Sms sms;
  sms.gateway = TRY(gateway_of(members.object("gateway")));
  sms.to = members.text("to");
  sms.reference = members.text("reference");
  sms.date = members.number("date", kLastDate);
  if (const auto complaint = members.complaint()) return Error(Errc::invalid_input, *complaint);
  sms.text = TRY(varlink::from_hex(digits));
  TRY(check(sms));
  return sms;
}

}  // namespace usher::protocol::courier
