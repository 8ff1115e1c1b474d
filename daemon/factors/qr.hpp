// The one wrapper of libqrencode: a text as a QR code in characters. The text is a secret (a seed
// travels in it); the drawing is one too.
#pragma once

#include <string>

#include "base/secret.hpp"

namespace usher::factors {

// Half-block characters, two modules a character high, lines ended by '\n', light modules drawn:
// on a dark terminal the code is dark on light, as ISO/IEC 18004 wants it, with its quiet zone of
// four modules. No escape sequences: OpenSSH's client shows them as text.
Result<Secret> draw_qr(const Secret& text);

}  // namespace usher::factors
