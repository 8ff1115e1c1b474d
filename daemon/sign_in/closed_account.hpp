// An account that is closed, at the moment when its person may learn so; and what a person is told
// who signs in without a password of ours.
#pragma once

#include "daemon/sign_in/account_lookup.hpp"
#include "daemon/sign_in/decision.hpp"

namespace usher::sign_in {

// The refusal with its cause, or none where the account is open. Only after every factor is proven.
Result<std::optional<Decision>> refuse_if_closed(const daemon::Context& context,
                                                 const Account& account);

// Whom to ask instead: for people of a directory or a provider.
Decision refuse_not_local(const daemon::Context& context, const store::PersonRecord& person);

// Says that the account or the password ends soon, where the person can do something about it.
Result<void> warn_of_ends(const daemon::Context& context, ports::Person& person,
                          const Account& account);

}  // namespace usher::sign_in
