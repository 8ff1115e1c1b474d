// A sealed value opens in its own place, under its own key, unchanged, and nowhere else.
#include "daemon/crypto/sealer.hpp"

#include <gtest/gtest.h>

#include <set>

namespace usher::crypto {
namespace {

constexpr Place kPlace{.table = "factors", .column = "sealed", .row = "0123456789abcdef"};

Sealer sealer_of(char fill) {
  EXPECT_TRUE(initialise());
  const LockedKey master = LockedKey::copy(std::string(kKeyBytes, fill)).release_value();
  return Sealer::from_master(master).release_value();
}

Secret secret(std::string_view text) {
  return Secret::copy(text).release_value();
}

void expect_damaged(const Result<Secret>& opened) {
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code(), Errc::damaged);
}

TEST(Sealer, OpensWhatItSealed) {
  const Sealer sealer = sealer_of('k');
  for (const std::size_t size : {0U, 1U, 20U, 32U, 64U, 4096U}) {
    const std::string plain(size, 's');
    const std::string sealed = *sealer.seal(secret(plain), kPlace);
    EXPECT_EQ(sealed.size(), 1 + 24 + size + 16);
    const Result<Secret> opened = sealer.open(sealed, kPlace);
    ASSERT_TRUE(opened.has_value()) << size;
    EXPECT_EQ(opened->view(), plain);
  }
}

TEST(Sealer, OpensWhatAnEarlierRunSealed) {
  const std::string sealed = *sealer_of('k').seal(secret("seed"), kPlace);
  EXPECT_EQ(sealer_of('k').open(sealed, kPlace)->view(), "seed");
}

TEST(Sealer, ShowsNothingOfTheSecret) {
  const std::string sealed = *sealer_of('k').seal(secret("find-me-if-you-can"), kPlace);
  EXPECT_EQ(sealed.find("find-me"), std::string::npos);
}

TEST(Sealer, RefusesAValueMovedToAnotherTableColumnOrRow) {
  const Sealer sealer = sealer_of('k');
  const std::string sealed = *sealer.seal(secret("seed"), kPlace);
  expect_damaged(sealer.open(sealed, {"outbox", "sealed", "0123456789abcdef"}));
  expect_damaged(sealer.open(sealed, {"factors", "label", "0123456789abcdef"}));
  expect_damaged(sealer.open(sealed, {"factors", "sealed", "0123456789abcdee"}));
  expect_damaged(sealer.open(sealed, {"", "", ""}));
}

TEST(Sealer, RefusesFieldsThatOnlyJoinToTheSameText) {
  const Sealer sealer = sealer_of('k');
  const std::string sealed = *sealer.seal(secret("seed"), {"ab", "c", "d"});
  expect_damaged(sealer.open(sealed, {"a", "bc", "d"}));
  expect_damaged(sealer.open(sealed, {"ab", "cd", ""}));
  expect_damaged(sealer.open(sealed, {"", "abc", "d"}));
}

TEST(Sealer, RefusesAnotherMasterKey) {
  const std::string sealed = *sealer_of('k').seal(secret("seed"), kPlace);
  expect_damaged(sealer_of('l').open(sealed, kPlace));
}

TEST(Sealer, RefusesEveryOtherKeyId) {
  const Sealer sealer = sealer_of('k');
  const std::string sealed = *sealer.seal(secret("seed"), kPlace);
  for (int id = 0; id < 256; ++id) {
    std::string changed = sealed;
    if (changed[0] == static_cast<char>(id)) continue;
    changed[0] = static_cast<char>(id);
    expect_damaged(sealer.open(changed, kPlace));
  }
}

TEST(Sealer, RefusesEveryFlippedBit) {
  const Sealer sealer = sealer_of('k');
  const std::string sealed = *sealer.seal(secret("seed"), kPlace);
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    expect_damaged(sealer.open(changed, kPlace));
  }
}

TEST(Sealer, RefusesEveryTruncationAndAnAppendedByte) {
  const Sealer sealer = sealer_of('k');
  const std::string sealed = *sealer.seal(secret("seed"), kPlace);
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    expect_damaged(sealer.open(std::string_view(sealed).substr(0, size), kPlace));
  }
  expect_damaged(sealer.open(sealed + "x", kPlace));
}

TEST(Sealer, GivesEachCodeItsOwnDigest) {
  const Sealer sealer = sealer_of('k');
  const std::set<std::string> digests = {
      sealer.code_digest("first-sign-in", "ada", "ABCD-EFGH"),
      sealer.code_digest("reset", "ada", "ABCD-EFGH"),
      sealer.code_digest("first-sign-in", "bob", "ABCD-EFGH"),
      sealer.code_digest("first-sign-in", "ada", "ABCD-EFGJ"),
      sealer.code_digest("first-sign-ina", "da", "ABCD-EFGH"),
      sealer_of('l').code_digest("first-sign-in", "ada", "ABCD-EFGH"),
  };
  EXPECT_EQ(digests.size(), 6U);
  EXPECT_EQ(digests.count(sealer.code_digest("first-sign-in", "ada", "ABCD-EFGH")), 1U);
}

TEST(Sealer, KnowsItsKeyByAShortFingerprint) {
  EXPECT_EQ(sealer_of('k').fingerprint(), sealer_of('k').fingerprint());
  EXPECT_NE(sealer_of('k').fingerprint(), sealer_of('l').fingerprint());
  EXPECT_EQ(sealer_of('k').fingerprint().size(), 16U);
}

}  // namespace
}  // namespace usher::crypto
