// Sealing what the store must not show: seeds under one subkey, one-time codes as keyed digests
// under another, and for the moment under a third. Every sealed value is bound to its table, column
// and row, so that a value moved to another person or column does not open. Holds keys; never
// touches the store.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "daemon/crypto/sodium.hpp"

namespace usher::crypto {

// Where a sealed value stands. The key's id is added by the sealer.
struct Place {
  std::string_view table;
  std::string_view column;
  std::string_view row;  // a stable identity, e.g. the factor's uuid
};

class Sealer {
 public:
  static Result<Sealer> from_master(const LockedKey& master);

  // key id (1 byte) || nonce || ciphertext || tag
  Result<std::string> seal(const Secret& plain, const Place& place) const;
  Result<Secret> open(std::string_view sealed, const Place& place) const;

  // For codes and tokens: never a bare hash, which 40 bits would not survive.
  std::string code_digest(std::string_view purpose, std::string_view owner,
                          std::string_view code) const;
  // Eight bytes that say "the same again", for things nobody should be able to try out later: the
  // key is drawn at the start and dies with the process.
  std::string passing_digest(std::string_view owner, std::string_view text) const;
  // A short constant of this key, stored beside the data: tells a wrong key from damaged data.
  std::string fingerprint() const;

 private:
  Sealer(LockedKey sealing, LockedKey codes, LockedKey passing)
      : sealing_(std::move(sealing)), codes_(std::move(codes)), passing_(std::move(passing)) {}
  LockedKey sealing_;
  LockedKey codes_;
  LockedKey passing_;
};

}  // namespace usher::crypto
