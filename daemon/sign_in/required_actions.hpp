// What must be done before "yes": a new password, a second factor, recovery codes, the terms, a
// confirmed address. Each commits by itself, so a cut-off sign-in goes on with the first one
// missing. When each is due is pending_actions.hpp's.
#pragma once

#include "daemon/sign_in/first_factor.hpp"
#include "daemon/sign_in/pending_actions.hpp"

namespace usher::sign_in {

// The decision they end in, or none when nothing stands in the way. `accepted` is the decision so
// far: the actions note in it what they changed (the epoch, the proven password, the factors).
// A door without lifecycle refuses and says where to go; what is only recommended is never in the
// way.
Result<std::optional<Decision>> required_actions(const daemon::Context& context,
                                                 ports::Person& person, const FirstStep& first,
                                                 Decision& accepted);

// What is pending of somebody now.
Result<std::vector<PendingAction>> pending_actions_of(const daemon::Context& context,
                                                      store::PersonId person);
// In words that follow a colon: "set up a second factor".
texts::Text text_of(policy::Action action);

}  // namespace usher::sign_in
