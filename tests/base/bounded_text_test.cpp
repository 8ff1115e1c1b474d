// Text in place: what fits stays, what does not is cut, and there is always a NUL behind it.
#include "base/bounded_text.hpp"

#include <gtest/gtest.h>

namespace usher {
namespace {

TEST(BoundedText, IsEmptyAndTerminatedFromTheStart) {
  const BoundedText<4> text;
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(text.view(), "");
  EXPECT_STREQ(text.c_str(), "");
}

TEST(BoundedText, KeepsWhatFitsExactly) {
  const BoundedText<4> text("abcd");
  EXPECT_EQ(text.view(), "abcd");
  EXPECT_STREQ(text.c_str(), "abcd");
}

TEST(BoundedText, CutsOneOver) {
  const BoundedText<4> text("abcde");
  EXPECT_EQ(text.view(), "abcd");
  EXPECT_STREQ(text.c_str(), "abcd");
}

TEST(BoundedText, AppendsUntilItIsFull) {
  BoundedText<6> text("ab");
  text.append("");
  text.append("cd");
  EXPECT_EQ(text.view(), "abcd");
  text.append("efg");
  EXPECT_EQ(text.view(), "abcdef");
  text.append("h");
  EXPECT_EQ(text.view(), "abcdef");
}

TEST(BoundedText, TakesANullView) {
  const BoundedText<4> text{std::string_view()};
  EXPECT_TRUE(text.empty());
}

}  // namespace
}  // namespace usher
