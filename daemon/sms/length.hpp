// How long a text message is, and what it costs: networks carry, and bill, pieces of 140 bytes
// (3GPP TS 23.038, TS 23.040 section 9.2.3.24). Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace usher::sms {

enum class Alphabet : std::uint8_t {
  gsm7,  // 160 characters in one piece, 153 in each of several
  ucs2,  // one character outside of it: 70, and 67
};

struct Length {
  Alphabet alphabet = Alphabet::gsm7;
  std::size_t units = 0;   // septets, or 16 bits each
  std::size_t pieces = 0;  // 0: the text is empty
};

// Of UTF-8.
Length length_of(std::string_view text);

// The longest beginning that is within so many pieces, without half a character.
std::string_view within(std::string_view text, std::size_t pieces);

}  // namespace usher::sms
