// The wrapper of libsodium, and the only file that includes its header. It never logs, never keeps
// a password, and never turns a failure of the library into "wrong password".
#include "daemon/crypto/sodium.hpp"

#include <sodium.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace usher::crypto {
namespace {

static_assert(kKeyBytes == crypto_kdf_KEYBYTES);
static_assert(kKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(kDigestBytes == crypto_auth_hmacsha256_BYTES);
static_assert(kDigestBytes == crypto_hash_sha256_BYTES);

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* bytes_of(std::string_view text) {
  // An empty view may hold a null pointer, which the library's prototypes forbid.
  return reinterpret_cast<const unsigned char*>(text.empty() ? "" : text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
const char* characters_of(const Secret& secret) {
  return secret.empty() ? "" : secret.view().data();
}

// The library reads the string up to its NUL, so one inside would hide what follows.
bool is_argon2id(const std::string& phc) {
  if (!phc.starts_with(crypto_pwhash_argon2id_STRPREFIX)) return false;
  if (phc.size() >= crypto_pwhash_STRBYTES || phc.find('\0') != std::string::npos) return false;
  // -1: it does not parse. The cost asked for is of no interest here.
  return crypto_pwhash_argon2id_str_needs_rehash(phc.c_str(), crypto_pwhash_argon2id_OPSLIMIT_MIN,
                                                 crypto_pwhash_argon2id_MEMLIMIT_MIN) != -1;
}

}  // namespace

Result<void> initialise() {
  // 0: done now, 1: was done before.
  if (sodium_init() < 0) return Error(Errc::internal, "libsodium could not be initialised");
  return {};
}

Result<std::string> hash_password(const Secret& password, HashCost cost) {
  const std::size_t memory = cost.memory_kib * 1024;
  if (cost.passes < crypto_pwhash_argon2id_OPSLIMIT_MIN ||
      cost.passes > crypto_pwhash_argon2id_OPSLIMIT_MAX ||
      cost.memory_kib > crypto_pwhash_argon2id_MEMLIMIT_MAX / 1024 ||
      memory < crypto_pwhash_argon2id_MEMLIMIT_MIN) {
    return Error(Errc::invalid_input, "the password hash's cost is out of range");
  }
  std::string phc(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str_alg(phc.data(), characters_of(password), password.size(), cost.passes,
                            memory, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return Error(Errc::exhausted, "no memory to hash a password");
  }
  phc.resize(std::strlen(phc.c_str()));
  return phc;
}

Result<bool> verify_password(const Secret& password, const std::string& phc) {
  if (!is_argon2id(phc)) return Error(Errc::damaged, "a stored hash is no Argon2id PHC string");
  errno = 0;
  if (crypto_pwhash_argon2id_str_verify(phc.c_str(), characters_of(password), password.size()) ==
      0) {
    return true;
  }
  // The library answers -1 for everything; only a mismatch sets EINVAL. The string parsed above, so
  // what is left is memory.
  if (errno == EINVAL) return false;
  return Error(Errc::exhausted, "no memory to verify a password");
}

bool needs_rehash(const std::string& phc, HashCost cost) {
  if (!is_argon2id(phc)) return true;
  return crypto_pwhash_argon2id_str_needs_rehash(phc.c_str(), cost.passes,
                                                 cost.memory_kib * 1024) != 0;
}

Result<LockedKey> LockedKey::copy(std::span<const char> bytes) {
  if (bytes.size() != kKeyBytes) return Error(Errc::invalid_input, "a key is not 32 bytes long");
  LockedKey key;
  key.bytes_ = static_cast<unsigned char*>(sodium_malloc(kKeyBytes));
  if (key.bytes_ == nullptr) return Error(Errc::exhausted, "no locked memory for a key");
  std::memcpy(key.bytes_, bytes.data(), kKeyBytes);
  if (sodium_mprotect_readonly(key.bytes_) != 0) {
    return system_error("protecting a key's memory");
  }
  return key;
}

Result<LockedKey> LockedKey::derive(std::string_view context, std::uint64_t number) const {
  if (context.size() != crypto_kdf_CONTEXTBYTES) {
    return Error(Errc::invalid_input, "a subkey's context is not eight characters long");
  }
  LockedKey key;
  key.bytes_ = static_cast<unsigned char*>(sodium_malloc(kKeyBytes));
  if (key.bytes_ == nullptr) return Error(Errc::exhausted, "no locked memory for a subkey");
  if (crypto_kdf_derive_from_key(key.bytes_, kKeyBytes, number, context.data(), bytes_) != 0) {
    return Error(Errc::internal, "a subkey could not be derived");
  }
  if (sodium_mprotect_readonly(key.bytes_) != 0) {
    return system_error("protecting a subkey's memory");
  }
  return key;
}

LockedKey::LockedKey(LockedKey&& other) noexcept : bytes_(std::exchange(other.bytes_, nullptr)) {}

// sodium_free makes the pages writable again and wipes them.
LockedKey::~LockedKey() {
  sodium_free(bytes_);
}

Result<std::string> encrypt(const LockedKey& key, std::string_view plain,
                            std::string_view bound_to) {
  std::string sealed(kNonceBytes + plain.size() + kTagBytes, '\0');
  unsigned char* const nonce = bytes_of(sealed);
  randombytes_buf(nonce, kNonceBytes);
  unsigned long long written = 0;
  if (crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + kNonceBytes, &written, bytes_of(plain),
                                                 plain.size(), bytes_of(bound_to), bound_to.size(),
                                                 nullptr, nonce, key.bytes()) != 0) {
    return Error(Errc::internal, "a value could not be encrypted");
  }
  sealed.resize(kNonceBytes + written);
  return sealed;
}

Result<Secret> decrypt(const LockedKey& key, std::string_view sealed, std::string_view bound_to) {
  const auto refused = Error(Errc::damaged, "a sealed value does not open with this key here");
  if (sealed.size() < kNonceBytes + kTagBytes) return refused;
  const std::string_view nonce = sealed.substr(0, kNonceBytes);
  const std::string_view body = sealed.substr(kNonceBytes);
  Secret plain = TRY(Secret::zeroed(body.size() - kTagBytes));
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          reinterpret_cast<unsigned char*>(plain.writable().data()), nullptr, nullptr,
          bytes_of(body), body.size(), bytes_of(bound_to), bound_to.size(), bytes_of(nonce),
          key.bytes()) != 0) {
    return refused;
  }
  return plain;
}

std::string keyed_digest(const LockedKey& key, std::string_view text) {
  std::string out(kDigestBytes, '\0');
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key.bytes(), kKeyBytes);
  crypto_auth_hmacsha256_update(&state, bytes_of(text), text.size());
  crypto_auth_hmacsha256_final(&state, bytes_of(out));
  wipe(&state, sizeof state);  // it holds the padded key
  return out;
}

std::string digest(std::string_view text) {
  std::string out(kDigestBytes, '\0');
  crypto_hash_sha256(bytes_of(out), bytes_of(text), text.size());
  return out;
}

std::string to_hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex.push_back(kDigits[byte >> 4U]);
    hex.push_back(kDigits[byte & 0x0FU]);
  }
  return hex;
}

std::string random_id(ports::Entropy& entropy) {
  std::array<char, 16> bytes{};
  entropy.fill(bytes);
  return to_hex({bytes.data(), bytes.size()});
}

void SodiumEntropy::fill(std::span<char> bytes) {
  randombytes_buf(bytes.data(), bytes.size());
}

}  // namespace usher::crypto
