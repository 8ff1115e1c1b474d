// Fields of a login frame: big-endian numbers, texts with their length in front, and writers and
// readers that stop for good at the first field that does not fit.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "protocol/codec.hpp"

namespace usher::protocol {
namespace {

TEST(Writer, PutsNumbersBigEndian) {
  std::array<char, 7> room{};
  Writer writer(room);
  writer.put_u8(0x01);
  writer.put_u16(0x0203);
  writer.put_u32(0x04050607);
  EXPECT_FALSE(writer.failed());
  EXPECT_EQ(std::string_view(room.data(), writer.size()), "\x01\x02\x03\x04\x05\x06\x07");
}

TEST(Writer, PutsATextAfterItsLength) {
  std::array<char, 5> room{};
  Writer writer(room);
  writer.put_text("ada", 3);
  EXPECT_FALSE(writer.failed());
  EXPECT_EQ(std::string_view(room.data(), room.size()), std::string_view("\0\3ada", 5));
}

TEST(Writer, FailsRatherThanCut) {
  std::array<char, 64> room{};
  Writer over(room);
  over.put_text("abcd", 3);
  EXPECT_TRUE(over.failed());
  EXPECT_EQ(over.size(), 0U);

  Writer small(std::span<char>(room).first(4));
  small.put_text("abc", 3);
  EXPECT_TRUE(small.failed());
}

TEST(Writer, StaysFailed) {
  std::array<char, 3> room{};
  Writer writer(room);
  writer.put_u16(1);
  writer.put_u16(1);
  const std::size_t size = writer.size();
  writer.put_text("", 3);
  EXPECT_TRUE(writer.failed());
  EXPECT_EQ(writer.size(), size);
}

TEST(Writer, RefusesALengthThatSixteenBitsCannotSay) {
  std::string room(70'000, '\0');
  Writer fits{std::span<char>(room)};
  fits.put_text(std::string(0xFFFF, 'x'), 100'000);
  EXPECT_FALSE(fits.failed());
  Writer over{std::span<char>(room)};
  over.put_text(std::string(0x10000, 'x'), 100'000);
  EXPECT_TRUE(over.failed());
}

TEST(Reader, TakesWhatTheWriterPut) {
  Reader reader(
      std::string_view("\x01\x02\x03\x04\x05\x06\x07\x00\x03"
                       "ada",
                       12));
  EXPECT_EQ(reader.take_u8(), 0x01);
  EXPECT_EQ(reader.take_u16(), 0x0203);
  EXPECT_EQ(reader.take_u32(), 0x04050607U);
  EXPECT_EQ(reader.take_text(3), "ada");
  EXPECT_TRUE(reader.finished());
}

TEST(Reader, TakesTheHighestNumbers) {
  Reader reader("\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
  EXPECT_EQ(reader.take_u8(), 0xFF);
  EXPECT_EQ(reader.take_u16(), 0xFFFF);
  EXPECT_EQ(reader.take_u32(), 0xFFFFFFFFU);
  EXPECT_TRUE(reader.finished());
}

TEST(Reader, FailsWhereTheFrameEnds) {
  for (std::size_t size = 0; size < 4; ++size) {
    Reader reader(std::string_view("\x01\x02\x03\x04", size));
    (void)reader.take_u32();
    EXPECT_TRUE(reader.failed()) << size;
    EXPECT_FALSE(reader.finished());
  }
}

TEST(Reader, FailsForATextOverItsLimitOrItsFrame) {
  Reader over(std::string_view("\0\4abcd", 6));
  EXPECT_EQ(over.take_text(3), "");
  EXPECT_TRUE(over.failed());
  Reader cut(std::string_view("\0\4abc", 5));
  EXPECT_EQ(cut.take_text(4), "");
  EXPECT_TRUE(cut.failed());
}

TEST(Reader, StaysFailed) {
  Reader reader(
      std::string_view("\xFF\xFF"
                       "abc",
                       5));
  (void)reader.take_text(2);
  EXPECT_EQ(reader.take_u8(), 0);
  EXPECT_TRUE(reader.failed());
}

TEST(Reader, IsNotFinishedWhileBytesAreLeft) {
  Reader reader("ab");
  (void)reader.take_u8();
  EXPECT_FALSE(reader.failed());
  EXPECT_FALSE(reader.finished());
}

}  // namespace
}  // namespace usher::protocol
