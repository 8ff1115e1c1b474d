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

class Drawing {
 public:
  static Result<Drawing> with_room(std::size_t bytes) {
    Drawing drawing;
    drawing.text_ = TRY(Secret::zeroed(bytes));
    return drawing;
  }
  void put(std::string_view piece) {
    std::memcpy(text_.writable().data() + size_, piece.data(), piece.size());
    size_ += piece.size();
  }
  Secret finish() {
    text_.shorten(size_);
    return std::move(text_);
  }

 private:
  Secret text_;
  std::size_t size_ = 0;
};

void draw_row(Drawing& drawing, const QRcode& code, int y, Blocks blocks) {
  for (int x = -kQuietZone; x < code.width + kQuietZone; ++x) {
    if (blocks == Blocks::half) {
      drawing.put(glyph(is_light(code, x, y), is_light(code, x, y + 1)));
    } else {
      drawing.put(is_light(code, x, y) ? "##" : "  ");
    }
  }
  drawing.put("\n");
}

}  // namespace

Result<Secret> draw_qr(const Secret& text, Blocks blocks) {
  const Code code(QRcode_encodeString8bit(text.view().data(), 0, QR_ECLEVEL_L));
  if (code == nullptr) return system_error("drawing a QR code");
  const std::size_t side = static_cast<std::size_t>(code->width) + 2 * std::size_t{kQuietZone};
  constexpr std::size_t kWidestGlyph = 3;
  Drawing drawing = TRY(Drawing::with_room((side * kWidestGlyph + 1) * (side + 1)));
  const int step = blocks == Blocks::half ? 2 : 1;
  for (int y = -kQuietZone; y < code->width + kQuietZone; y += step) {
    draw_row(drawing, *code, y, blocks);
  }
  return drawing.finish();
}

}  // namespace usher::factors
