// The list of common passwords is fit for its use: long enough, in order, and every word can be
// found.
#include "daemon/policy/blocklist.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "daemon/policy/password_rules.hpp"
#include "daemon/policy/unicode.hpp"

namespace usher::policy {
namespace {

std::vector<std::string_view> listed() {
  std::vector<std::string_view> words;
  std::string_view left = common_passwords();
  while (!left.empty()) {
    const std::size_t end = left.find('\n');
    words.push_back(left.substr(0, end));
    left.remove_prefix(end + 1);
  }
  return words;
}

TEST(Blocklist, HoldsTenThousandPasswordsThatEvenMfaWouldAllow) {
  std::size_t long_enough = 0;
  for (const std::string_view word : listed()) {
    if (count_classes(word).code_points >= 8) ++long_enough;
  }
  EXPECT_GE(long_enough, 10'000U);
}

TEST(Blocklist, HoldsEveryWordFoldedOnceAndInOrder) {
  std::string_view before;
  for (const std::string_view word : listed()) {
    ASSERT_LT(before, word);
    ASSERT_GE(word.size(), 6U) << word << " is too short anyway";
    const auto folded = fold_case(word);
    ASSERT_TRUE(folded && folded->view() == word) << word << " could never be found";
    ASSERT_TRUE(is_common(word)) << word;
    before = word;
  }
}

TEST(Blocklist, HoldsTheListsOfBothSources) {
  for (const char* word : {"trustno1", "1qaz2wsx", "basketball", "password1", "qwertyuiop"}) {
    EXPECT_TRUE(is_common(word)) << word << " is zxcvbn's";
  }
  for (const char* word : {"motdepasse123", "12345678910", "passwordpassword", "pa$$word"}) {
    EXPECT_TRUE(is_common(word)) << word;
  }
}

TEST(Blocklist, ComparesWholePasswords) {
  EXPECT_TRUE(is_common("password"));
  EXPECT_FALSE(is_common("password "));
  EXPECT_FALSE(is_common("passwordpasswor"));
  EXPECT_FALSE(is_common("password\npassword1"));
  EXPECT_FALSE(is_common(""));
  EXPECT_FALSE(is_common(" "));
  EXPECT_FALSE(is_common("\xff"));
}

}  // namespace
}  // namespace usher::policy
