// A second factor in place of those that an administrator suspended: docs/adr/0024.
#pragma once

#include "daemon/context.hpp"
#include "daemon/store/factors.hpp"

namespace usher::sign_in {

// In the transaction that keeps `kept`: the person's other factors and their recovery codes go, the
// suspension ends, the epoch rises, and a record says so. `record` follows. Of whoever is not
// suspended nothing is changed. Errc::conflict: they are not who the sign-in began with any more.
Result<void> replace_suspended(const daemon::Context& context, store::Database& database,
                               store::PersonRecord& record, store::FactorId kept);

}  // namespace usher::sign_in
