// One rule a field, in one table; the first that is broken is named.
#include "protocol/courier_sms.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "protocol/courier_template.hpp"
#include "protocol/courier_work.hpp"
#include "protocol/varlink_json.hpp"

namespace usher::protocol::courier {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter_or_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_made_of(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter_or_digit(c) || others.find(c) != std::string_view::npos;
  });
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string low(text);
  std::transform(low.begin(), low.end(), low.begin(), [](char c) { return lower(c); });
  return low;
}

// --- Templates ---

// A template as it would be with something put in that means nothing anywhere.
std::string filled(std::string_view text) {
  std::string all;
  while (!text.empty()) {
    const auto piece = take_piece(text);
    if (!piece) return {};
    all += piece->literal;
    if (piece->value) all += 'x';
  }
  return all;
}

// RFC 3986 section 2: what may stand in a query as it is, or in a form.
bool is_url_text(std::string_view text) {
  return is_made_of(text, "-._~!$&'()*+,;=:@%/?");
}

bool is_port(std::string_view text) {
  constexpr std::size_t kMostDigits = 5;
  constexpr int kLast = 65535;
  if (text.empty() || text.size() > kMostDigits || !std::all_of(text.begin(), text.end(), is_digit))
    return false;
  const int port = std::stoi(std::string(text));
  return port > 0 && port <= kLast;
}

// The host stands as it is: no value says where a message goes.
bool is_url(std::string_view url) {
  constexpr std::string_view kScheme = "https://";
  if (url.size() > kMaxGatewayUrl || !url.starts_with(kScheme)) return false;
  if (!check_names(url, Place::url) || !is_url_text(filled(url))) return false;
  url.remove_prefix(kScheme.size());
  const std::size_t slash = url.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view authority = url.substr(0, slash);
  const std::size_t colon = authority.find(':');
  const bool has_port = colon != std::string_view::npos;
  return is_host(authority.substr(0, colon)) && (!has_port || is_port(authority.substr(colon + 1)));
}

// Those that say how long a request is and where it goes are the library's, others a signature's.
bool is_ours(std::string_view name) {
  constexpr std::string_view kNames[] = {"host",       "content-length", "content-type",
                                         "connection", "expect",         "transfer-encoding",
                                         "te",         "trailer",        "upgrade"};
  constexpr std::string_view kBeginnings[] = {"proxy-", "x-ovh-", "x-usher-"};
  const std::string low = lower(name);
  return std::find(std::begin(kNames), std::end(kNames), low) != std::end(kNames) ||
         std::any_of(std::begin(kBeginnings), std::end(kBeginnings),
                     [&](std::string_view beginning) { return low.starts_with(beginning); });
}

bool is_header(const Gateway& gateway, std::string_view header) {
  const std::size_t colon = header.find(": ");
  if (header.size() > kMaxGatewayHeader || colon == 0 || colon == std::string_view::npos) {
    return false;
  }
  const std::string_view name = header.substr(0, colon);
  const std::string_view value = header.substr(colon + 2);
  const bool says_who = lower(name) == "authorization" && gateway.login != GatewayLogin::none;
  return is_made_of(name, "-_") && !is_ours(name) && !says_who && !value.empty() &&
         value.front() != ' ' && check_names(value, Place::header) && is_printable(value) &&
         filled(value).find_first_of("{}") == std::string::npos;
}

bool are_headers(const Gateway& gateway) {
  return gateway.headers.size() <= kMaxGatewayHeaders &&
         std::all_of(gateway.headers.begin(), gateway.headers.end(),
                     [&](const std::string& header) { return is_header(gateway, header); });
}

// A value stands where it can be escaped: in a form anywhere, in JSON between quotes.
bool is_body(const Gateway& gateway) {
  const std::string& body = gateway.body;
  if (body.size() > kMaxGatewayBody) return false;
  switch (gateway.form) {
    case BodyForm::none:
      return body.empty();
    case BodyForm::form:
      return !body.empty() && check_names(body, Place::form) && is_url_text(filled(body));
    case BodyForm::json:
      return !body.empty() && check_names(body, Place::json) &&
             is_plain_text(body, Newlines::allowed) && varlink::parse_object(filled(body));
  }
  return false;
}

bool is_used(const Gateway& gateway, Placeholder placeholder) {
  return uses(gateway.url, placeholder) || uses(gateway.body, placeholder) ||
         std::any_of(gateway.headers.begin(), gateway.headers.end(),
                     [&](const std::string& header) { return uses(header, placeholder); });
}

bool says_what_and_to_whom(const Gateway& gateway) {
  const bool says_to_whom =
      is_used(gateway, Placeholder::to) || is_used(gateway, Placeholder::to_digits);
  return says_to_whom && is_used(gateway, Placeholder::text);
}

