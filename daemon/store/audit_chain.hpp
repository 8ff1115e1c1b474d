// The audit table's chain, followed a piece at a time: who verifies a long one gives its connection
// back in between, and goes on where it was.
#pragma once

#include <optional>
#include <string>

#include "daemon/store/database.hpp"

namespace usher::store {

struct ChainCheck {
  std::int64_t follows = 0;            // every record up to this one follows from the one before
  std::string hash{};                  // of that record; empty before the first
  std::optional<std::int64_t> last{};  // the last record to look at: of when the check began
  std::optional<std::int64_t> broken{};

  bool ended() const { return broken || (last && follows >= *last); }
};

// Goes on over at most so many records.
Result<ChainCheck> check_chain(Database& database, ChainCheck check, std::int64_t at_most);

}  // namespace usher::store
