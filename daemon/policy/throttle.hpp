// How many wrong passwords and codes, and how long a password waits for its answer. Pure: counters
// and times in, a decision out; no store, no clock. The table of limits a class of origins is the
// sign-in's.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace usher::policy {

using Span = std::chrono::milliseconds;

// --- The throttle's own time, which only moves forward ---

// Both clocks of the machine at one moment. The boot's name says whether two spans since boot may
// be compared; where it is not known, the wall clock alone counts.
struct ClockReading {
  std::string boot;
  Span since_boot{0};
  Span wall{0};
};

// The time it was when both clocks were last read.
struct Timepiece {
  Span at{0};
  ClockReading last;
};

// Within one boot the wall clock counts for nothing, however it is set. Across a boot it says how
// long the machine was off: never less than nothing, and at least the time since it booted.
Timepiece advanced(const Timepiece& piece, const ClockReading& now);

// --- Wrong passwords of one account from one class of origins ---

// The hour that runs and the 24 before it: together never less than any 24 hours.
inline constexpr std::size_t kHours = 25;
using Hours = std::array<std::uint8_t, kHours>;  // newest first; a full one stays full

inline constexpr std::size_t kStrikeBytes = 8;
inline constexpr std::size_t kMaxStrikes = 4;

struct Tries {
  std::int64_t hour = 0;  // of the throttle's time, the newest of the counted ones
  Hours all{};            // every failure
  Hours standing{};       // those since the last one was forgiven
  std::string strikes;    // digests of the last different wrong passwords, newest first
};

unsigned sum_of(const Hours& hours);
// What has gone by is forgotten: the failures, and once there is none left, the strikes.
Tries aged(Tries tries, Span now);
// A failure more, unless it is a password that is counted already. `strike` is its digest.
Tries with_failure(Tries tries, std::string_view strike, Span now);
// After a success of the owner's: all of it stays counted, none of it stands.
Tries forgiven(Tries tries);

// None: the class is delayed, never refused.
struct Limits {
  unsigned standing;  // failures in 24 hours until the owner is seen
  unsigned all;       // failures in 24 hours, whatever happens
};

enum class Verdict : std::uint8_t { go_on, refuse };
Verdict judge(const Tries& tries, const std::optional<Limits>& limits, Span now);
// When it would go on again, should nothing happen until then; none: it goes on now.
std::optional<Span> opens_at(const Tries& tries, const std::optional<Limits>& limits, Span now);

// How long the answer to a failure waits, which itself is counted already.
Span delay_after(const Tries& tries, Span now);

// --- Wrong codes against one enrolment, for as long as it lives ---

// A guess at six digits hits one of the three codes accepted at a time: a hundred guesses hit with
// 0.03 %, over the whole life of the enrolment.
inline constexpr unsigned kMaxWrongCodes = 100;            // then it must be enrolled anew
inline constexpr unsigned kMaxWrongCodesFromUnknown = 60;  // then unknown hosts are refused
inline constexpr unsigned kMaxWrongCodesInStep = 3;
inline constexpr Span kCodeStep = std::chrono::seconds(30);

enum class CodeFrom : std::uint8_t { unknown_host, elsewhere };

struct CodeTries {
  unsigned all = 0;
  unsigned from_unknown = 0;
  std::int64_t step = 0;  // of the throttle's time
  unsigned in_step = 0;
};

// What stands against looking at a code, the lasting ones first.
enum class CodeBar : std::uint8_t { none, worn_out, from_unknown, at_once };
CodeBar bar_against(const CodeTries& tries, CodeFrom from, Span now);
CodeTries with_wrong_code(CodeTries tries, CodeFrom from, Span now);
// A right code followed in the same conversation: `wrong` of them were the owner's.
CodeTries with_forgiven_codes(CodeTries tries, CodeFrom from, unsigned wrong);

}  // namespace usher::policy
