// The one wrapper of libutf8proc: normalisation and case folding of passwords.
#pragma once

#include <cstdint>
#include <span>

#include "base/secret.hpp"

namespace usher::policy {

// NFC. Errc::invalid_input when the bytes are not UTF-8.
Result<Secret> to_nfc(std::string_view text);
// NFKC with case folding: for comparisons with word lists only.
Result<Secret> fold_case(std::string_view text);

// The same as code points, four bytes each, in memory that is wiped.
using CodePoint = std::int32_t;
Result<Secret> folded_points(std::string_view text);
std::span<const CodePoint> points_of(const Secret& points);
bool is_digit(CodePoint character);

struct ClassCounts {
  std::size_t code_points = 0;
  std::size_t lower = 0, upper = 0, digit = 0, special = 0;
};
ClassCounts count_classes(std::string_view valid_utf8);

}  // namespace usher::policy
