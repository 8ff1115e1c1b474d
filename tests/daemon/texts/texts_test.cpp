// What people read, in each language. That none is missing and that all name the same values is
// checked where the table is compiled.
#include "daemon/texts/texts.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/text.hpp"
#include "daemon/config.hpp"
#include "daemon/sign_in/password_advice.hpp"
#include "daemon/sms/length.hpp"

namespace usher::texts {
namespace {

using policy::Failure;
using policy::Rule;
using sign_in::describe;

constexpr Rule kRules[] = {Rule::not_text,      Rule::too_short,       Rule::too_long,
                           Rule::too_large,     Rule::lower_missing,   Rule::upper_missing,
                           Rule::digit_missing, Rule::special_missing, Rule::common,
                           Rule::personal,      Rule::unchanged,       Rule::similar,
                           Rule::breached,      Rule::reused};

TEST(Texts, G5_NameWhomToAskInTheReadersLanguageWhereNobodyWasNamed) {
  const std::string unset = daemon::Config().support;
  EXPECT_EQ(support_in(Language::english, unset), "your administrator");
  EXPECT_EQ(support_in(Language::french, unset), "votre administrateur");
  EXPECT_EQ(support_in(Language::french, "the help desk"), "the help desk");
}

TEST(NewPassword, G29_NamesEveryFailedRuleWithASuggestion) {
  EXPECT_EQ(
      describe(Language::english, {{Rule::too_short, 8, 3}, {Rule::digit_missing}, {Rule::common}}),
      "This password cannot be used:\n"
      " - it has 3 characters; use at least 8, for example a few words\n"
      " - it has no digit; add one\n"
      " - it is one of the passwords everybody tries first; choose another");
  EXPECT_EQ(describe(Language::french, {{Rule::too_short, 8, 3}, {Rule::digit_missing}}),
            "Ce mot de passe ne peut pas être utilisé :\n"
            " - il a 3 caractères ; utilisez-en au moins 8, par exemple quelques mots\n"
            " - il n'a pas de chiffre ; ajoutez-en un");
}

TEST(NewPassword, G29_HasASuggestionForEachRuleThereIs) {
  for (const Language language : languages()) {
    std::set<std::string> seen;
    for (const Rule rule : kRules) {
      const std::string text = describe(language, {Failure{rule, 8, 3}});
      EXPECT_TRUE(seen.insert(text).second) << text;
      // What is wrong; what to do.
      EXPECT_NE(text.find("; "), std::string::npos) << text;
    }
    // A new rule must come here too.
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(Rule::reused) + 1);
  }
}

TEST(Texts, G5_NoneIsLeftInEnglishInAnotherLanguage) {
  int missing = 0;
  for (std::size_t i = 0; i < kTexts; ++i) {
    const auto text = static_cast<Text>(i);
    if (of(Language::english, text) == of(Language::french, text)) {
      ++missing;
      ADD_FAILURE() << of(Language::french, text);
    }
  }
  EXPECT_EQ(missing, 0);
}

TEST(Texts, G5_HoldNothingATerminalWouldObey) {
  for (const Language language : languages()) {
    for (std::size_t i = 0; i < kTexts; ++i) {
      EXPECT_TRUE(is_plain_text(of(language, static_cast<Text>(i)), Newlines::allowed));
    }
  }
}

// In one piece with names of usual length, and in no letter that makes it twice as dear.
TEST(Texts, OfATextMessageFitItsAlphabet) {
  for (const Language language : languages()) {
    for (const auto text :
         {Text::number_code_message, Text::reset_code_message, Text::test_message}) {
      const std::string told =
          fill(language, text, fmt::arg("code", "4F7K-92MX-Q0TB"),
               fmt::arg("login", "ada.lovelace"), fmt::arg("organisation", "Acme"),
               fmt::arg("host", "db1.acme.example"), fmt::arg("support", "help@acme.example"));
      const sms::Length length = sms::length_of(told);
      EXPECT_EQ(length.alphabet, sms::Alphabet::gsm7) << told;
      EXPECT_LE(length.pieces, 2U) << told;
    }
  }
}

TEST(Texts, NameWhomToAsk) {
  for (const Language language : languages()) {
    for (const auto text : {Text::suspended, Text::finish_elsewhere, Text::enrol_elsewhere,
                            Text::sign_in_first, Text::sign_in_first_for, Text::not_without}) {
      const std::string told = fill(language, text, fmt::arg("support", "the {help} desk"),
                                    fmt::arg("action", "something"));
      EXPECT_NE(told.find("the {help} desk"), std::string::npos) << told;
    }
  }
}

TEST(Languages, G5_AreReadOutOfTheTagsDirectoriesHold) {
  EXPECT_EQ(language_of("fr"), Language::french);
  EXPECT_EQ(language_of("fr-CA"), Language::french);
  EXPECT_EQ(language_of("FR_fr.UTF-8"), Language::french);
  EXPECT_EQ(language_of("en"), Language::english);
  for (const char* other : {"", "f", "fra", "de", "-fr", "french", "C"}) {
    EXPECT_EQ(language_of(other), std::nullopt) << other;
  }
}

}  // namespace
}  // namespace usher::texts
