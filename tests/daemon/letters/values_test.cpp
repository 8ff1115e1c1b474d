// How a value reads: moments in the reader's language, lines that are lines, secrets as they are.
#include <gtest/gtest.h>

#include <string>

#include "daemon/letters/value.hpp"

namespace usher::letters {
namespace {

using namespace std::chrono;
using texts::Language;

std::string line(std::string_view text, Variable variable = Variable::reason) {
  const auto read = read_as(Language::english, {variable, text});
  return read ? std::string(read->view()) : "refused";
}

std::string moment(Language language, Moment at) {
  const auto text = written(language, at);
  return text ? *text : std::string(text.error().text());
}

TEST(MomentOfALetter, G5_IsWrittenInTheReadersLanguage) {
  const Moment noon{sys_days(year(2026) / 8 / 1) + hours(12), hours(2)};
  EXPECT_EQ(moment(Language::english, noon), "1 August 2026, 14:00 (UTC+02:00)");
  EXPECT_EQ(moment(Language::french, noon), "1er août 2026 à 14:00 (UTC+02:00)");
}

TEST(MomentOfALetter, IsOfTheDayItWasThere) {
  const sys_seconds evening = sys_days(year(2026) / 12 / 31) + hours(23) + minutes(30);
  EXPECT_EQ(moment(Language::english, {evening, minutes(330)}),
            "1 January 2027, 05:00 (UTC+05:30)");
  EXPECT_EQ(moment(Language::english, {evening, -minutes(210)}),
            "31 December 2026, 20:00 (UTC-03:30)");
  EXPECT_EQ(moment(Language::english, {evening, {}}), "31 December 2026, 23:30 (UTC+00:00)");
}

TEST(MomentOfALetter, IsRefusedWhereNobodyWillRead) {
  EXPECT_FALSE(written(Language::english, {sys_days(year(1970) / 1 / 1), {}}));
  EXPECT_FALSE(written(Language::english, {sys_days(year(10000) / 1 / 1), {}}));
  EXPECT_FALSE(written(Language::english, {sys_seconds::max(), {}}));
  EXPECT_FALSE(written(Language::english, {sys_seconds::min(), {}}));
  EXPECT_FALSE(written(Language::english, {sys_days(year(2026) / 1 / 1), hours(24)}));
  EXPECT_TRUE(written(Language::english, {sys_days(year(9999) / 12 / 30), hours(14)}));
}

TEST(LineOfALetter, IsOneLine) {
  EXPECT_EQ(line("lost\nBcc: x@y.example"), "lost Bcc: x@y.example");
  EXPECT_EQ(line("\r\n one \t two\v\f three\r\n"), "one two three");
  EXPECT_EQ(line(std::string("a\0b", 3)), "a b");
  EXPECT_EQ(line("a\u2028b\u2029c\u0085d"), "a b c d");
}

TEST(LineOfALetter, ReadsInTheDirectionOfItsText) {
  EXPECT_EQ(line("a\u202Eb\u2066c\u200Fd\u061Ce\uFEFFf\u200Bg"), "a b c d e f g");
}

TEST(LineOfALetter, KeepsWhatIsText) {
  EXPECT_EQ(line("Zoë — 日本 🙂 <b>&amp;</b> {{code}} {{{x}}}"),
            "Zoë — 日本 🙂 <b>&amp;</b> {{code}} {{{x}}}");
}

TEST(LineOfALetter, LosesBytesThatAreNoText) {
  EXPECT_EQ(line("a\xFF"
                 "b\xC3"),
            "a b");
  EXPECT_EQ(line("\xED\xA0\x80x"), "x");
}

TEST(LineOfALetter, IsThereEvenIfNothingWasSaid) {
  EXPECT_EQ(line(""), "-");
  EXPECT_EQ(line(" \n\t\xFF "), "-");
}

TEST(LineOfALetter, IsCutBetweenCharactersRatherThanKeepingALetterFromArriving) {
  EXPECT_EQ(line(std::string(200, 'x')), std::string(200, 'x'));
  EXPECT_EQ(line(std::string(201, 'x')), std::string(200, 'x') + "…");
  EXPECT_EQ(line(std::string(199, 'x') + "é"), std::string(199, 'x') + "…");
  EXPECT_EQ(line(std::string(1'000'000, 'x'), Variable::login), std::string(64, 'x') + "…");
}

TEST(SecretOfALetter, IsAsItWasOrNotAtAll) {
  EXPECT_EQ(line("7K3M-9QXT-2VWB", Variable::code), "7K3M-9QXT-2VWB");
  EXPECT_EQ(line(std::string(64, '7'), Variable::code), std::string(64, '7'));
  for (const std::string& bad :
       {std::string(), std::string(65, '7'), std::string("12 34"), std::string("12\n34"),
        std::string("12é4"), std::string("1\0", 2)}) {
    EXPECT_EQ(line(bad, Variable::code), "refused") << bad;
    EXPECT_EQ(line(bad, Variable::passphrase), "refused") << bad;
    EXPECT_EQ(line(bad, Variable::not_you), "refused") << bad;
  }
}

TEST(SecretOfALetter, IsInNoError) {
  const auto refused = read_as(Language::english, {Variable::code, "7K3M 9QXT"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text(), "code: 1 to 64 printable characters of ASCII");
}

TEST(ValueOfALetter, IsOfItsVariablesKind) {
  EXPECT_FALSE(read_as(Language::english, {Variable::time, "noon"}));
  EXPECT_FALSE(read_as(Language::english, {Variable::days, "seven"}));
  EXPECT_FALSE(read_as(Language::english, {Variable::login, std::uint64_t{7}}));
  EXPECT_FALSE(read_as(Language::english, {Variable::content, "<b>"}));
  EXPECT_TRUE(read_as(Language::english, {Variable::days, std::uint64_t{7}}));
}

}  // namespace
}  // namespace usher::letters
