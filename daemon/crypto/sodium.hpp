// The one wrapper of libsodium: Argon2id (RFC 9106), XChaCha20-Poly1305, HMAC-SHA-256 (RFC 2104),
// SHA-256, random bytes and locked memory. Nothing here knows what the bytes mean.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "daemon/ports/entropy.hpp"

namespace usher::crypto {

// Once, before any other call; safe to call again.
Result<void> initialise();

// --- Passwords ---
struct HashCost {
  std::uint64_t passes = 2;         // t
  std::size_t memory_kib = 19'456;  // m; 19 MiB, OWASP Password Storage Cheat Sheet
  friend bool operator==(HashCost, HashCost) = default;
};
// A PHC string, "$argon2id$v=19$m=..,t=..,p=1$..". Takes `memory_kib` of memory while it runs.
Result<std::string> hash_password(const Secret& password, HashCost cost);
// False: the password is another one. Error: the string is no Argon2id PHC string, or no memory.
Result<bool> verify_password(const Secret& password, const std::string& phc);
// True when the string was made at another cost and should be renewed at the next right password.
bool needs_rehash(const std::string& phc, HashCost cost);

// --- Keys in locked memory (guard pages, not in core dumps, wiped at the end) ---
inline constexpr std::size_t kKeyBytes = 32;
class LockedKey {
 public:
  // Takes over 32 bytes; the source stays the caller's to wipe.
  static Result<LockedKey> copy(std::span<const char> bytes);
  // BLAKE2b subkey (crypto_kdf): eight characters of context, one number a purpose.
  Result<LockedKey> derive(std::string_view context, std::uint64_t number) const;

  LockedKey(LockedKey&& other) noexcept;
  LockedKey& operator=(LockedKey&&) = delete;
  ~LockedKey();
  const unsigned char* bytes() const { return bytes_; }

 private:
  LockedKey() = default;
  unsigned char* bytes_ = nullptr;
};

// --- Authenticated encryption: nonce (24 random bytes) and ciphertext with its tag ---
Result<std::string> encrypt(const LockedKey& key, std::string_view plain,
                            std::string_view bound_to);
// Errc::damaged when the key, the binding or a byte is not the one it was encrypted with.
Result<Secret> decrypt(const LockedKey& key, std::string_view sealed, std::string_view bound_to);

// --- Digests ---
inline constexpr std::size_t kDigestBytes = 32;
std::string keyed_digest(const LockedKey& key, std::string_view text);  // HMAC-SHA-256
std::string digest(std::string_view text);                              // SHA-256
std::string to_hex(std::string_view bytes);
// 128 random bits as 32 hex digits: names a request, a person, a factor.
std::string random_id(ports::Entropy& entropy);

class SodiumEntropy final : public ports::Entropy {
 public:
  void fill(std::span<char> bytes) override;
};

}  // namespace usher::crypto
