// What of a person decides which policies apply, out of the store.
#pragma once

#include "daemon/policy/policy.hpp"
#include "daemon/store/people.hpp"

namespace usher::daemon {

Result<policy::Memberships> memberships_of(store::Database& database, store::PersonId person);

}  // namespace usher::daemon
