// One call each, no context of ours.
#include "courier/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "courier/filler.hpp"

namespace usher::courier {
namespace {

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

Result<Secret> hex(const Digest& digest, unsigned size) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  Secret digits = TRY(Secret::zeroed(std::size_t{2} * size));
  Filler filler(digits);
  for (unsigned i = 0; i < size; ++i) {
    filler.put(kDigits[digest[i] >> 4U]);
    filler.put(kDigits[digest[i] & 15U]);
  }
  filler.end();
  return digits;
}

}  // namespace

Result<Secret> hmac_sha256(std::string_view key, std::string_view bytes) {
  Digest digest{};
  unsigned size = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  if (::HMAC(::EVP_sha256(), key.data(), static_cast<int>(key.size()), data, bytes.size(),
             digest.data(), &size) == nullptr) {
    return Error(Errc::internal, "HMAC-SHA-256 failed");
  }
  return hex(digest, size);
}

Result<Secret> sha1(std::string_view bytes) {
  Digest digest{};
  unsigned size = 0;
  if (::EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, ::EVP_sha1(), nullptr) != 1) {
    return Error(Errc::internal, "SHA-1 failed: does this machine forbid it?");
  }
  return hex(digest, size);
}

}  // namespace usher::courier
