// Reading and writing the fields of one login frame. Numbers are big-endian; a text is a 16-bit
// length and its bytes. Both classes stop for good at the first field that does not fit, so a
// decoder reads every field and asks once, at the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace usher::protocol {

class Writer {
 public:
  explicit Writer(std::span<char> room) : room_(room) {}

  void put_u8(std::uint8_t number);
  void put_u16(std::uint16_t number);
  void put_u32(std::uint32_t number);
  // At most `limit` bytes; a longer text makes the writer fail rather than cut it.
  void put_text(std::string_view text, std::size_t limit);

  bool failed() const { return failed_; }
  std::size_t size() const { return size_; }

 private:
  void put_bytes(const char* bytes, std::size_t count);

  std::span<char> room_;
  std::size_t size_ = 0;
  bool failed_ = false;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t take_u8();
  std::uint16_t take_u16();
  std::uint32_t take_u32();
  // A view into the frame. Longer than `limit` fails the reader.
  std::string_view take_text(std::size_t limit);

  bool failed() const { return failed_; }
  // Every field was there and nothing follows the last one.
  bool finished() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view take_bytes(std::size_t count);

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace usher::protocol
