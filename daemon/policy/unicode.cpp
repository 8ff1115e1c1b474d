// utf8proc's two halves, decompose and re-encode, in memory of our own: its one-call form leaves
// parts of the text behind in freed memory.
#include "daemon/policy/unicode.hpp"

#include <utf8proc.h>

namespace usher::policy {
namespace {

constexpr int kComposed = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
constexpr int kFolded = kComposed | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD;

// Code points, four bytes each; room for one byte more.
Result<Secret> decompose(std::string_view text, int options) {
  const auto option = static_cast<utf8proc_option_t>(options);
  const auto* input = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto input_size = static_cast<utf8proc_ssize_t>(text.size());
  const utf8proc_ssize_t count = utf8proc_decompose(input, input_size, nullptr, 0, option);
  if (count < 0) return Error(Errc::invalid_input, utf8proc_errmsg(count));
  Secret room = TRY(Secret::zeroed(static_cast<std::size_t>(count) * sizeof(utf8proc_int32_t) + 1));
  auto* points = reinterpret_cast<utf8proc_int32_t*>(room.writable().data());
  const utf8proc_ssize_t filled = utf8proc_decompose(input, input_size, points, count, option);
  if (filled < 0) return Error(Errc::invalid_input, utf8proc_errmsg(filled));
  return room;
}

// Re-encoding happens in place and ends in a NUL.
Result<Secret> map(std::string_view text, int options) {
  Secret room = TRY(decompose(text, options));
  const auto count = static_cast<utf8proc_ssize_t>(room.size() / sizeof(utf8proc_int32_t));
  auto* points = reinterpret_cast<utf8proc_int32_t*>(room.writable().data());
  const auto option = static_cast<utf8proc_option_t>(options);
  const utf8proc_ssize_t size = utf8proc_reencode(points, count, option);
  if (size < 0) return Error(Errc::invalid_input, utf8proc_errmsg(size));
  room.shorten(static_cast<std::size_t>(size));
  return room;
}

}  // namespace

Result<Secret> to_nfc(std::string_view text) {
  return map(text, kComposed);
}

Result<Secret> fold_case(std::string_view text) {
  return map(text, kFolded);
}

Result<Secret> folded_points(std::string_view text) {
  Secret points = TRY(decompose(text, kFolded));
  const auto option = static_cast<utf8proc_option_t>(kFolded);
  const auto count = static_cast<utf8proc_ssize_t>(points.size() / sizeof(CodePoint));
  const utf8proc_ssize_t composed = utf8proc_normalize_utf32(
      reinterpret_cast<utf8proc_int32_t*>(points.writable().data()), count, option);
  if (composed < 0) return Error(Errc::invalid_input, utf8proc_errmsg(composed));
  points.shorten(static_cast<std::size_t>(composed) * sizeof(CodePoint));
  return points;
}

std::span<const CodePoint> points_of(const Secret& points) {
  return {reinterpret_cast<const CodePoint*>(points.view().data()),
          points.size() / sizeof(CodePoint)};
}

bool is_digit(CodePoint character) {
  return utf8proc_category(character) == UTF8PROC_CATEGORY_ND;
}

ClassCounts count_classes(std::string_view valid_utf8) {
  ClassCounts counts;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(valid_utf8.data());
  auto left = static_cast<utf8proc_ssize_t>(valid_utf8.size());
  while (left > 0) {
    utf8proc_int32_t character = 0;
    const utf8proc_ssize_t length = utf8proc_iterate(bytes, left, &character);
    if (length <= 0) break;
    bytes += length;
    left -= length;
    ++counts.code_points;
    switch (utf8proc_category(character)) {
      case UTF8PROC_CATEGORY_LL:
        ++counts.lower;
        break;
      case UTF8PROC_CATEGORY_LU:
        ++counts.upper;
        break;
      case UTF8PROC_CATEGORY_ND:
        ++counts.digit;
        break;
      case UTF8PROC_CATEGORY_LT:
      case UTF8PROC_CATEGORY_LM:
      case UTF8PROC_CATEGORY_LO:
        break;  // letters without a case are no class of their own
      default:
        ++counts.special;
    }
  }
  return counts;
}

}  // namespace usher::policy
