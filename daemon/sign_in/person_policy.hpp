// The policy that holds for one person, and whether it wants a new password of them now.
#pragma once

#include "daemon/sign_in/account_lookup.hpp"

namespace usher::sign_in {

Result<policy::Policy> policy_of(const daemon::Context& context, store::PersonId person);

// An administrator demanded it, or the password has reached its greatest age.
bool is_password_due(const daemon::Context& context, const Account& account,
                     const policy::Policy& policy);
// Changed a moment ago, and nobody demands another.
bool is_change_too_early(const daemon::Context& context, const Account& account,
                         const policy::Policy& policy);

}  // namespace usher::sign_in
