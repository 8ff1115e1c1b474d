// The one wrapper of libqrencode: a text as a QR code in characters. The text is a secret (a seed
// travels in it); the drawing is one too.
#pragma once

#include <cstdint>
#include <string>

#include "base/secret.hpp"

namespace usher::factors {

enum class Blocks : std::uint8_t {
  half,   // U+2580 and its like, two modules a character high
  signs,  // "##", for a terminal that has no such characters: four times as large
};

// Half-block characters, two modules a character high, lines ended by '\n', light modules drawn:
// on a dark terminal the code is dark on light, as ISO/IEC 18004 wants it, with its quiet zone of
// four modules. No escape sequences: OpenSSH's client shows them as text.
Result<Secret> draw_qr(const Secret& text, Blocks blocks = Blocks::half);

}  // namespace usher::factors
