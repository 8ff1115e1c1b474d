// Other names for one person: a mail address, or name@organisation. The file holds only digests of
// them, so that nobody reads addresses out of it; who guesses one can still check the guess.
#pragma once

#include <string_view>

#include "published/siphash.hpp"

namespace usher::published {

// RFC 5321 4.5.3.1.3: a path has at most 256 bytes, two of them the angle brackets.
inline constexpr std::size_t kMaxAlias = 254;

using AliasDigest = SipDigest;

// Text with one '@' inside it. Anything else is a name or nothing: the two can never be mistaken.
bool is_alias(std::string_view text);

// The digest of the folded alias: A-Z are a-z, other letters stay as they are, because which of
// them are the same depends on a language. Only for what is_alias().
AliasDigest digest_of_alias(const SipKey& salt, std::string_view alias);

}  // namespace usher::published
