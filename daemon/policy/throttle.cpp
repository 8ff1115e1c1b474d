// Failures are kept by the hour, not one by one: a row stays small whatever is thrown at it, and
// what is forgotten is always older than a day.
#include "daemon/policy/throttle.hpp"

#include <algorithm>
#include <numeric>

namespace usher::policy {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

std::int64_t hour_of(Span now) {
  return std::chrono::floor<hours>(now).count();
}

void shift(Hours& slots, std::int64_t by) {
  const auto steps = static_cast<std::ptrdiff_t>(std::min<std::int64_t>(by, kHours));
  std::shift_right(slots.begin(), slots.end(), steps);
  std::fill_n(slots.begin(), steps, std::uint8_t{0});
}

void add_one(std::uint8_t& slot) {
  if (slot < UINT8_MAX) ++slot;
}

bool has_strike(const Tries& tries, std::string_view strike) {
  for (std::size_t at = 0; at + kStrikeBytes <= tries.strikes.size(); at += kStrikeBytes) {
    if (std::string_view(tries.strikes).substr(at, kStrikeBytes) == strike) return true;
  }
  return false;
}

// Up to so many failures in 24 hours wait so long. The last row is for all further ones.
struct Step {
  unsigned failures;
  Span delay;
};
constexpr std::array kSteps{Step{2, seconds(1)}, Step{8, seconds(3)}, Step{24, seconds(5)},
                            Step{UINT32_MAX, seconds(10)}};

}  // namespace

Timepiece advanced(const Timepiece& piece, const ClockReading& now) {
  Span passed = now.wall - piece.last.wall;
  if (!now.boot.empty()) {
    const bool same_boot = now.boot == piece.last.boot;
    passed = same_boot ? now.since_boot - piece.last.since_boot : std::max(passed, now.since_boot);
  }
  return {piece.at + std::max(passed, Span(0)), now};
}

unsigned sum_of(const Hours& slots) {
  return std::accumulate(slots.begin(), slots.end(), 0U);
}

Tries aged(Tries tries, Span now) {
  const std::int64_t passed = hour_of(now) - tries.hour;
  if (passed <= 0) return tries;
  shift(tries.all, passed);
  shift(tries.standing, passed);
  tries.hour += passed;
  if (sum_of(tries.all) == 0) tries.strikes.clear();
  return tries;
}

Tries with_failure(Tries tries, std::string_view strike, Span now) {
  tries = aged(std::move(tries), now);
  if (has_strike(tries, strike)) return tries;
  add_one(tries.all.front());
  add_one(tries.standing.front());
  tries.strikes.insert(0, strike.substr(0, kStrikeBytes));
  if (tries.strikes.size() > kMaxStrikes * kStrikeBytes) {
    tries.strikes.resize(kMaxStrikes * kStrikeBytes);
  }
  return tries;
}

Tries forgiven(Tries tries) {
  tries.standing = {};
  return tries;
}

Verdict judge(const Tries& tries, const std::optional<Limits>& limits, Span now) {
  if (!limits) return Verdict::go_on;
  const Tries present = aged(tries, now);
  const bool full =
      sum_of(present.standing) >= limits->standing || sum_of(present.all) >= limits->all;
  return full ? Verdict::refuse : Verdict::go_on;
}

std::optional<Span> opens_at(const Tries& tries, const std::optional<Limits>& limits, Span now) {
  if (judge(tries, limits, now) == Verdict::go_on) return std::nullopt;
  Span then = std::chrono::floor<hours>(now);
  while (judge(tries, limits, then) == Verdict::refuse) then += hours(1);
  return then;
}

Span delay_after(const Tries& tries, Span now) {
  const unsigned failures = sum_of(aged(tries, now).all);
  const auto* step = std::find_if(kSteps.begin(), kSteps.end(),
                                  [&](const Step& row) { return failures <= row.failures; });
  return step->delay;
}

namespace {

std::int64_t step_of(Span now) {
  return now / kCodeStep;
}

}  // namespace

CodeBar bar_against(const CodeTries& tries, CodeFrom from, Span now) {
  if (tries.all >= kMaxWrongCodes) return CodeBar::worn_out;
  const bool shut =
      from == CodeFrom::unknown_host && tries.from_unknown >= kMaxWrongCodesFromUnknown;
  if (shut) return CodeBar::from_unknown;
  // Not earlier, or a store from a backup would give a step its three tries again.
  const bool too_soon = tries.step >= step_of(now) && tries.in_step >= kMaxWrongCodesInStep;
  return too_soon ? CodeBar::at_once : CodeBar::none;
}

CodeTries with_wrong_code(CodeTries tries, CodeFrom from, Span now) {
  const std::int64_t step = step_of(now);
  if (step > tries.step) {
    tries.step = step;
    tries.in_step = 0;
  }
  ++tries.in_step;
  ++tries.all;
  if (from == CodeFrom::unknown_host) ++tries.from_unknown;
  return tries;
}

CodeTries with_forgiven_codes(CodeTries tries, CodeFrom from, unsigned wrong) {
  tries.all -= std::min(tries.all, wrong);
  if (from == CodeFrom::unknown_host) tries.from_unknown -= std::min(tries.from_unknown, wrong);
  return tries;
}

}  // namespace usher::policy
