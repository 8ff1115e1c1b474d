// The rules of a new password: each alone, all at once, and the limits nobody can configure away.
#include "daemon/policy/password_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "daemon/policy/policy.hpp"

namespace usher::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Secret secret_of(std::string_view text) {
  return Secret::copy(text).release_value();
}

std::vector<Failure> failures(std::string_view candidate, const PasswordRules& policy = {},
                              const PersonalWords& words = {}, std::string_view previous = "") {
  return evaluate(secret_of(candidate), secret_of(previous), policy, words);
}

PasswordRules shortest(std::size_t length) {
  PasswordRules policy;
  policy.min_length = length;
  return policy;
}

PasswordRules classic() {
  return merge(settings_of(Preset::classic), {}, {}).password;
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string text;
  while (times-- > 0) text += piece;
  return text;
}

TEST(PasswordRules, CountCodePointsAndNotBytes) {
  EXPECT_THAT(failures(repeated("\u00e9\u00ea\u00eb", 5)), IsEmpty());
  EXPECT_THAT(failures(repeated("\u00e9\u00ea\u00eb\u00e8\u00e0\u00f9\u00e7", 2)),
              ElementsAre(Failure{Rule::too_short, 15, 14}));
  EXPECT_THAT(failures(repeated("\U0001F511\U0001F512\U0001F513\U0001F514", 2), shortest(8)),
              IsEmpty());
  EXPECT_THAT(failures("", shortest(8)), ElementsAre(Failure{Rule::too_short, 8, 0}));
}

TEST(PasswordRules, M8_G25_TakeFrom8To400Characters) {
  const std::string start = "aA1!";
  EXPECT_THAT(failures(start + "xyz", classic()), ElementsAre(Failure{Rule::too_short, 8, 7}));
  EXPECT_THAT(failures(start + "xyzv", classic()), IsEmpty());
  EXPECT_THAT(failures(start + repeated("x", 396), classic()), IsEmpty());
  EXPECT_THAT(failures(start + repeated("x", 397), classic()),
              ElementsAre(Failure{Rule::too_long, 400, 401}));
}

TEST(PasswordRules, EndAt511BytesWhateverTheCharacters) {
  EXPECT_TRUE(normalise(repeated("\u00e9", 255) + "x").has_value());
  EXPECT_FALSE(normalise(repeated("\u00e9", 256)).has_value());
}

TEST(PasswordRules, TellWhatIsOverTheEndInCharacters) {
  const PasswordRules rules;
  const auto why = [&](const std::string& typed) { return why_not_normal(typed, rules); };
  EXPECT_EQ(why(repeated("x", 512)), (Failure{Rule::too_long, 400, 512}));
  EXPECT_EQ(why(repeated("\u00e9", 260)), (Failure{Rule::too_large, 255, 260}));
  EXPECT_EQ(why(repeated("\u00e9", 401)), (Failure{Rule::too_long, 400, 401}));
  // U+0958 is never composed: 170 of three bytes become 340 code points of three bytes.
  EXPECT_EQ(why(repeated("\u0958", 170)), (Failure{Rule::too_large, 85, 170}));
  EXPECT_EQ(why("a tab\tin it"), Failure{Rule::not_text});
  EXPECT_EQ(why(repeated("x", 600) + "\xe9"), Failure{Rule::not_text});
}

TEST(PasswordRules, TakeAsManyOfTheSameAsTheySayWouldFit) {
  for (const char* character :
       {"\u00e9", "e\u0301", "\u0958", "\u20ac", "\U0001f511", "\U0001d15e"}) {
    const std::size_t too_many = 600 / std::string_view(character).size();
    const Failure failure = why_not_normal(repeated(character, too_many), PasswordRules());
    ASSERT_EQ(failure.rule, Rule::too_large) << character;
    EXPECT_EQ(failure.found, too_many) << character;
    EXPECT_TRUE(normalise(repeated(character, failure.wanted))) << character;
    EXPECT_FALSE(normalise(repeated(character, failure.wanted + 1))) << character;
  }
}

