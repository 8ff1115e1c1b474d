// Names and UTF-8 at the edge: what is let in, and every boundary of RFC 3629.
#include "base/text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace usher {
namespace {

bool is_name(std::string_view text) {
  return UserName::parse(text).has_value();
}

TEST(UserName, TakesTheNamesOfLoginDefs) {
  for (const char* name : {"a", "_", "ada", "ada.lovelace", "ada-l_2", "_apt", "a.", "a--", "x9"}) {
    const auto parsed = UserName::parse(name);
    ASSERT_TRUE(parsed) << name;
    EXPECT_EQ(parsed->view(), name);
    EXPECT_STREQ(parsed->c_str(), name);
  }
}

TEST(UserName, IsAtMost32BytesLong) {
  EXPECT_TRUE(is_name(std::string(32, 'a')));
  EXPECT_FALSE(is_name(std::string(33, 'a')));
}

TEST(UserName, RefusesWhatCouldBeSomethingElse) {
  const std::string_view cases[] = {
      "",     "Ada", "1ada", "-ada",  ".ada",     "ada ",  " ada",
      "a:b",  "a/b", "a@b",  "ada\n", "a\tb",     "a\x7f", "ad\xC3\xA9",
      "../x", "a$",  "a\\b", "ada%s", "a\x1b[2J", "\xff",  std::string_view("a\0b", 3),
  };
  for (const std::string_view name : cases) EXPECT_FALSE(is_name(name)) << name;
}

TEST(UserName, DecidesEveryByteInEveryPlace) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool starts = (byte >= 'a' && byte <= 'z') || byte == '_';
    const bool continues = starts || (byte >= '0' && byte <= '9') || byte == '.' || byte == '-';
    EXPECT_EQ(is_name(std::string(1, c)), starts) << byte;
    EXPECT_EQ(is_name(std::string("a") + c + "b"), continues) << byte;
  }
}

TEST(UserName, IsComparedByItsText) {
  EXPECT_EQ(*UserName::parse("ada"), *UserName::parse("ada"));
  EXPECT_FALSE(*UserName::parse("ada") == *UserName::parse("adb"));
}

std::string encoded(std::uint32_t point) {
  const auto byte = [](std::uint32_t bits) { return static_cast<char>(bits); };
  if (point < 0x80) return {byte(point)};
  if (point < 0x800) return {byte(0xC0 | point >> 6), byte(0x80 | (point & 0x3F))};
  if (point < 0x10000) {
    return {byte(0xE0 | point >> 12), byte(0x80 | (point >> 6 & 0x3F)),
            byte(0x80 | (point & 0x3F))};
  }
  return {byte(0xF0 | point >> 18), byte(0x80 | (point >> 12 & 0x3F)),
          byte(0x80 | (point >> 6 & 0x3F)), byte(0x80 | (point & 0x3F))};
}

// By arithmetic instead of a table: the length announced, the bits gathered, the shortest form
// required, surrogates and what lies beyond U+10FFFF refused.
std::size_t reference_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  std::size_t length = 1;
  std::uint32_t point = byte(0);
  if (point >= 0x80) {
    if ((point & 0xE0) == 0xC0)
      length = 2;
    else if ((point & 0xF0) == 0xE0)
      length = 3;
    else if ((point & 0xF8) == 0xF0)
      length = 4;
    else
      return 0;
    point &= 0xFFU >> (length + 1);
  }
  if (text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    point = point << 6 | (byte(i) & 0x3FU);
  }
  if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return 0;
  return encoded(point).size() == length ? length : 0;
}

TEST(Utf8, TakesEveryCodePointAndNoSurrogate) {
  for (std::uint32_t point = 0; point <= 0x10FFFF; ++point) {
    const std::string text = encoded(point);
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    ASSERT_EQ(utf8_sequence_length(text), surrogate ? 0 : text.size()) << std::hex << point;
  }
}

TEST(Utf8, AgreesWithArithmeticAtEveryBoundary) {
  const std::vector<int> edges = {0x00, 0x41, 0x7F, 0x80, 0x81, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                  0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF,
                                  0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF7, 0xF8, 0xFF};
  std::string text(4, '\0');
  for (const int a : edges) {
    for (const int b : edges) {
      for (const int c : edges) {
        for (const int d : edges) {
          text[0] = static_cast<char>(a);
          text[1] = static_cast<char>(b);
          text[2] = static_cast<char>(c);
          text[3] = static_cast<char>(d);
          for (std::size_t size = 0; size <= 4; ++size) {
            const std::string_view part(text.data(), size);
            ASSERT_EQ(utf8_sequence_length(part), reference_length(part))
                << std::hex << a << ' ' << b << ' ' << c << ' ' << d << " size " << size;
          }
        }
      }
    }
  }
}

TEST(PlainText, RefusesControlCharactersOfAllThreeKinds) {
  for (std::uint32_t point = 0; point < 0x100; ++point) {
    const bool control = point < 0x20 || (point >= 0x7F && point < 0xA0);
    EXPECT_EQ(is_plain_text("a" + encoded(point) + "b", Newlines::refused), !control)
        << std::hex << point;
  }
}

TEST(PlainText, AllowsNewlinesOnlyByName) {
  EXPECT_FALSE(is_plain_text("two\nlines", Newlines::refused));
  EXPECT_TRUE(is_plain_text("two\nlines", Newlines::allowed));
  EXPECT_FALSE(is_plain_text("two\r\nlines", Newlines::allowed));
  EXPECT_FALSE(is_plain_text("a\tb", Newlines::allowed));
}

TEST(PlainText, RefusesBrokenUtf8Anywhere) {
  EXPECT_TRUE(is_plain_text("", Newlines::refused));
  EXPECT_TRUE(is_plain_text("Ada \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x94\x91", Newlines::refused));
  for (const char* text : {"\x80", "\xC3", "a\xE2\x82", "\xC0\xAF", "\xED\xA0\x80",
                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "ok\xFF"}) {
    EXPECT_FALSE(is_plain_text(text, Newlines::refused));
  }
}

}  // namespace
}  // namespace usher
