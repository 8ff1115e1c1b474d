// Password hashes, digests and keys, against published vectors where there are some.
#include "daemon/crypto/sodium.hpp"

#include <gtest/gtest.h>

namespace usher::crypto {
namespace {

// The least libsodium takes: the tests are about answers, not about cost.
constexpr HashCost kCheap{.passes = 1, .memory_kib = 8};

class Sodium : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(initialise()); }
};
using PasswordHash = Sodium;
using Digest = Sodium;
using Key = Sodium;

Secret secret(std::string_view text) {
  return Secret::copy(text).release_value();
}

// HMAC pads a key shorter than its 64-byte block with zeros, so RFC 4231's short keys are these.
LockedKey key_of(std::string bytes) {
  bytes.resize(kKeyBytes, '\0');
  return LockedKey::copy(bytes).release_value();
}

TEST_F(PasswordHash, AcceptsTheRightPasswordAndRefusesOthers) {
  const std::string phc = *hash_password(secret("correct horse"), kCheap);
  EXPECT_TRUE(phc.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
  EXPECT_TRUE(*verify_password(secret("correct horse"), phc));
  EXPECT_FALSE(*verify_password(secret("correct horsf"), phc));
  EXPECT_FALSE(*verify_password(secret("correct horse "), phc));
  EXPECT_FALSE(*verify_password(Secret(), phc));
}

TEST_F(PasswordHash, IsSaltedAnewEachTime) {
  EXPECT_NE(*hash_password(secret("same"), kCheap), *hash_password(secret("same"), kCheap));
}

TEST_F(PasswordHash, TellsPasswordsApartThatDifferAfterANul) {
  const std::string phc = *hash_password(secret(std::string_view("a\0b", 3)), kCheap);
  EXPECT_TRUE(*verify_password(secret(std::string_view("a\0b", 3)), phc));
  EXPECT_FALSE(*verify_password(secret(std::string_view("a\0c", 3)), phc));
  EXPECT_FALSE(*verify_password(secret("a"), phc));
}

TEST_F(PasswordHash, IsAnErrorAndNotARefusalWhenTheStoredStringIsGarbage) {
  const std::string phc = *hash_password(secret("p"), kCheap);
  const std::string with_nul = phc + std::string(1, '\0') + "x";
  const std::string garbage[] = {"",
                                 "x",
                                 "$argon2id$",
                                 "$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA",
                                 "$6$salt$hash",
                                 phc.substr(0, phc.size() - 50),
                                 phc + "$",
                                 with_nul,
                                 std::string(5000, '$')};
  for (const std::string& text : garbage) {
    const Result<bool> answer = verify_password(secret("p"), text);
    ASSERT_FALSE(answer.has_value()) << text;
    EXPECT_EQ(answer.error().code(), Errc::damaged) << text;
  }
}

TEST_F(PasswordHash, NeverAcceptsAStringWithOneCharacterChanged) {
  const std::string phc = *hash_password(secret("p"), kCheap);
  for (std::size_t i = 0; i < phc.size(); ++i) {
    std::string changed = phc;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    const Result<bool> answer = verify_password(secret("p"), changed);
    EXPECT_FALSE(answer.has_value() && *answer) << changed;
  }
}

TEST_F(PasswordHash, NeedsRenewingOnlyAtAnotherCost) {
  const std::string phc = *hash_password(secret("p"), kCheap);
  EXPECT_FALSE(needs_rehash(phc, kCheap));
  EXPECT_TRUE(needs_rehash(phc, HashCost{.passes = 2, .memory_kib = 8}));
  EXPECT_TRUE(needs_rehash(phc, HashCost{.passes = 1, .memory_kib = 16}));
  EXPECT_TRUE(needs_rehash("garbage", kCheap));
}

TEST_F(PasswordHash, RefusesCostsTheLibraryCannotTake) {
  for (const HashCost cost : {HashCost{0, 8}, HashCost{1, 7}, HashCost{1, SIZE_MAX / 1024}}) {
    const Result<std::string> phc = hash_password(secret("p"), cost);
    ASSERT_FALSE(phc.has_value());
    EXPECT_EQ(phc.error().code(), Errc::invalid_input);
  }
}

// RFC 4231, section 4: key, data, HMAC-SHA-256.
TEST_F(Digest, AgreesWithRfc4231) {
  EXPECT_EQ(to_hex(keyed_digest(key_of(std::string(20, '\x0b')), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(keyed_digest(key_of("Jefe"), "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(keyed_digest(key_of(std::string(20, '\xaa')), std::string(50, '\xdd'))),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  std::string counting;
  for (char c = 1; c <= 25; ++c) counting.push_back(c);
  EXPECT_EQ(to_hex(keyed_digest(key_of(counting), std::string(50, '\xcd'))),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
  // HMAC takes the SHA-256 of a key longer than its block (cases 6 and 7: 131 bytes).
  const std::string long_key = digest(std::string(131, '\xaa'));
  EXPECT_EQ(to_hex(keyed_digest(key_of(long_key),
                                "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(to_hex(keyed_digest(key_of(long_key),
                                "This is a test using a larger than block-size key and a larger "
                                "than block-size data. The key needs to be hashed before being "
                                "used by the HMAC algorithm.")),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

// FIPS 180-2, appendix B.1.
TEST_F(Digest, AgreesWithFips180) {
  EXPECT_EQ(to_hex(digest("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(digest({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_F(Key, TakesThirtyTwoBytesAndNothingElse) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{31}, std::size_t{33}}) {
    const Result<LockedKey> key = LockedKey::copy(std::string(size, 'k'));
    ASSERT_FALSE(key.has_value());
    EXPECT_EQ(key.error().code(), Errc::invalid_input);
  }
}

TEST_F(Key, DerivesAnotherSubkeyForEachContextAndNumber) {
  const LockedKey master = key_of("master");
  const auto subkey_digest = [&](std::string_view context, std::uint64_t number) {
    const LockedKey subkey = master.derive(context, number).release_value();
    return keyed_digest(subkey, "x");
  };
  EXPECT_EQ(subkey_digest("usher-v1", 1), subkey_digest("usher-v1", 1));
  EXPECT_NE(subkey_digest("usher-v1", 1), subkey_digest("usher-v1", 2));
  EXPECT_NE(subkey_digest("usher-v1", 1), subkey_digest("usher-v2", 1));
  EXPECT_FALSE(master.derive("short", 1).has_value());
}

TEST_F(Key, EncryptsTheSameTextToAnotherValueEachTime) {
  const LockedKey key = key_of("k");
  const std::string first = *encrypt(key, "seed", "here");
  EXPECT_NE(first, *encrypt(key, "seed", "here"));
  EXPECT_EQ(first.size(), 24U + 4U + 16U);
  EXPECT_EQ(decrypt(key, first, "here")->view(), "seed");
}

TEST_F(Key, FillsRandomBytes) {
  SodiumEntropy entropy;
  std::string first(32, '\0');
  std::string second(32, '\0');
  entropy.fill(first);
  entropy.fill(second);
  EXPECT_NE(first, second);
}

TEST_F(Key, SpellsHexInLowerCase) {
  EXPECT_EQ(to_hex(std::string_view("\x00\xff\x1a", 3)), "00ff1a");
}

}  // namespace
}  // namespace usher::crypto
