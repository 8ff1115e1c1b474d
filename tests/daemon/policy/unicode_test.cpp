// Two ways to type one letter are one letter; case is folded for word lists only.
#include "daemon/policy/unicode.hpp"

#include <gtest/gtest.h>

#include <string>

namespace usher::policy {
namespace {

std::string nfc(std::string_view text) {
  return std::string(to_nfc(text)->view());
}
std::string folded(std::string_view text) {
  return std::string(fold_case(text)->view());
}

TEST(Nfc, ComposesWhatWasTypedInParts) {
  EXPECT_EQ(nfc("cafe\u0301"), "caf\u00e9");
  EXPECT_EQ(nfc("caf\u00e9"), "caf\u00e9");
  EXPECT_EQ(nfc("a\u0323\u0302"), "\u1ead");
  EXPECT_EQ(nfc("a\u0302\u0323"), "\u1ead");
  EXPECT_EQ(nfc("\u1112\u1161\u11ab"), "\ud55c");
  EXPECT_EQ(nfc("\u212b"), "\u00c5");
}

TEST(Nfc, KeepsWhatOnlyLooksAlike) {
  EXPECT_EQ(nfc("\ufb01"), "\ufb01");
  EXPECT_EQ(nfc("\uff21"), "\uff21");
  EXPECT_EQ(nfc(""), "");
  EXPECT_EQ(nfc("plain ASCII, 100%"), "plain ASCII, 100%");
}

TEST(Nfc, RefusesBrokenUtf8) {
  for (const char* text : {"\xff", "\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    const auto composed = to_nfc(text);
    ASSERT_FALSE(composed.has_value());
    EXPECT_EQ(composed.error().code(), Errc::invalid_input);
  }
}

TEST(FoldCase, MakesDisguisesEqual) {
  EXPECT_EQ(folded("PassWord"), "password");
  EXPECT_EQ(folded("STRA\u00dfE"), "strasse");
  EXPECT_EQ(folded("\uff30\uff41\uff53\uff53"), "pass");
  EXPECT_EQ(folded("\u00c9"), "\u00e9");
}

TEST(Classes, AreCountedByCodePoint) {
  const ClassCounts counts = count_classes("aB1 \u00e9\u00c9\u4e2d\u0663\U0001F511");
  EXPECT_EQ(counts.code_points, 9U);
  EXPECT_EQ(counts.lower, 2U);
  EXPECT_EQ(counts.upper, 2U);
  EXPECT_EQ(counts.digit, 2U);
  EXPECT_EQ(counts.special, 2U);
}

}  // namespace
}  // namespace usher::policy
