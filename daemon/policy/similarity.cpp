// Comparisons of code points, in memory that is wiped.
#include "daemon/policy/similarity.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

#include "daemon/policy/unicode.hpp"

namespace usher::policy {
namespace {

using Points = std::span<const CodePoint>;

bool is_reversed(Points fresh, Points old) {
  return fresh.size() == old.size() && std::equal(fresh.begin(), fresh.end(), old.rbegin());
}

bool holds(Points longer, Points shorter) {
  constexpr std::size_t kShortest = 4;
  return shorter.size() >= kShortest &&
         std::search(longer.begin(), longer.end(), shorter.begin(), shorter.end()) != longer.end();
}

// The next character that is no digit.
Points skip_digits(Points points) {
  while (!points.empty() && is_digit(points.front())) points = points.subspan(1);
  return points;
}

bool same_without_digits(Points fresh, Points old) {
  bool something = false;
  for (;;) {
    fresh = skip_digits(fresh);
    old = skip_digits(old);
    if (fresh.empty() || old.empty()) return something && fresh.empty() && old.empty();
    if (fresh.front() != old.front()) return false;
    something = true;
    fresh = fresh.subspan(1);
    old = old.subspan(1);
  }
}

// Levenshtein distance, one row at a time. No memory for the row: as if they differed wholly.
std::size_t distance(Points one, Points other) {
  using Cell = std::uint16_t;
  Result<Secret> room = Secret::zeroed((other.size() + 1) * sizeof(Cell));
  if (!room.has_value()) return std::max(one.size(), other.size());
  auto* row = reinterpret_cast<Cell*>(room->writable().data());
  for (std::size_t j = 0; j <= other.size(); ++j) row[j] = static_cast<Cell>(j);
  for (std::size_t i = 1; i <= one.size(); ++i) {
    Cell diagonal = row[0];
    row[0] = static_cast<Cell>(i);
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const int replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = static_cast<Cell>(std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row[other.size()];
}

}  // namespace

bool is_similar(const Secret& fresh, const Secret& old) {
  const auto left = folded_points(fresh.view());
  const auto right = folded_points(old.view());
  if (!left.has_value() || !right.has_value()) return false;
  const Points a = points_of(*left);
  const Points b = points_of(*right);
  if (a.empty() || b.empty()) return false;
  const std::size_t longest = std::max(a.size(), b.size());
  return is_reversed(a, b) || holds(a, b) || holds(b, a) || same_without_digits(a, b) ||
         distance(a, b) * 4 <= longest;
}

}  // namespace usher::policy
