// The digests the authors of SipHash publish for their reference code (vectors.h, vectors_sip128).
#include "published/siphash.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

namespace usher::published {
namespace {

std::string hexadecimal(const SipDigest& digest) {
  std::string text;
  for (const unsigned char byte : digest) {
    char pair[3];
    (void)std::snprintf(pair, sizeof pair, "%02x", byte);
    text += pair;
  }
  return text;
}

// The reference key is 00 01 .. 0f, the text of length n is 00 01 .. n-1.
std::string digest_of_first(std::size_t count) {
  SipKey key;
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<unsigned char>(i);
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text.push_back(static_cast<char>(i));
  return hexadecimal(siphash128(key, text));
}

TEST(SipHash128, GivesTheReferenceDigests) {
  EXPECT_EQ(digest_of_first(0), "a3817f04ba25a8e66df67214c7550293");
  EXPECT_EQ(digest_of_first(1), "da87c1d86b99af44347659119b22fc45");
  EXPECT_EQ(digest_of_first(2), "8177228da4a45dc7fca38bdef60affe4");
  EXPECT_EQ(digest_of_first(7), "a1f1ebbed8dbc153c0b84aa61ff08239");
  EXPECT_EQ(digest_of_first(8), "3b62a9ba6258f5610f83e264f31497b4");
  EXPECT_EQ(digest_of_first(9), "264499060ad9baabc47f8b02bb6d71ed");
  EXPECT_EQ(digest_of_first(15), "5493e99933b0a8117e08ec0f97cfc3d9");
  EXPECT_EQ(digest_of_first(63), "5150d1772f50834a503e069a973fbd7c");
}

}  // namespace
}  // namespace usher::published
