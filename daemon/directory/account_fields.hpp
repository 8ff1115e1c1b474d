// What may stand in the fields of an account: homes, shells and aliases, as other programs will
// read them out of passwd entries; and the names beside them. Pure: reads no file and decides
// nothing about people.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace usher::directory {

inline constexpr std::size_t kMaxHome = 255;
// What login(1) and su still put whole into one argument; far above any real shell's path.
inline constexpr std::size_t kMaxShell = 127;
inline constexpr std::size_t kMaxAlias = 254;  // RFC 5321 section 4.5.3.1.3, without the brackets
inline constexpr std::size_t kMaxAliases = 16;
inline constexpr std::size_t kMaxOrganisationName = 64;
inline constexpr std::size_t kMaxAttributes = 32;

// An absolute path in valid UTF-8 without ':', control characters or a component "..".
bool is_home(std::string_view text);
bool is_shell(std::string_view text);

// What may stand behind the @ of name@organisation, lower case.
bool is_organisation_name(std::string_view text);
// Of a-z, 0-9, '_' and '-', at most 32, a letter first; and a plain text of 1 to 256 bytes.
bool is_attribute_name(std::string_view text);
bool is_attribute_value(std::string_view text);

// An email address or name@organisation, in ASCII, with its upper-case letters folded.
// Errc::invalid_input when it is none.
Result<std::string> fold_alias(std::string_view text);

}  // namespace usher::directory
