// What an administrator sets of an account's life beside its state: the columns of 0008. What they
// mean at a sign-in is daemon/lifecycle.hpp's.
#pragma once

#include "daemon/store/people.hpp"

namespace usher::store {

// All that write: Errc::not_found when there is no such person.
Result<void> set_source(Database& database, PersonId id, std::string_view source);
// None: never.
Result<void> set_expiry(Database& database, PersonId id, std::optional<ports::Instant> at);
// Days without a sign-in are counted from now.
Result<void> reopen(Database& database, PersonId id, ports::Instant now);
// May be past: it stands until a new factor is proven, or an administrator takes it back.
Result<std::optional<ports::Instant>> factors_suspended_until(Database& database, PersonId id);
// None: they are asked for.
Result<void> suspend_factors(Database& database, PersonId id, std::optional<ports::Instant> until);
// Somebody came in without a sign-in of ours: by a public key.
Result<void> note_activity(Database& database, PersonId id, ports::Instant now);

}  // namespace usher::store