// What signs is not said beside the signature.
bool is_signature(const Gateway& gateway) {
  return gateway.signature == Signature::none ||
         (gateway.login == GatewayLogin::none && !is_used(gateway, Placeholder::key));
}

// --- Answers ---

bool is_pointer(std::string_view text) {
  return text.size() <= kMaxPointer && is_printable(text) && (text.empty() || text.front() == '/');
}

bool is_match(const Match& match) {
  return is_pointer(match.pointer) && match.values.size() <= kMaxValues &&
         (!match.pointer.empty() || match.values.empty()) &&
         std::all_of(match.values.begin(), match.values.end(), [](const std::string& value) {
           return value.size() <= kMaxValue && is_printable(value);
         });
}

bool are_statuses(const std::vector<std::int64_t>& statuses) {
  constexpr std::int64_t kFirst = 200;
  constexpr std::int64_t kBehindLast = 300;
  return !statuses.empty() && statuses.size() <= kMaxValues &&
         std::all_of(statuses.begin(), statuses.end(),
                     [](std::int64_t status) { return status >= kFirst && status < kBehindLast; });
}

bool is_ca_file(std::string_view path) {
  return path.empty() || (path.front() == '/' && path.size() <= kMaxCaFile &&
                          is_plain_text(path, Newlines::refused));
}

// --- Who we are there ---

bool is_account_of(const Gateway& gateway) {
  const bool is_needed =
      gateway.login != GatewayLogin::none || is_used(gateway, Placeholder::account);
  return gateway.account.empty() ? !is_needed : is_account(gateway.account);
}

bool is_from_of(const Gateway& gateway) {
  return gateway.from.empty() ? !is_used(gateway, Placeholder::from) : is_sms_sender(gateway.from);
}

template <typename Subject>
struct Rule {
  std::string_view field;
  bool (*holds)(const Subject& subject);
};
constexpr Rule<Gateway> kGatewayRules[] = {
    {"url", [](const Gateway& gateway) { return is_url(gateway.url); }},
    {"headers", are_headers},
    {"form",
     [](const Gateway& gateway) {
       return gateway.method != Method::get || gateway.form == BodyForm::none;
     }},
    {"body", is_body},
    {"template", says_what_and_to_whom},
    {"signature", is_signature},
    {"statuses", [](const Gateway& gateway) { return are_statuses(gateway.statuses); }},
    {"sent", [](const Gateway& gateway) { return is_match(gateway.sent); }},
    {"bad_number", [](const Gateway& gateway) { return is_match(gateway.bad_number); }},
    {"ca_file", [](const Gateway& gateway) { return is_ca_file(gateway.ca_file); }},
    {"account", is_account_of},
    {"from", is_from_of},
};
constexpr Rule<Sms> kSmsRules[] = {
    {"to", [](const Sms& sms) { return is_phone_number(sms.to); }},
    {"reference", [](const Sms& sms) { return is_message_id(sms.reference); }},
    {"date", [](const Sms& sms) { return sms.date >= 0 && sms.date <= kLastDate; }},
    {"text",
     [](const Sms& sms) {
       return !sms.text.empty() && sms.text.size() <= kMaxSmsText &&
              is_plain_text(sms.text.view(), Newlines::allowed);
     }},
};

template <typename Subject, std::size_t kCount>
Result<void> check_rules(const Rule<Subject> (&rules)[kCount], const Subject& subject) {
  for (const Rule<Subject>& rule : rules) {
    if (!rule.holds(subject)) return Error(Errc::invalid_input, rule.field);
  }
  return {};
}

}  // namespace

bool is_phone_number(std::string_view text) {
  constexpr std::size_t kLeast = 8;
  constexpr std::size_t kMost = 16;
  return text.size() >= kLeast && text.size() <= kMost && text[0] == '+' && text[1] != '0' &&
         std::all_of(text.begin() + 1, text.end(), is_digit);
}

bool is_sms_sender(std::string_view text) {
  return !text.empty() && text.size() <= kMaxSmsSender && text.front() != ' ' &&
         text.back() != ' ' && is_made_of(text, " +-._");
}

bool is_account(std::string_view text) {
  return !text.empty() && text.size() <= kMaxAccount && is_made_of(text, "-._");
}

Result<void> check(const Gateway& gateway) {
  return check_rules(kGatewayRules, gateway);
}

Result<void> check(const Sms& sms) {
  TRY(check_rules(kGatewayRules, sms.gateway));
  return check_rules(kSmsRules, sms);
}

}  // namespace usher::protocol::courier
