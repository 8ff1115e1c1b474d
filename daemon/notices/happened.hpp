// What happened in a conversation, told to its owner: through which service, and from where.
#pragma once

#include <vector>

#include "daemon/notices/tell.hpp"

namespace usher::notices {

// In the transaction in which it happens. `values` are what the letter's row names beside service
// and origin.
Result<void> tell_of(store::Database& database, const daemon::Context& context,
                     const store::PersonRecord& person, letters::Letter letter,
                     std::vector<letters::Value> values = {});

// Of what a stranger can repeat: once an hour. Of what the owner repeats, and a thief does from
// elsewhere: once an hour from each place.
enum class Once : std::uint8_t { an_hour, an_hour_and_place };
Result<void> tell_of_at_times(store::Database& database, const daemon::Context& context,
                              const store::PersonRecord& person, letters::Letter letter, Once once,
                              std::vector<letters::Value> values = {});

}  // namespace usher::notices
