// The table of what people put off: what is only recommended and was not wanted when it was asked
// for. Whether it was done meanwhile is not known here.
#pragma once

#include "daemon/policy/actions.hpp"
#include "daemon/store/people.hpp"

namespace usher::store {

// The last time counts.
Result<void> put_off(Database& database, PersonId person, policy::Action action,
                     ports::Instant now);
using PutOff = policy::PerAction<std::optional<ports::Instant>>;
Result<PutOff> find_put_off(Database& database, PersonId person);
Result<void> delete_put_off(Database& database, PersonId person);

}  // namespace usher::store