TEST(PasswordRules, M8_G25_WantEachClass) {
  EXPECT_THAT(failures("ABCDEFG1!", classic()), ElementsAre(Failure{Rule::lower_missing}));
  EXPECT_THAT(failures("abcdefg1!", classic()), ElementsAre(Failure{Rule::upper_missing}));
  EXPECT_THAT(failures("abcdEFGH!", classic()), ElementsAre(Failure{Rule::digit_missing}));
  EXPECT_THAT(failures("abcdEFGH1", classic()), ElementsAre(Failure{Rule::special_missing}));
  EXPECT_THAT(failures("abcd EFG1", classic()), IsEmpty());
  EXPECT_THAT(failures("\u00e9\u00e9\u00c9\u00c9\u00e9\u00e9\u0663\u20ac", classic()), IsEmpty());
}

TEST(PasswordRules, WantNoClassUnlessAsked) {
  EXPECT_THAT(failures("aaaa bbbb cccc dddd"), IsEmpty());
}

TEST(PasswordRules, G29_NameEveryFailureAtOnce) {
  EXPECT_THAT(failures("\u4e2d\u4e2d", classic()),
              ElementsAre(Failure{Rule::too_short, 8, 2}, Failure{Rule::lower_missing},
                          Failure{Rule::upper_missing}, Failure{Rule::digit_missing},
                          Failure{Rule::special_missing}));
}

TEST(PasswordRules, RefuseCommonPasswordsInAnyCase) {
  const PasswordRules policy = shortest(8);
  for (const char* text :
       {"password", "PassWord", "PASSWORD", "\uff50assword", "1qaz2wsx", "        ", "aaaaaaaaaaaa",
        "AaAaAaAa", "7272727272727272", "\u00e9a\u00e9a\u00e9a\u00e9a"}) {
    EXPECT_THAT(failures(text, policy), ElementsAre(Failure{Rule::common})) << text;
  }
  EXPECT_THAT(failures("password of mine", policy), IsEmpty());
  EXPECT_THAT(failures("aabbaabbc", policy), IsEmpty());
}

TEST(PasswordRules, RefusePersonalWords) {
  const PasswordRules policy = shortest(8);
  const PersonalWords words{{"ada lovelace", "analytical engines"}, {"lovelace", "ada"}};
  EXPECT_THAT(failures("Ada Lovelace", policy, words), ElementsAre(Failure{Rule::personal}));
  EXPECT_THAT(failures("Analytical Engines", policy, words), ElementsAre(Failure{Rule::personal}));
  EXPECT_THAT(failures("my LOVELACE key", policy, words), ElementsAre(Failure{Rule::personal}));
  // A whole word only counts as the whole; a short one may stand inside.
  EXPECT_THAT(failures("two analytical engines", policy, words), IsEmpty());
  EXPECT_THAT(failures("nevada skies", policy, words), IsEmpty());
  EXPECT_THAT(failures("nevadan 12", policy, words), IsEmpty());
}

TEST(PasswordRules, RefuseWhatIsMadeOfPersonalWords) {
  const PasswordRules policy = shortest(8);
  const PersonalWords words{{"ada lovelace", "lovelace", "acme", "\u00e9cole"}, {"ada"}};
  for (const char* text : {"ada12345", "Ada!2345", "adaacmeada", "AcmeAcme", "acme2026!",
                           "lovelace1815", "adalovelace", "1815-Lovelace", "ada lovelace 1",
                           "acme-ada-acme", "\u00c9cole2026", "7-7-7ada"}) {
    EXPECT_THAT(failures(text, policy, words), ElementsAre(Failure{Rule::personal})) << text;
  }
  EXPECT_THAT(failures("ada 7349 9123", policy, words), IsEmpty()) << "enough beside the name";
  EXPECT_THAT(failures("acmeology", policy, words), IsEmpty());
  EXPECT_THAT(failures("83749265", policy, {}), IsEmpty());
}

TEST(PasswordRules, RefuseWhatWasJustUsedHoweverItIsSpelt) {
  EXPECT_THAT(failures("caf\u00e9 au lait ici", {}, {}, "cafe\u0301 au lait ici"),
              ElementsAre(Failure{Rule::unchanged}));
}

TEST(PasswordRules, RefuseTheOldOneWithASmallChange) {
  EXPECT_THAT(failures("violet tandem harbor", {}, {}, "violet tandem harbour"),
              ElementsAre(Failure{Rule::similar}));
  // Something that is no text was never a password; nothing was proven before a first password.
  EXPECT_THAT(failures("violet tandem harbour", {}, {}, "\xff\xff"), IsEmpty());
  EXPECT_THAT(failures("violet tandem harbour", {}, {}, ""), IsEmpty());
}

