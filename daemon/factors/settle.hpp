// The one place where a code is accepted or counted, whatever its kind.
#pragma once

#include <optional>

#include "daemon/factors/factor.hpp"

namespace usher::factors {

// What a code is to one of the person's enrolments: the value its counter would have; none: wrong.
struct Match {
  store::FactorId factor;
  std::optional<std::int64_t> counter{};
  std::string
      digest{};  // of a code that is a row of its own, there or not; empty: it has a counter
};

// Judges, then spends or counts, in one transaction: of codes tried at once no more than the limits
// are looked at, and of two with the same right one, one succeeds. A spent one is not counted.
Result<Proof> settle(const daemon::Context& context, std::span<const Match> matches,
                     Guesses& guesses);

// What a wrong code costs, for an answer whose password was refused before its code: the same
// statements, and as long on the way to the disk.
enum class Spent : std::uint8_t { by_counter, as_row };
Result<void> settle_nobodys(const daemon::Context& context, Spent spent);

}  // namespace usher::factors
