// The one wrapper of OpenSSL's digests: what gateways want requests signed by.
#pragma once

#include <string_view>

#include "base/secret.hpp"

namespace usher::courier {

// In hexadecimal digits, lower case.
// RFC 2104 with SHA-256.
Result<Secret> hmac_sha256(std::string_view key, std::string_view bytes);
// FIPS 180-4. Broken for what somebody else could choose; OVH wants it.
Result<Secret> sha1(std::string_view bytes);

}  // namespace usher::courier
