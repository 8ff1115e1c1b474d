// One row a key. What a field may be is usher-courier's contract; here are the words for it.
#include "daemon/config_gateway.hpp"

#include <algorithm>
#include <array>

#include "daemon/config_values.hpp"

namespace usher::daemon {
namespace {

using protocol::courier::BodyForm;
using protocol::courier::Gateway;
using protocol::courier::GatewayLogin;
using protocol::courier::Method;
using protocol::courier::Signature;
using Node = toml::node;

template <typename Enum>
Complaint read_choice(const Node& node, std::span<const std::string_view> names, Enum& target) {
  const auto given = node.value_exact<std::string>();
  const auto row = given ? std::find(names.begin(), names.end(), *given) : names.end();
  if (row == names.end()) return fmt::format("must be one of \"{}\"", fmt::join(names, "\" \""));
  target = static_cast<Enum>(row - names.begin());
  return std::nullopt;
}

Complaint read_text(const Node& node, std::string& target) {
  const auto text = node.value_exact<std::string>();
  if (!text) return "must be a text in quotes";
  target = *text;
  return std::nullopt;
}

template <typename Item>
Complaint read_list(const Node& node, std::vector<Item>& target, const char* must) {
  const toml::array* list = node.as_array();
  if (list == nullptr) return must;
  target.clear();
  for (const Node& entry : *list) {
    const auto item = entry.value_exact<Item>();
    if (!item) return must;
    target.push_back(*item);
  }
  return std::nullopt;
}

constexpr const char* kTexts = "must be a list of texts in quotes";

constexpr std::array kKeys{
    Key<Gateway>{"method",
                 [](const Node& n, Gateway& g) {
                   return read_choice(n, protocol::courier::kMethods, g.method);
                 }},
    Key<Gateway>{"url", [](const Node& n, Gateway& g) { return read_text(n, g.url); }},
    Key<Gateway>{"headers",
                 [](const Node& n, Gateway& g) { return read_list(n, g.headers, kTexts); }},
    Key<Gateway>{"form",
                 [](const Node& n, Gateway& g) {
                   return read_choice(n, protocol::courier::kBodyForms, g.form);
                 }},
    Key<Gateway>{"body", [](const Node& n, Gateway& g) { return read_text(n, g.body); }},
    Key<Gateway>{"login",
                 [](const Node& n, Gateway& g) {
                   return read_choice(n, protocol::courier::kGatewayLogins, g.login);
                 }},
    Key<Gateway>{"signature",
                 [](const Node& n, Gateway& g) {
                   return read_choice(n, protocol::courier::kSignatures, g.signature);
                 }},
    Key<Gateway>{"success",
                 [](const Node& n, Gateway& g) {
                   return read_list(n, g.statuses, "must be a list of numbers from 200 to 299");
                 }},
    Key<Gateway>{"sent", [](const Node& n, Gateway& g) { return read_text(n, g.sent.pointer); }},
    Key<Gateway>{"sent_values",
                 [](const Node& n, Gateway& g) { return read_list(n, g.sent.values, kTexts); }},
    Key<Gateway>{"bad_number",
                 [](const Node& n, Gateway& g) { return read_text(n, g.bad_number.pointer); }},
    Key<Gateway>{
        "bad_number_values",
        [](const Node& n, Gateway& g) { return read_list(n, g.bad_number.values, kTexts); }},
    Key<Gateway>{"ca_file", [](const Node& n, Gateway& g) { return read_text(n, g.ca_file); }},
};

// The keys behind the fields that check() names.
struct FieldRow {
  std::string_view field, key, must;
};
constexpr FieldRow kFields[] = {
    {"url", "url",
     "must begin with https://, a host and a slash, and hold no {key}, no space and no name in "
     "braces that is not known"},
    {"headers", "headers",
     "must be at most 8 of \"Name: value\"; Host, Content-Type, the length, X-Ovh-, X-Usher- and, "
     "with a login, Authorization are made by usher-courier; {text} cannot stand there"},
    {"form", "form", "must be \"none\" with the method GET"},
    {"body", "body",
     "must be what form says: an object of JSON whose names in braces stand between quotes, "
     "name=value&name=value, or nothing"},
    {"template", "body", "or url must say {text}, and {to} or {to_digits}"},
    {"signature", "signature", "goes with login \"none\", and without {key}"},
    {"statuses", "success", "must be 1 to 16 numbers from 200 to 299"},
    {"sent", "sent", "must be a pointer such as \"/id\" (RFC 6901), with at most 16 sent_values"},
    {"bad_number", "bad_number",
     "must be a pointer such as \"/code\" (RFC 6901), with at most 16 bad_number_values"},
    {"ca_file", "ca_file", "must be an absolute path"},
};

Error complaint_of(const Error& error, std::string_view file, const toml::table& root) {
  for (const FieldRow& row : kFields) {
    if (row.field != error.text()) continue;
    const Node* node = root.get(row.key);
    const std::size_t line = node != nullptr ? node->source().begin.line : 1;
    return {Errc::invalid_input, fmt::format("{}:{}: {} {}", file, line, row.key, row.must)};
  }
  return error.in(file);
}

}  // namespace

Result<Gateway> parse_gateway(std::string_view toml, std::string_view file) {
  const toml::table root = TRY(parse_toml(toml, file));
  Gateway gateway;
  for (const auto& [key, node] : root) {
    TRY(read_key<Gateway>(file, std::string(key.str()), node, kKeys, gateway));
  }
  gateway.account = gateway.from = "any";
  const auto checked = check(gateway);
  if (!checked) return complaint_of(checked.error(), file, root);
  gateway.account = gateway.from = "";
  return gateway;
}

Result<Gateway> load_gateway(const std::string& path) {
  return parse_gateway(TRY(read_config_file(path)), path);
}

}  // namespace usher::daemon
