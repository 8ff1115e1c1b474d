// What is written beside a factor that was proven just now, in the transaction that keeps it: the
// record that says what was bound, and what gives way to it (docs/adr/0024).
#pragma once

#include "daemon/context.hpp"
#include "daemon/store/factors.hpp"

namespace usher::sign_in {

// Both: Errc::conflict, which keeps nothing, if the person is not who the sign-in began with any
// more.

// If theirs were suspended: the other factors and the recovery codes go, the suspension ends and
// the epoch rises. `record` follows.
Result<void> bind_factor(const daemon::Context& context, store::Database& database,
                         store::PersonRecord& record, store::FactorId kept);
// Errc::conflict also where no second factor is left that they could stand in for.
Result<void> bind_recovery_codes(const daemon::Context& context, store::Database& database,
                                 const store::PersonRecord& record, store::FactorId kept);

}  // namespace usher::sign_in
