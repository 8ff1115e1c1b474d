// Strict JSON for Varlink: one object, shallow, no key twice, nothing after it. The only place
// that calls the JSON library's parser and printer; what it throws ends here.
// Never for secrets: a JSON tree copies its strings and does not wipe them.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace usher::protocol::varlink {

using Json = nlohmann::json;

// Objects and arrays inside one another; the outermost object is the first.
inline constexpr std::size_t kMaxDepth = 8;

// Errc::invalid_input: not one JSON object of at most kMaxDepth levels in valid UTF-8 (RFC 8259),
// or a key stands twice in one object. The depth is refused where it is reached: nothing recurses.
Result<Json> parse_object(std::string_view text);

enum class BadText : std::uint8_t {
  refused,   // Errc::invalid_input: what we ask must be exactly what was meant
  replaced,  // U+FFFD: one damaged text must not hide a whole answer
};
Result<std::string> to_text(const Json& json, BadText bad_text);

// The member's text, number or truth; null when it is missing or of another type.
const std::string* text_of(const Json& object, std::string_view member);
const Json* member_of(const Json& object, std::string_view member);
// Also none when the number is not whole or does not fit.
std::optional<std::int64_t> number_of(const Json& object, std::string_view member);
// False also when it is missing.
bool truth_of(const Json& object, std::string_view member);

}  // namespace usher::protocol::varlink
