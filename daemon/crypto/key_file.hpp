// Where the master key comes from: a systemd credential, else a 0600 file made at the first start.
#pragma once

#include <string>

#include "base/result.hpp"
#include "daemon/crypto/sodium.hpp"

namespace usher::crypto {

enum class KeySource : std::uint8_t { credential, file };

struct MasterKey {
  LockedKey key;
  KeySource source;
};

// The name of the credential: LoadCredentialEncrypted=usher-master-key:...
inline constexpr const char* kCredentialName = "usher-master-key";

// `credentials_directory` is $CREDENTIALS_DIRECTORY, empty when there is none. When the credential
// is not there, `path` is read; when that is missing too it is made (O_EXCL, 0600, synced with its
// directory) -- but only if `may_create`: with a store already there, a new key would orphan every
// sealed value, and the error says so. Refuses a key file others can read, or of another size.
Result<MasterKey> load_master_key(const std::string& credentials_directory, const std::string& path,
                                  bool may_create, ports::Entropy& entropy);

}  // namespace usher::crypto
