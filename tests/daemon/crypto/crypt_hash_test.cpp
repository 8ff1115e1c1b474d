// Hashes of shadow files: what may be adopted, what matches, and what would take too long.
#include "daemon/crypto/crypt_hash.hpp"

#include <crypt.h>
#include <gtest/gtest.h>

namespace usher::crypto {
namespace {

Secret secret(std::string_view text) {
  return Secret::copy(text).release_value();
}

// As another program would have written it into a shadow file.
std::string made_elsewhere(const char* password, const char* prefix, unsigned long count = 0) {
  char setting[CRYPT_GENSALT_OUTPUT_SIZE];
  EXPECT_NE(crypt_gensalt_rn(prefix, count, nullptr, 0, setting, sizeof setting), nullptr);
  const auto data = std::make_unique<crypt_data>();
  return crypt_r(password, setting, data.get());
}

TEST(CryptHash, VerifiesWhatShadowFilesHold) {
  for (const char* prefix :
       {"$y$", "$gy$", "$7$", "$2b$", "$2y$", "$2a$", "$6$", "$5$", "$sha1$", "$1$"}) {
    const std::string hash = made_elsewhere("violet tandem", prefix);
    ASSERT_TRUE(is_crypt_hash(hash)) << hash;
    const auto right = verify_crypt_hash(secret("violet tandem"), hash);
    ASSERT_TRUE(right) << prefix << right.error().text();
    EXPECT_TRUE(*right) << prefix;
    EXPECT_FALSE(*verify_crypt_hash(secret("violet tandeM"), hash)) << prefix;
    EXPECT_FALSE(*verify_crypt_hash(secret(""), hash)) << prefix;
  }
}

TEST(CryptHash, AgreesWithAnotherImplementation) {
  // What openssl passwd -6 and -5 write.
  EXPECT_TRUE(*verify_crypt_hash(
      secret("Hello world!"),
      "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoE"
      "OfaS35inz1"));
  EXPECT_TRUE(*verify_crypt_hash(secret("Hello world!"),
                                 "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"));
}

TEST(CryptHash, ANulDoesNotEndAPassword) {
  const std::string hash = made_elsewhere("right", "$5$", 1000);
  EXPECT_TRUE(*verify_crypt_hash(secret("right"), hash));
  EXPECT_FALSE(*verify_crypt_hash(secret(std::string_view("right\0more", 10)), hash));
  EXPECT_FALSE(*verify_crypt_hash(secret(std::string(CRYPT_MAX_PASSPHRASE_SIZE + 1, 'a')), hash));
}

TEST(CryptHash, AbsurdCostsAreRefusedBeforeTheyAreTried) {
  for (const char* absurd :
       {"$6$rounds=999999999$salt$hash", "$5$rounds=1000001$salt$hash", "$6$rounds=$salt$hash",
        "$6$rounds=99999999999999999999$salt$hash", "$sha1$4294967295$salt$hash", "$sha1$$salt$x",
        "$2b$31$abcdefghijklmnopqrstuvabcdefghijklmnopqrstuvwxyzabcdefghij",
        "$2b$15$abcdefghijklmnopqrstuvabcdefghijklmnopqrstuvwxyzabcdefghij", "$2b$", "$2b$1",
        "$y$jFT$salt$hash", "$y$j9z$salt$hash", "$y$j9T3$salt$hash", "$y$", "$y$$$",
        "$gy$jFT$salt$hash", "$7$IU..../....salt$hash", "$7$CU....zzzzzsalt$hash",
        "$7$CUzzz./....s"}) {
    EXPECT_FALSE(is_crypt_hash(absurd)) << absurd;
    EXPECT_FALSE(verify_crypt_hash(secret("x"), absurd)) << absurd;
  }
}

TEST(CryptHash, WhatIsNoHashIsNone) {
  for (const char* none : {"", "!", "*", "!!", "x", "rqXexS6ZhobKA", "_J9..K0AyUubDrBoW",
                           "$3$$hash", "$9$x$y", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA",
                           "$6$sa:lt$hash", "$6$salt$ha sh", "!$6$salt$hash", "*0"}) {
    EXPECT_FALSE(is_crypt_hash(none)) << none;
  }
  EXPECT_FALSE(is_crypt_hash("$6$" + std::string(500, 'a')));
}

TEST(CryptHash, AMalformedHashMatchesNothing) {
  for (const char* malformed : {"$6$", "$6$salt", "$5$$", "$1$", "$y$j9T$", "$y$j9T$salt",
                                "$7$CU..../....", "$2b$10$short"}) {
    for (const char* password : {"", "x", "salt"}) {
      const auto matches = verify_crypt_hash(secret(password), malformed);
      EXPECT_FALSE(matches && *matches) << malformed;
    }
  }
}

}  // namespace
}  // namespace usher::crypto
