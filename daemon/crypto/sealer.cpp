// Bindings and subkeys of what is sealed. Never stores, never logs, never reuses a subkey for a
// second purpose.
#include "daemon/crypto/sealer.hpp"

#include <array>
#include <initializer_list>

#include "daemon/crypto/framed_fields.hpp"

namespace usher::crypto {
namespace {

// One subkey a purpose. The numbers are part of every stored value: never change or reuse one.
constexpr std::string_view kContext = "usher-v1";
constexpr std::uint64_t kSealingSubkey = 1;
constexpr std::uint64_t kCodesSubkey = 2;

// The only key there is until `usherctl key rotate` lands: the first byte of every sealed value.
constexpr char kKeyId = 1;

constexpr std::size_t kFingerprintBytes = 8;
constexpr std::size_t kPassingBytes = 8;

// The count first: lists of another length differ too.
std::string join_fields(std::initializer_list<std::string_view> fields) {
  std::string joined;
  append_number(joined, fields.size());
  for (const std::string_view field : fields) append_text(joined, field);
  return joined;
}

std::string binding(const Place& place, char key_id) {
  return join_fields({place.table, place.column, place.row, std::string_view(&key_id, 1)});
}

}  // namespace

Result<Sealer> Sealer::from_master(const LockedKey& master) {
  LockedKey sealing = TRY(master.derive(kContext, kSealingSubkey));
  LockedKey codes = TRY(master.derive(kContext, kCodesSubkey));
  std::array<char, kKeyBytes> drawn{};
  SodiumEntropy().fill(drawn);
  Result<LockedKey> passing = LockedKey::copy(drawn);
  wipe(drawn.data(), drawn.size());
  if (!passing.has_value()) return passing.error();
  return Sealer(std::move(sealing), std::move(codes), passing.release_value());
}

Result<std::string> Sealer::seal(const Secret& plain, const Place& place) const {
  std::string sealed = TRY(encrypt(sealing_, plain.view(), binding(place, kKeyId)));
  sealed.insert(sealed.begin(), kKeyId);
  return sealed;
}

Result<Secret> Sealer::open(std::string_view sealed, const Place& place) const {
  if (sealed.empty()) return Error(Errc::damaged, "a sealed value is empty");
  if (sealed.front() != kKeyId) {
    return Error(Errc::damaged, "a sealed value names a key that is not here");
  }
  return decrypt(sealing_, sealed.substr(1), binding(place, sealed.front()));
}

std::string Sealer::code_digest(std::string_view purpose, std::string_view owner,
                                std::string_view code) const {
  // The digest is one-way, but the joined text holds the code: wiped before it is freed.
  std::string text = join_fields({purpose, owner, code});
  std::string result = keyed_digest(codes_, text);
  wipe(text.data(), text.size());
  return result;
}

std::string Sealer::passing_digest(std::string_view owner, std::string_view text) const {
  std::string joined = join_fields({owner, text});
  std::string result = keyed_digest(passing_, joined).substr(0, kPassingBytes);
  wipe(joined.data(), joined.size());
  return result;
}

std::string Sealer::fingerprint() const {
  // Two fields: no code's digest has so few, so neither can stand for the other.
  const std::string whole = keyed_digest(codes_, join_fields({"usher", "fingerprint"}));
  return to_hex(std::string_view(whole).substr(0, kFingerprintBytes));
}

}  // namespace usher::crypto
