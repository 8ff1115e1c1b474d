// The two tables of the default alphabet, and sums.
#include "daemon/sms/length.hpp"

#include <algorithm>
#include <iterator>

#include "base/text.hpp"

namespace usher::sms {
namespace {

// TS 23.038 section 6.2.1, without the escape.
constexpr std::string_view kBasic =
    "@\u00A3$\u00A5\u00E8\u00E9\u00F9\u00EC\u00F2\u00C7\n\u00D8\u00F8\r\u00C5\u00E5"
    "\u0394_\u03A6\u0393\u039B\u03A9\u03A0\u03A8\u03A3\u0398\u039E\u00C6\u00E6\u00DF\u00C9"
    " !\"#\u00A4%&'()*+,-./0123456789:;<=>?"
    "\u00A1ABCDEFGHIJKLMNOPQRSTUVWXYZ\u00C4\u00D6\u00D1\u00DC\u00A7"
    "\u00BFabcdefghijklmnopqrstuvwxyz\u00E4\u00F6\u00F1\u00FC\u00E0";
// Section 6.2.1.1: behind an escape, which takes a septet of its own.
constexpr std::string_view kExtended = "\f^{}\\[~]|\u20AC";

bool holds(std::string_view alphabet, std::string_view character) {
  for (; !alphabet.empty(); alphabet.remove_prefix(utf8_sequence_length(alphabet))) {
    if (alphabet.substr(0, utf8_sequence_length(alphabet)) == character) return true;
  }
  return false;
}

// 0: it is not in the alphabet.
std::size_t septets_of(std::string_view character) {
  if (holds(kBasic, character)) return 1;
  return holds(kExtended, character) ? 2 : 0;
}

// Outside the first plane a character takes two of them.
std::size_t halves_of(std::string_view character) {
  constexpr std::size_t kOutside = 4;
  return character.size() == kOutside ? 2 : 1;
}

struct Sizes {
  std::size_t alone, in_several;
};
constexpr Sizes kSizes[] = {{160, 153}, {70, 67}};  // in the order of Alphabet

template <typename Use>
void each_character(std::string_view text, Use use) {
  while (!text.empty()) {
    const std::size_t size = std::max<std::size_t>(1, utf8_sequence_length(text));
    use(text.substr(0, size));
    text.remove_prefix(size);
  }
}

// No character lies in two pieces: what does not fit the rest of one begins the next.
std::size_t pieces_of(std::string_view text, Alphabet alphabet, std::size_t units) {
  const Sizes& sizes = kSizes[static_cast<std::size_t>(alphabet)];
  if (units <= sizes.alone) return units == 0 ? 0 : 1;
  std::size_t pieces = 1;
  std::size_t used = 0;
  each_character(text, [&](std::string_view character) {
    const std::size_t size =
        alphabet == Alphabet::gsm7 ? septets_of(character) : halves_of(character);
    if (used + size > sizes.in_several) {
      ++pieces;
      used = 0;
    }
    used += size;
  });
  return pieces;
}

}  // namespace

Length length_of(std::string_view text) {
  Length length;
  std::size_t halves = 0;
  each_character(text, [&](std::string_view character) {
    const std::size_t septets = septets_of(character);
    if (septets == 0) length.alphabet = Alphabet::ucs2;
    length.units += septets;
    halves += halves_of(character);
  });
  if (length.alphabet == Alphabet::ucs2) length.units = halves;
  length.pieces = pieces_of(text, length.alphabet, length.units);
  return length;
}

std::string_view within(std::string_view text, std::size_t pieces) {
  while (length_of(text).pieces > pieces) {
    std::size_t size = text.size() - 1;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
    text = text.substr(0, size);
  }
  return text;
}

}  // namespace usher::sms
