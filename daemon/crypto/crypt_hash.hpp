// The one wrapper of libcrypt: hashes that came out of a shadow file (crypt(5)), verified until the
// next right password is hashed anew. Never makes one.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace usher::crypto {

// True for the forms of crypt(5) that may be adopted: yescrypt, gost-yescrypt, scrypt, bcrypt,
// SHA-512, SHA-256, SHA-1 and MD5, whose cost is bounded: what comes from a file must not hold a
// sign-in for minutes. Not DES and its kin, which look at eight characters only, nor the NT hash.
bool is_crypt_hash(std::string_view hash);

// False: the password is another one. Error: not a crypt hash as above, or no memory.
Result<bool> verify_crypt_hash(const Secret& password, const std::string& hash);

}  // namespace usher::crypto
