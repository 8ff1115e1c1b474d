// What a refused password is told: every rule it broke, each with what to do about it.
#include "daemon/sign_in/texts.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace usher::sign_in::texts {
namespace {

using policy::Failure;
using policy::Rule;

constexpr Rule kRules[] = {Rule::not_text,        Rule::too_short,     Rule::too_long,
                           Rule::lower_missing,   Rule::upper_missing, Rule::digit_missing,
                           Rule::special_missing, Rule::common,        Rule::personal,
                           Rule::unchanged};

TEST(NewPassword, G29_NamesEveryFailedRuleWithASuggestion) {
  EXPECT_EQ(describe({{Rule::too_short, 8, 3}, {Rule::digit_missing}, {Rule::common}}),
            "This password cannot be used:\n"
            " - it has 3 characters; use at least 8, for example a few words\n"
            " - it has no digit; add one\n"
            " - it is one of the passwords everybody tries first; choose another");
}

TEST(NewPassword, G29_HasASuggestionForEachRuleThereIs) {
  std::set<std::string> seen;
  for (const Rule rule : kRules) {
    const std::string text = describe({Failure{rule, 8, 3}});
    EXPECT_TRUE(seen.insert(text).second) << text;
    // What is wrong; what to do.
    EXPECT_NE(text.find("; "), std::string::npos) << text;
  }
  // A new rule must come here too.
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(Rule::unchanged) + 1);
}

TEST(Texts, NameWhomToAsk) {
  for (const auto text : {suspended, finish_elsewhere, enrol_elsewhere, sign_in_first}) {
    EXPECT_NE(text("the help desk").find("the help desk"), std::string::npos);
  }
}

}  // namespace
}  // namespace usher::sign_in::texts
