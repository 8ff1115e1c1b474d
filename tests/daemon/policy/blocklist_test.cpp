// The list of common passwords is fit for its use: folded, long enough to matter, each word once.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "daemon/policy/password_rules.hpp"
#include "daemon/policy/unicode.hpp"

namespace usher::policy {
namespace {

// The list is private to its file, so it is read from there.
std::vector<std::string> listed() {
  std::ifstream file(USHER_SOURCE_DIR "/daemon/policy/blocklist.cpp");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t start = text.find("kCommon[] = {");
  const std::string body = text.substr(start, text.find("};", start) - start);
  const std::regex word("\"([^\"]*)\"");
  std::vector<std::string> words;
  for (std::sregex_iterator match(body.begin(), body.end(), word), end; match != end; ++match) {
    words.push_back((*match)[1]);
  }
  return words;
}

TEST(Blocklist, HoldsEveryWordFoldedAndOnce) {
  const std::vector<std::string> words = listed();
  ASSERT_GT(words.size(), 100U);
  std::set<std::string> seen;
  for (const std::string& word : words) {
    EXPECT_TRUE(seen.insert(word).second) << word << " stands twice";
    EXPECT_EQ(fold_case(word)->view(), word) << "could never be found";
    EXPECT_TRUE(is_common(word)) << word;
  }
}

TEST(Blocklist, HoldsNoWordThatIsTooShortAnyway) {
  for (const std::string& word : listed()) EXPECT_GE(count_classes(word).code_points, 8U) << word;
}

TEST(Blocklist, ComparesWholePasswords) {
  EXPECT_TRUE(is_common("password"));
  EXPECT_FALSE(is_common("password "));
  EXPECT_FALSE(is_common("passwor"));
  EXPECT_FALSE(is_common(""));
}

}  // namespace
}  // namespace usher::policy
