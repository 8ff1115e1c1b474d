// What may be an alias, and which ones are the same.
#include "published/alias.hpp"

#include <gtest/gtest.h>

#include <string>

namespace usher::published {
namespace {

TEST(Alias, IsTextAroundOneAt) {
  EXPECT_TRUE(is_alias("ada@example.org"));
  EXPECT_TRUE(is_alias("a@b"));
  EXPECT_TRUE(is_alias(std::string(250, 'a') + "@org"));
  for (const char* other :
       {"", "ada", "@", "@org", "ada@", "ada@x@y", "a b@org", "a:b@org", "a\n@org", "\xff@org"}) {
    EXPECT_FALSE(is_alias(other)) << other;
  }
  EXPECT_FALSE(is_alias(std::string(251, 'a') + "@org"));
}

TEST(Alias, IsTheSameInAnyCaseAndAnotherUnderAnotherSalt) {
  const SipKey salt{1};
  const SipKey other{2};
  EXPECT_EQ(digest_of_alias(salt, "Ada@Example.ORG"), digest_of_alias(salt, "ada@example.org"));
  EXPECT_NE(digest_of_alias(salt, "ada@example.org"), digest_of_alias(salt, "adb@example.org"));
  EXPECT_NE(digest_of_alias(salt, "ada@example.org"), digest_of_alias(other, "ada@example.org"));
}

}  // namespace
}  // namespace usher::published
