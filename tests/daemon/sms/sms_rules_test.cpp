// Numbers, countries and lengths, by the standards' own examples.
#include <gtest/gtest.h>

#include "daemon/sms/countries.hpp"
#include "daemon/sms/length.hpp"
#include "daemon/sms/number.hpp"

namespace usher::sms {
namespace {

std::string number(std::string_view typed, std::string_view country = "") {
  return parse_number(typed, country).value_or("");
}

TEST(SmsNumber, IsReadInTheFormOfE164) {
  EXPECT_EQ(number("+33612345678"), "+33612345678");
  EXPECT_EQ(number("+33 6 12 34 56 78"), "+33612345678");
  EXPECT_EQ(number("+33-6.12/34 (56)78"), "+33612345678");
  EXPECT_EQ(number("+33 (0)6 12 34 56 78"), "+33612345678");
  EXPECT_EQ(number("+44 (0)7400 123456"), "+447400123456");
  EXPECT_EQ(number("+39 06 1234 5678"), "+390612345678") << "Italy dials its zeros";
  for (const char* none : {"", "+", "+33 06 12 34 56 78", "+4407400123456", "33612345678",
                           "0612345678", "+0612345678", "+336123456a8", "+33612345678,+33699999999",
                           "+33612345678\n", "++33612345678", "+123456", "+1234567890123456",
                           "\xEF\xBC\x8B"
                           "33612345678",
                           "+33612345678;ext=1", "tel:+33612345678"}) {
    EXPECT_EQ(number(none), "") << none;
  }
}

TEST(SmsNumber, IsReadAsItIsWrittenAtHome) {
  const struct {
    const char* country;
    const char* typed;
    const char* number;
  } cases[] = {
      {"FR", "06 12 34 56 78", "+33612345678"},
      {"FR", "612345678", ""},
      {"FR", "0033612345678", ""},
      {"FR", "+33612345678", "+33612345678"},
      {"FR", "+32470123456", "+32470123456"},
      {"BE", "0470 12 34 56", "+32470123456"},
      {"IT", "347 123 4567", "+393471234567"},
      {"IT", "06 1234 5678", "+390612345678"},
      {"IT", "0039347123456", ""},
      {"HU", "06 20 123 4567", "+36201234567"},
      {"HU", "20 123 4567", ""},
      {"US", "(212) 555-0123", "+12125550123"},
      {"US", "1 212 555 0123", "+12125550123"},
      {"US", "(0) 212 555 0123", ""},
      {"FR", "(0)6 12 34 56 78", "+33612345678"},
      {"CA", "514 555 0123", "+15145550123"},
      {"XX", "0612345678", ""},
      {"", "0612345678", ""},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(number(each.typed, each.country), each.number) << each.country << " " << each.typed;
  }
}

TEST(SmsCountry, IsKnownByHowANumberBegins) {
  const std::pair<const char*, const char*> cases[] = {
      {"+33612345678", "FR"},  {"+12125550123", "US"},  {"+15145550123", "US"},
      {"+18765550123", "JM"},  {"+18095550123", "DO"},  {"+447400123456", "GB"},
      {"+447797123456", "JE"}, {"+79161234567", "RU"},  {"+77011234567", "KZ"},
      {"+262692123456", "RE"}, {"+262639123456", "YT"}, {"+881612345678", ""},
      {"+882123456789", ""},   {"33612345678", ""},     {"", ""},
  };
  for (const auto& [number, country] : cases) EXPECT_EQ(country_of(number), country) << number;
}

TEST(SmsCountry, IsACodeThatHasNumbers) {
  for (const char* code : {"FR", "US", "CA", "GB", "RE"}) EXPECT_TRUE(is_country(code)) << code;
  for (const char* code : {"", "fr", "FRA", "XX", "1"}) EXPECT_FALSE(is_country(code)) << code;
  EXPECT_TRUE(is_same_country("CA", "US"));
  EXPECT_FALSE(is_same_country("FR", "BE"));
}

// A plan whose code is not its country's would send a person's number abroad.
TEST(SmsCountry, HasPlansThatAgreeWithItsNumbers) {
  int plans = 0;
  for (char first = 'A'; first <= 'Z'; ++first) {
    for (char second = 'A'; second <= 'Z'; ++second) {
      const std::string code{first, second};
      const auto plan = plan_of(code);
      if (!plan) continue;
      ++plans;
      EXPECT_TRUE(is_country(code)) << code;
      const std::string number = "+" + std::string(plan->calling_code) + "555555555";
      EXPECT_TRUE(is_same_country(country_of(number), code)) << number;
    }
  }
  EXPECT_EQ(plans, 40);
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string all;
  while (count-- > 0) all += text;
  return all;
}

TEST(SmsLength, IsInPiecesOf160OrOf153) {
  const std::pair<std::size_t, std::size_t> cases[] = {{0, 0},   {1, 1},   {160, 1}, {161, 2},
                                                       {306, 2}, {307, 3}, {459, 3}, {460, 4}};
  for (const auto& [units, pieces] : cases) {
    const Length length = length_of(std::string(units, 'a'));
    EXPECT_EQ(length.alphabet, Alphabet::gsm7);
    EXPECT_EQ(length.units, units);
    EXPECT_EQ(length.pieces, pieces) << units;
  }
}

TEST(SmsLength, CountsAnEscapeWhereThereIsOne) {
  EXPECT_EQ(length_of("\u20AC[]").units, 6U);
  EXPECT_EQ(length_of(repeated("\u20AC", 80)).pieces, 1U);
  EXPECT_EQ(length_of(repeated("\u20AC", 81)).pieces, 2U);
  // 76 escapes are 152 septets: the 77th does not lie in two pieces.
  EXPECT_EQ(length_of(repeated("\u20AC", 152)).pieces, 2U);
  EXPECT_EQ(length_of(repeated("\u20AC", 153)).pieces, 3U);
  EXPECT_EQ(length_of("\u00E9\u00E8\u00E0\u00F9\u00C7\u00FC\n@").alphabet, Alphabet::gsm7);
}

TEST(SmsLength, IsInPiecesOf70OrOf67WithOneOtherCharacter) {
  for (const char* other : {"\u00EA", "\u00E7", "\u0153", "\u2014", "\u2019", "\u00A0", "`"}) {
    EXPECT_EQ(length_of(other).alphabet, Alphabet::ucs2) << other;
  }
  EXPECT_EQ(length_of(std::string(69, 'a') + "\u00EA").pieces, 1U);
  EXPECT_EQ(length_of(std::string(70, 'a') + "\u00EA").pieces, 2U);
  EXPECT_EQ(length_of("\U0001F511").units, 2U);
  EXPECT_EQ(length_of(repeated("\U0001F511", 35)).pieces, 1U);
  // 33 pairs are 66: the 34th begins a piece.
  EXPECT_EQ(length_of(repeated("\U0001F511", 66)).pieces, 2U);
  EXPECT_EQ(length_of(repeated("\U0001F511", 67)).pieces, 3U);
}

TEST(SmsLength, IsCutBetweenCharacters) {
  EXPECT_EQ(within(std::string(200, 'a'), 1).size(), 160U);
  EXPECT_EQ(within(repeated("\u00EA", 71), 1).size(), 140U);
  EXPECT_EQ(within("short", 1), "short");
  EXPECT_EQ(within("short", 0), "");
}

}  // namespace
}  // namespace usher::sms
