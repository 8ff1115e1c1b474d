// The parameters of an admin call: checked against the gate's table before a handler runs, so that
// a handler reads what is there and never looks at its type.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "protocol/varlink_json.hpp"

namespace usher::admin {

enum class Kind : std::uint8_t {
  user_name,      // UserName::parse
  display_name,   // plain text of at most 128 bytes, without ':' (it will stand in passwd entries)
  reason,         // plain text of 1 to 200 bytes
  text,           // plain text of 1 to 128 bytes
  document,       // plain text of several lines, at most 32 KiB
  id_number,      // a uid or gid, 0 to 2^32-1; the store knows the ranges
  home,           // directory::is_home
  shell,          // directory::is_shell
  aliases,        // a list of at most directory::kMaxAliases that fold_alias() takes
  organisation,   // directory::is_organisation_name
  contact,        // plain text of at most 64 bytes, may be empty
  attributes,     // an object of names and texts
  names,          // a list of attributes' names
  flag,           // true or false
  sessions,       // "all", "others" or "none"
  session,        // protocol::reaper::is_session_id
  language,       // texts::code_of: "en", "fr"
  page_size,      // 1 to kMaxPage
  sequence,       // 1 and up
  position,       // 0 and up
  request_id,     // the beginning of one: 6 to 32 hex digits
  mail_address,   // protocol::courier::is_address
  contact_kind,   // "mail" or "mobile"
  contact_value,  // one line; whether it is an address or a number is the verb's to say
  message_id,     // protocol::courier::is_message_id
  message_state,  // "queued", "sent" or "dead"
  moment,         // milliseconds since the epoch, or 0 for never
  seconds,        // a minute to a week
  source,         // "local" or "federated:NAME"
  secret,         // of the call, cut out of its frame before it was parsed
};

enum class Need : std::uint8_t { required, optional };

struct Parameter {
  std::string_view name;
  Kind kind = Kind::text;
  Need need = Need::required;
};

inline constexpr std::int64_t kDefaultPage = 100;
inline constexpr std::int64_t kMaxPage = 500;

struct Fault {
  std::string parameter;
  std::string text;  // what it must be
};

// None: every parameter is allowed and of its kind, and no required one is missing. A null stands
// for a missing one.
std::optional<Fault> find_fault(const protocol::varlink::Json& given,
                                std::span<const Parameter> allowed);

// Reads what find_fault() has passed.
class Parameters {
 public:
  explicit Parameters(const protocol::varlink::Json& checked) : checked_(checked) {}

  Result<UserName> user_name(std::string_view name) const;
  // Empty when it is missing.
  std::string text(std::string_view name) const;
  // None when it is missing.
  std::optional<std::string> optional_text(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;
  // An object's members, all of them texts.
  std::vector<std::pair<std::string, std::string>> pairs(std::string_view name) const;
  std::optional<std::int64_t> number(std::string_view name) const;
  bool truth(std::string_view name) const;  // false also when it is missing

 private:
  const protocol::varlink::Json& checked_;
};

}  // namespace usher::admin
