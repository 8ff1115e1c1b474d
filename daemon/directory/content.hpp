// What the store says is to be published, read in one snapshot: a statement a table, row by row.
// Passwords, factors and whatever else is secret are never read here.
#pragma once

#include <atomic>

#include "daemon/directory/edition.hpp"
#include "daemon/store/database.hpp"

namespace usher::directory {

// Everybody who is not deleted, their private groups, and local groups. Errc::hung_up as soon as
// `stopping` is true: 100,000 rows take a while.
Result<void> fill_from_store(Edition& edition, store::Database& database,
                             const std::atomic<bool>& stopping);

}  // namespace usher::directory
