// Error correction level L: a screen does not get dirty, and the smaller code fits 24 lines more
// often.
#include "daemon/factors/qr.hpp"

#include <qrencode.h>

#include <cstdlib>
#include <cstring>
#include <memory>

namespace usher::factors {
namespace {

constexpr int kQuietZone = 4;

struct FreeCode {
  void operator()(QRcode* code) const {
    wipe(code->data, static_cast<std::size_t>(code->width) * static_cast<std::size_t>(code->width));
    QRcode_free(code);
  }
};
using Code = std::unique_ptr<QRcode, FreeCode>;

bool is_light(const QRcode& code, int x, int y) {
  const bool outside = x < 0 || y < 0 || x >= code.width || y >= code.width;
  return outside || (code.data[y * code.width + x] & 1) == 0;
}

// The character for two modules, one above the other.
std::string_view glyph(bool light_above, bool light_below) {
  if (light_above && light_below) return "\u2588";
  if (light_above) return "\u2580";
  if (light_below) return "\u2584";
  return " ";
}

}  // namespace

Result<Secret> draw_qr(const Secret& text) {
  const Code code(QRcode_encodeString8bit(text.view().data(), 0, QR_ECLEVEL_L));
  if (code == nullptr) return system_error("drawing a QR code");
  const int first = -kQuietZone;
  const int last = code->width + kQuietZone;
  const auto side = static_cast<std::size_t>(last - first);
  constexpr std::size_t kWidestGlyph = 3;
  Secret drawing = TRY(Secret::zeroed((side * kWidestGlyph + 1) * (side / 2 + 1)));
  std::size_t size = 0;
  const auto put = [&](std::string_view piece) {
    std::memcpy(drawing.writable().data() + size, piece.data(), piece.size());
    size += piece.size();
  };
  for (int y = first; y < last; y += 2) {
    for (int x = first; x < last; ++x) put(glyph(is_light(*code, x, y), is_light(*code, x, y + 1)));
    put("\n");
  }
  drawing.shorten(size);
  return drawing;
}

}  // namespace usher::factors
