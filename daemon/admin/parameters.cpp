// One check a kind; the texts say what a parameter must be and never repeat what was given.
#include "daemon/admin/parameters.hpp"

#include <algorithm>
#include <limits>

#include "daemon/directory/account_fields.hpp"
#include "daemon/store/contacts.hpp"
#include "daemon/store/people.hpp"
#include "daemon/texts/language.hpp"
#include "protocol/courier_work.hpp"
#include "protocol/reaper_messages.hpp"

namespace usher::admin {
namespace {

using protocol::varlink::Json;

constexpr std::size_t kMaxText = 128;
constexpr std::size_t kMaxContact = 64;
constexpr std::size_t kMaxReason = 200;  // fits an audit detail with an Error's context

bool is_text(const Json& value, std::size_t least, std::size_t most) {
  const auto* text = value.get_ptr<const std::string*>();
  return text != nullptr && text->size() >= least && text->size() <= most &&
         is_plain_text(*text, Newlines::refused);
}

bool is_user_name(const Json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  return text != nullptr && UserName::parse(*text).has_value();
}

bool is_display_name(const Json& value) {
  return is_text(value, 0, kMaxText) &&
         value.get_ptr<const std::string*>()->find(':') == std::string::npos;
}

bool is_document(std::string_view text) {
  constexpr std::size_t kMaxDocument = 32 * 1024;
  return text.size() <= kMaxDocument && is_plain_text(text, Newlines::allowed);
}

bool is_alias_list(const Json& value) {
  return value.is_array() && value.size() <= directory::kMaxAliases &&
         std::all_of(value.begin(), value.end(), [](const Json& entry) {
           const auto* text = entry.get_ptr<const std::string*>();
           return text != nullptr && directory::fold_alias(*text).has_value();
         });
}

bool is_text_that(const Json& value, bool (*holds)(std::string_view text)) {
  const auto* text = value.get_ptr<const std::string*>();
  return text != nullptr && holds(*text);
}

bool is_attribute_object(const Json& value) {
  if (!value.is_object() || value.size() > directory::kMaxAttributes) return false;
  const auto items = value.items();
  return std::all_of(items.begin(), items.end(), [](const auto& item) {
    return directory::is_attribute_name(item.key()) &&
           is_text_that(item.value(), directory::is_attribute_value);
  });
}

bool is_name_list(const Json& value) {
  return value.is_array() && value.size() <= directory::kMaxAttributes &&
         std::all_of(value.begin(), value.end(), [](const Json& entry) {
           return is_text_that(entry, directory::is_attribute_name);
         });
}

bool is_request_id(std::string_view text) {
  constexpr std::size_t kFewest = 6;  // of thousands of requests, most are told apart by six
  constexpr std::size_t kWhole = 32;
  return text.size() >= kFewest && text.size() <= kWhole &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_choice_of_sessions(std::string_view text) {
  return text == "all" || text == "others" || text == "none";
}

bool is_contact_kind(std::string_view text) {
  return text == store::name_of(store::ContactKind::mail) ||
         text == store::name_of(store::ContactKind::mobile);
}

// Whether it is one is the verb's to say: of a number that depends on the country.
bool is_contact_value(std::string_view text) {
  constexpr std::size_t kMost = 254;
  return !text.empty() && text.size() <= kMost && is_plain_text(text, Newlines::refused);
}

bool is_message_state(std::string_view text) {
  return text == "queued" || text == "sent" || text == "dead";
}

bool is_language(std::string_view text) {
  const auto language = texts::language_of(text);
  return language && texts::code_of(*language) == text;
}

bool is_source(std::string_view text) {
  constexpr std::string_view kFederated = "federated:";
  if (text == store::kLocal) return true;
  return text.starts_with(kFederated) &&
         directory::is_organisation_name(text.substr(kFederated.size()));
}

struct Given {
  const Json& parameters;
  std::string_view name;

  const Json& value() const { return *protocol::varlink::member_of(parameters, name); }
  bool is_text_that(bool (*holds)(std::string_view text)) const {
    return admin::is_text_that(value(), holds);
  }
  bool is_number(std::int64_t least, std::int64_t most) const {
    const auto number = protocol::varlink::number_of(parameters, name);
    return number.has_value() && *number >= least && *number <= most;
  }
};

// A row a kind: what it is checked by, and what is said when it is not that.
struct KindRow {
  Kind kind;
  bool (*holds)(const Given& given);
  std::string_view must;
};
constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kWeek = 7 * 24 * 60 * kMinute;
constexpr KindRow kKinds[] = {
    {Kind::moment,
     [](const Given& given) {
       // Up to the year 9999.
       return given.is_number(0, 253'402'300'799'999);
     },
     "a moment is milliseconds since 1970, up to the year 9999, or 0 for never"},
    {Kind::seconds, [](const Given& given) { return given.is_number(kMinute, kWeek); },
     "a while is a number of seconds, from a minute to a week"},
    {Kind::source, [](const Given& given) { return given.is_text_that(is_source); },
     "a source is local, or federated: and the provider's name of a-z, 0-9, '.' and '-'"},
    {Kind::secret, [](const Given& given) { return is_text(given.value(), 1, 1024); },
     "it is text in hexadecimal digits"},
    {Kind::user_name, [](const Given& given) { return is_user_name(given.value()); },
     "a name starts with a-z or '_' and holds a-z, 0-9, '_', '.' and '-', at most 32"},
    {Kind::display_name, [](const Given& given) { return is_display_name(given.value()); },
     "a display name has at most 128 bytes, no ':' and no control character"},
    {Kind::reason, [](const Given& given) { return is_text(given.value(), 1, kMaxReason); },
     "a reason has 1 to 200 bytes and no control character"},
    {Kind::text, [](const Given& given) { return is_text(given.value(), 1, kMaxText); },
     "it has 1 to 128 bytes and no control character"},
    {Kind::document, [](const Given& given) { return given.is_text_that(is_document); },
     "it has at most 32 KiB, and no control character but the ends of its lines"},
    {Kind::id_number,
     [](const Given& given) {
       return given.is_number(0, std::numeric_limits<std::uint32_t>::max());
     },
     "an id is a whole number from 0 to 4294967295"},
    {Kind::home, [](const Given& given) { return given.is_text_that(directory::is_home); },
     "a home is an absolute path of at most 255 bytes without ':', '..' and control characters"},
    {Kind::shell, [](const Given& given) { return given.is_text_that(directory::is_shell); },
     "a shell is an absolute path of at most 127 bytes without ':', '..' and control characters"},
    {Kind::aliases, [](const Given& given) { return is_alias_list(given.value()); },
     "aliases are a list of at most 16 email addresses or name@organisation, in ASCII"},
    {Kind::organisation,
     [](const Given& given) { return given.is_text_that(directory::is_organisation_name); },
     "an organisation's name holds a-z, 0-9, '.' and '-', at most 64"},
    {Kind::contact, [](const Given& given) { return is_text(given.value(), 0, kMaxContact); },
     "it has at most 64 bytes and no control character"},
    {Kind::attributes, [](const Given& given) { return is_attribute_object(given.value()); },
     "attributes are names of a-z, 0-9, '_' and '-', at most 32 of them, with plain texts of 1 to "
     "256 bytes"},
    {Kind::names, [](const Given& given) { return is_name_list(given.value()); },
     "it is a list of attributes' names"},
    {Kind::mail_address,
     [](const Given& given) { return given.is_text_that(protocol::courier::is_address); },
     "a mail address is as ada@acme.example, in ASCII, without quotes"},
    {Kind::contact_kind, [](const Given& given) { return given.is_text_that(is_contact_kind); },
     "it is \"mail\" or \"mobile\""},
    {Kind::contact_value, [](const Given& given) { return given.is_text_that(is_contact_value); },
     "a contact is one line, at most 254 bytes"},
    {Kind::message_id,
     [](const Given& given) { return given.is_text_that(protocol::courier::is_message_id); },
     "a message's id has 32 hexadecimal digits"},
    {Kind::message_state, [](const Given& given) { return given.is_text_that(is_message_state); },
     "it is \"queued\", \"sent\" or \"dead\""},
    {Kind::flag, [](const Given& given) { return given.value().is_boolean(); },
     "it is true or false"},
    {Kind::sessions, [](const Given& given) { return given.is_text_that(is_choice_of_sessions); },
     "it is \"all\", \"others\" or \"none\""},
    {Kind::session,
     [](const Given& given) { return given.is_text_that(protocol::reaper::is_session_id); },
     "a session is 1 to 64 letters and digits"},
    {Kind::language, [](const Given& given) { return given.is_text_that(is_language); },
     "a language is \"en\" or \"fr\""},
    {Kind::page_size, [](const Given& given) { return given.is_number(1, kMaxPage); },
     "it is a whole number from 1 to 500"},
    {Kind::sequence,
     [](const Given& given) {
       return given.is_number(1, std::numeric_limits<std::int64_t>::max());
     },
     "it is a whole number from 1 up"},
    {Kind::position,
     [](const Given& given) {
       return given.is_number(0, std::numeric_limits<std::int64_t>::max());
     },
     "it is a whole number from 0 up"},
    {Kind::request_id, [](const Given& given) { return given.is_text_that(is_request_id); },
     "it is 6 to 32 of the digits 0 to 9 and a to f"},
};

// What the parameter must be, or empty when it is. A kind without a row is never met.
std::string_view fault_of(const Json& parameters, const Parameter& parameter) {
  for (const KindRow& row : kKinds) {
    if (row.kind == parameter.kind) {
      return row.holds({parameters, parameter.name}) ? std::string_view() : row.must;
    }
  }
  return "it is of no known kind";
}

bool is_missing(const Json& given, std::string_view name) {
  const Json* value = protocol::varlink::member_of(given, name);
  return value == nullptr || value->is_null();
}

}  // namespace

std::optional<Fault> find_fault(const Json& given, std::span<const Parameter> allowed) {
  for (const auto& [name, value] : given.items()) {
    const std::string_view wanted = name;  // a lambda cannot capture the binding itself
    const bool known =
        std::any_of(allowed.begin(), allowed.end(),
                    [wanted](const Parameter& parameter) { return parameter.name == wanted; });
    if (!known) return Fault{name, "there is no such parameter"};
  }
  for (const Parameter& parameter : allowed) {
    if (is_missing(given, parameter.name)) {
      if (parameter.need == Need::optional) continue;
      return Fault{std::string(parameter.name), "it is missing"};
    }
    const std::string_view fault = fault_of(given, parameter);
    if (!fault.empty()) return Fault{std::string(parameter.name), std::string(fault)};
  }
  return std::nullopt;
}

Result<UserName> Parameters::user_name(std::string_view name) const {
  return UserName::parse(text(name));
}

std::string Parameters::text(std::string_view name) const {
  const std::string* text = protocol::varlink::text_of(checked_, name);
  return text == nullptr ? std::string() : *text;
}

std::optional<std::string> Parameters::optional_text(std::string_view name) const {
  const std::string* text = protocol::varlink::text_of(checked_, name);
  return text == nullptr ? std::nullopt : std::optional(*text);
}

std::vector<std::string> Parameters::texts(std::string_view name) const {
  std::vector<std::string> texts;
  const Json* list = protocol::varlink::member_of(checked_, name);
  if (list == nullptr || !list->is_array()) return texts;
  for (const Json& entry : *list) {
    if (const auto* text = entry.get_ptr<const std::string*>()) texts.push_back(*text);
  }
  return texts;
}

std::vector<std::pair<std::string, std::string>> Parameters::pairs(std::string_view name) const {
  std::vector<std::pair<std::string, std::string>> pairs;
  const Json* object = protocol::varlink::member_of(checked_, name);
  if (object == nullptr || !object->is_object()) return pairs;
  for (const auto& item : object->items()) {
    if (const auto* text = item.value().get_ptr<const std::string*>()) {
      pairs.emplace_back(item.key(), *text);
    }
  }
  return pairs;
}

std::optional<std::int64_t> Parameters::number(std::string_view name) const {
  return protocol::varlink::number_of(checked_, name);
}

bool Parameters::truth(std::string_view name) const {
  return protocol::varlink::truth_of(checked_, name);
}

}  // namespace usher::admin
