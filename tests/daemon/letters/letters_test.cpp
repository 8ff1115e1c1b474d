// Every letter, in every language: what it says, to whom it says where help is, and that both its
// parts say it. The golden files were read by somebody.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "base/text.hpp"
#include "tests/daemon/letters/samples.hpp"

namespace usher::letters {
namespace {

using protocol::courier::MailText;
using ::testing::HasSubstr;
using ::testing::Not;
using texts::Language;

const Templates& built_in() {
  static const Templates templates = Templates::built_in().release_value();
  return templates;
}

// The subject as in a template's first line, then the text.
std::string read(const MailText& mail) {
  return "Subject: " + std::string(mail.subject.view()) + "\n\n" + std::string(mail.text.view());
}

std::string golden_file(Language language, std::string_view name) {
  return std::string(USHER_GOLDEN_DIR) + "/" + std::string(texts::code_of(language)) + "/" +
         std::string(name) + ".txt";
}

// USHER_WRITE_GOLDEN=1 writes what is to be read.
void expect_as_in(const std::string& path, const std::string& text) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here sets the environment
  if (std::getenv("USHER_WRITE_GOLDEN") != nullptr) std::ofstream(path) << text;
  std::ifstream file(path);
  const std::string golden{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text, golden) << path;
}

struct Case {
  const LetterRow& row;
  Language language;
  Given given;
};

// Each letter twice: with all there is to say, and with no more than is due.
template <typename Check>
void for_each_letter(Check check) {
  std::size_t seen = 0;
  for (const LetterRow& row : letters()) {
    for (const Language language : texts::languages()) {
      for (const Given given : {Given::all, Given::only_due}) {
        SCOPED_TRACE(golden_file(language, row.name));
        const auto mail = built_in().render(row.letter, language, samples(row, given));
        ASSERT_TRUE(mail) << mail.error().text();
        check(Case{row, language, given}, *mail);
        ++seen;
      }
    }
  }
  EXPECT_EQ(seen, kLetters * texts::kLanguages * 2);
}

TEST(Letters, G5_ReadAsTheyWereReadOnce) {
  for_each_letter([](const Case& it, const MailText& mail) {
    if (it.given == Given::all) expect_as_in(golden_file(it.language, it.row.name), read(mail));
  });
}

TEST(Letters, ReadAsTheyWereReadOnceWhereThereIsLessToSay) {
  for (const Language language : texts::languages()) {
    for (const Letter letter : {Letter::password_changed, Letter::factor_removed}) {
      const LetterRow& row = row_of(letter);
      const auto mail = built_in().render(letter, language, samples(row, Given::only_due));
      ASSERT_TRUE(mail);
      expect_as_in(golden_file(language, std::string(row.name) + ".spare"), read(*mail));
    }
  }
}

TEST(Letters, AreAsHtmlWhatTheyWereOnce) {
  for (const Language language : texts::languages()) {
    const auto mail =
        built_in().render(Letter::reset_code, language, samples(row_of(Letter::reset_code)));
    ASSERT_TRUE(mail);
    expect_as_in(golden_file(language, "reset-code.html"), std::string(mail->html.view()));
  }
}

TEST(Letters, SayTheSameInBothParts) {
  for_each_letter([](const Case&, const MailText& mail) {
    EXPECT_EQ(shown(mail.html.view()), words_of(mail.text.view()));
  });
}

TEST(Letters, HoldAllTheyAreGivenOnceOrMore) {
  for_each_letter([](const Case& it, const MailText& mail) {
    for (const Value& value : samples(it.row, it.given)) {
      if (row_of(value.variable).kind == Kind::flag) continue;
      const auto text = read_as(it.language, value);
      ASSERT_TRUE(text);
      EXPECT_THAT(words_of(mail.text.view()), HasSubstr(text->view()));
      EXPECT_THAT(shown(mail.html.view()), HasSubstr(text->view()));
    }
  });
}

TEST(Letters, O13_EndWithWhomToAsk) {
  for_each_letter([](const Case&, const MailText& mail) {
    EXPECT_TRUE(words_of(mail.text.view()).ends_with("the help desk, +33 1 23 45 67 89."))
        << mail.text.view();
    EXPECT_TRUE(mail.text.view().ends_with(".\n"));
  });
}

TEST(Letters, G2_G4_HoldTheAddressOfThePageWhereThereIsOne) {
  for_each_letter([](const Case& it, const MailText& mail) {
    const bool is_set = it.given == Given::all;
    EXPECT_EQ(words_of(mail.text.view()).find("https://acme.example/sign-in ") != std::string::npos,
              is_set);
    EXPECT_EQ(words_of(mail.text.view()).find("signing in:") != std::string::npos,
              is_set && it.language == Language::english);
  });
}

TEST(Letters, O8_NameTheAccountTheHostAndWhenItWas) {
  for_each_letter([](const Case& it, const MailText& mail) {
    const std::string words = words_of(mail.text.view());
    EXPECT_THAT(words, HasSubstr("Acme"));
    EXPECT_THAT(words, HasSubstr("db1.acme.example"));
    EXPECT_THAT(words,
                HasSubstr(it.language == Language::french ? "22 novembre 2026 à 20:41 (UTC+01:00)"
                                                          : "22 November 2026, 20:41 (UTC+01:00)"));
    const bool is_of_an_account =
        it.row.letter != Letter::test && it.row.letter != Letter::several_accounts;
    if (is_of_an_account) {
      EXPECT_THAT(words, HasSubstr("ada"));
    }
  });
}

TEST(Letters, ShowACodeOnALineThatHoldsNoOther) {
  for_each_letter([](const Case& it, const MailText& mail) {
    for (const Value& value : samples(it.row, it.given)) {
      if (row_of(value.variable).kind != Kind::secret) continue;
      const auto code = std::get<std::string_view>(value.is);
      const std::string_view text = mail.text.view();
      const std::size_t at = text.find(code);
      ASSERT_NE(at, std::string_view::npos);
      EXPECT_EQ(text.find(code, at + 1), std::string_view::npos) << "twice";
      EXPECT_EQ(text[at + code.size()], '\n');
      const std::size_t line = text.rfind('\n', at) + 1;
      EXPECT_EQ(text.substr(line, 4), "    ");
      EXPECT_EQ(mail.subject.view().find(code), std::string_view::npos);
    }
  });
}

TEST(Letters, M4_SayWhereACodeIsTypedWithoutAnyPage) {
  constexpr Letter kTypedAtThePrompt[] = {Letter::invitation, Letter::reset_code,
                                          Letter::one_time_passphrase};
  for (const Letter letter : kTypedAtThePrompt) {
    const auto english = built_in().render(letter, Language::english, samples(row_of(letter)));
    const auto french = built_in().render(letter, Language::french, samples(row_of(letter)));
    ASSERT_TRUE(english);
    ASSERT_TRUE(french);
    const std::string in_english = words_of(english->text.view());
    EXPECT_THAT(in_english, HasSubstr("any sign-in prompt of db1.acme.example"));
    EXPECT_THAT(in_english, HasSubstr("in place of the password"));
    const std::string in_french = words_of(french->text.view());
    EXPECT_THAT(in_french, HasSubstr("n'importe quelle invite de connexion de db1.acme.example"));
    EXPECT_THAT(in_french, HasSubstr("à la place du mot de passe"));
  }
}

TEST(Letters, M6_TellAFederatedPersonHowTheySignInAndHoldNoCode) {
  const LetterRow& row = row_of(Letter::federated);
  for (const Use& use : row.uses()) EXPECT_NE(row_of(use.variable).kind, Kind::secret);
  for (const Language language : texts::languages()) {
    const auto mail = built_in().render(row.letter, language, samples(row));
    ASSERT_TRUE(mail);
    EXPECT_THAT(words_of(mail->text.view()), HasSubstr("Google"));
  }
}

TEST(Letters, HoldASecretOnlyWhereTheyAreForThat) {
  constexpr Letter kHoldOne[] = {Letter::invitation, Letter::reset_code, Letter::confirm_address,
                                 Letter::one_time_passphrase};
  for (const LetterRow& row : letters()) {
    const bool may = std::count(std::begin(kHoldOne), std::end(kHoldOne), row.letter) != 0;
    const auto lets_in = [](const Use& use) {
      return use.variable == Variable::code || use.variable == Variable::passphrase;
    };
    EXPECT_EQ(std::any_of(row.uses().begin(), row.uses().end(), lets_in), may) << row.name;
  }
}

TEST(Letters, MayBeSwitchedOffOnlyWhereNothingWasChanged) {
  std::set<std::string_view> names;
  for (const LetterRow& row : letters()) {
    if (row.may_be_off == MayBeOff::yes) names.insert(row.name);
  }
  EXPECT_THAT(names, ::testing::ElementsAre("invitation-accepted", "password-expires",
                                            "second-factor-failed", "sign-in-after-failures",
                                            "sign-in-from-new-host"));
}

TEST(Letters, KeepTheirLinesShortAndCutNoWord) {
  for_each_letter([](const Case&, const MailText& mail) {
    EXPECT_TRUE(is_plain_text(mail.text.view(), Newlines::allowed));
    EXPECT_THAT(std::string(mail.text.view()), Not(HasSubstr("\n\n\n")));
    EXPECT_THAT(std::string(mail.text.view()), Not(HasSubstr(" \n")));
    std::string_view rest = mail.text.view();
    while (!rest.empty()) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      const auto is_first_byte = [](char c) { return (c & 0xC0) != 0x80; };
      const auto characters = std::count_if(line.begin(), line.end(), is_first_byte);
      if (!line.starts_with("    ")) {
        EXPECT_LE(characters, 72) << line;
      }
      rest.remove_prefix(line.size() + 1);
    }
  });
}

