// How often people changed something of their own: each change is a record for good, and whoever
// needs no role for it must not fill the disk with them.
#pragma once

#include <string_view>

#include "daemon/store/audit.hpp"

namespace usher::store {

// What the person changed of their own since then, by the records' order; counts no further than
// `most`.
Result<std::int64_t> count_own_changes(Database& database, std::string_view person,
                                       ports::Instant since, std::int64_t most);

}  // namespace usher::store
