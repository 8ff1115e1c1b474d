// Bounds are checked before a byte moves; memcpy, because frames have no alignment.
#include "protocol/codec.hpp"

#include <cstring>

namespace usher::protocol {

void Writer::put_bytes(const char* bytes, std::size_t count) {
  if (failed_ || count > room_.size() - size_) {
    failed_ = true;
    return;
  }
  if (count != 0) std::memcpy(room_.data() + size_, bytes, count);
  size_ += count;
}

void Writer::put_u8(std::uint8_t number) {
  const char byte = static_cast<char>(number);
  put_bytes(&byte, 1);
}

void Writer::put_u16(std::uint16_t number) {
  put_u8(static_cast<std::uint8_t>(number >> 8));
  put_u8(static_cast<std::uint8_t>(number & 0xFF));
}

void Writer::put_u32(std::uint32_t number) {
  put_u16(static_cast<std::uint16_t>(number >> 16));
  put_u16(static_cast<std::uint16_t>(number & 0xFFFF));
}

void Writer::put_text(std::string_view text, std::size_t limit) {
  if (text.size() > limit || text.size() > 0xFFFF) {
    failed_ = true;
    return;
  }
  put_u16(static_cast<std::uint16_t>(text.size()));
  put_bytes(text.data(), text.size());
}

std::string_view Reader::take_bytes(std::size_t count) {
  if (failed_ || count > rest_.size()) {
    failed_ = true;
    return {};
  }
  // substr could throw, and needs the C++ runtime.
  const std::string_view taken(rest_.data(), count);
  rest_.remove_prefix(count);
  return taken;
}

std::uint8_t Reader::take_u8() {
  const std::string_view byte = take_bytes(1);
  return failed_ ? std::uint8_t{0} : static_cast<std::uint8_t>(byte[0]);
}

std::uint16_t Reader::take_u16() {
  const std::uint16_t high = take_u8();
  const std::uint16_t low = take_u8();
  return static_cast<std::uint16_t>((high << 8) | low);
}

std::uint32_t Reader::take_u32() {
  const std::uint32_t high = take_u16();
  const std::uint32_t low = take_u16();
  return (high << 16) | low;
}

std::string_view Reader::take_text(std::size_t limit) {
  const std::size_t length = take_u16();
  if (length > limit) failed_ = true;
  return take_bytes(length);
}

}  // namespace usher::protocol