TEST(Letters, G5_AreNotLeftInEnglish) {
  for (const LetterRow& row : letters()) {
    const auto english = built_in().render(row.letter, Language::english, samples(row));
    const auto french = built_in().render(row.letter, Language::french, samples(row));
    ASSERT_TRUE(english);
    ASSERT_TRUE(french);
    EXPECT_NE(english->subject.view(), french->subject.view());
    EXPECT_THAT(words_of(french->text.view()), HasSubstr("vous")) << row.name;
    EXPECT_THAT(std::string(french->html.view()), HasSubstr("<html lang=\"fr\">"));
  }
}

TEST(Letters, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const LetterRow& row : letters()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(letter_of(row.name), row.letter);
  }
  EXPECT_EQ(letter_of("password"), std::nullopt);
  for (std::size_t i = 0; i < kVariables; ++i) {
    EXPECT_EQ(variable_of(row_of(static_cast<Variable>(i)).name), static_cast<Variable>(i));
  }
}

TEST(Letters, FitAMailWhateverTheirValues) {
  Templates templates = Templates::built_in().release_value();
  // Checked for each letter in each language, with the layout around it.
  std::ifstream file(USHER_TEMPLATES_DIR "/layout.html");
  const std::string layout{std::istreambuf_iterator<char>(file), {}};
  const auto checked = templates.replace_layout("layout.html", layout);
  EXPECT_TRUE(checked) << checked.error().text();
}

}  // namespace
}  // namespace usher::letters