TEST(PasswordRules, G29_AddWhatIsSimilarToTheOtherFailures) {
  EXPECT_THAT(
      failures("Password2", classic(), {}, "Password1"),
      ElementsAre(Failure{Rule::special_missing}, Failure{Rule::common}, Failure{Rule::similar}));
}

TEST(PasswordRules, TakeAWholeNameAndItsWordsFromAText) {
  std::vector<std::string> words;
  add_words(words, "Ada King-No\u00cbl@Example.org");
  EXPECT_THAT(words, ElementsAre("ada king-no\u00ebl@example.org", "king", "no\u00ebl", "example"));
  words.clear();
  add_words(words, "");
  add_words(words, "\xff");
  EXPECT_THAT(words, IsEmpty());
}

TEST(Typable, G27_WarnsOfWhatIsNotOnTheKeyboard) {
  EXPECT_TRUE(is_typable(secret_of("plain ~ASCII~ 42"), ""));
  EXPECT_FALSE(is_typable(secret_of("th\u00e9 vert"), ""));
  EXPECT_TRUE(is_typable(secret_of("th\u00e9 vert"), "\u00e8\u00e9\u00e7"));
  EXPECT_FALSE(is_typable(secret_of("th\u00e9 \u6f22"), "\u00e8\u00e9\u00e7"));
  // Half of a character of the keyboard is none.
  EXPECT_FALSE(is_typable(secret_of("\u00a9"), "\u00e9"));
}

TEST(Ages, BeginAndEndToTheMillisecond) {
  using std::chrono::days;
  using std::chrono::milliseconds;
  PasswordRules rules;
  EXPECT_FALSE(is_too_young(rules, milliseconds(0)));
  EXPECT_FALSE(is_overdue(rules, days(10'000)));
  rules.min_age = days(1);
  rules.max_age = days(90);
  EXPECT_TRUE(is_too_young(rules, days(1) - milliseconds(1)));
  EXPECT_FALSE(is_too_young(rules, days(1)));
  EXPECT_FALSE(is_overdue(rules, days(90) - milliseconds(1)));
  EXPECT_TRUE(is_overdue(rules, days(90)));
  // The clock was set back.
  EXPECT_FALSE(is_too_young(rules, milliseconds(-1)));
  EXPECT_FALSE(is_overdue(rules, milliseconds(-1)));
}

TEST(PasswordRules, RefuseWhatIsNoText) {
  for (const char* text : {"a tab\tin the middle", "two\nlines of text", "broken \xff bytes there",
                           "a C1 control \xc2\x9b here", "delete \x7f is a control"}) {
    EXPECT_THAT(failures(text), ElementsAre(Failure{Rule::not_text})) << text;
  }
}

TEST(Normalise, MakesOnePasswordOfTwoKeyboards) {
  const auto composed = normalise("caf\u00e9 au lait");
  const auto decomposed = normalise("cafe\u0301 au lait");
  ASSERT_TRUE(composed && decomposed);
  EXPECT_TRUE(composed->equals(*decomposed));
}

TEST(Normalise, TakesAtMost511Bytes) {
  EXPECT_TRUE(normalise(repeated("x", 511)));
  EXPECT_FALSE(normalise(repeated("x", 512)));
  // 513 bytes as typed are 342 when composed: over the limit is over the limit.
  EXPECT_FALSE(normalise(repeated("e\u0301", 171)));
  // U+0958 is excluded from composition: 3 bytes as typed become 6.
  EXPECT_TRUE(normalise(repeated("\u0958", 85)));
  EXPECT_FALSE(normalise(repeated("\u0958", 86)));
}

TEST(Normalise, RefusesWhatIsNoText) {
  for (const char* text : {"a\nb", "a\tb", "\xff", "\xc3", "\xc2\x80", "\x7f"}) {
    const auto normalised = normalise(text);
    ASSERT_FALSE(normalised);
    EXPECT_EQ(normalised.error().code(), Errc::invalid_input);
  }
  EXPECT_FALSE(normalise(std::string_view("a\0b", 3)));
}

TEST(Normalise, LeavesNothingAsNothing) {
  const auto nothing = normalise("");
  ASSERT_TRUE(nothing);
  EXPECT_TRUE(nothing->empty());
}

}  // namespace
}  // namespace usher::policy
