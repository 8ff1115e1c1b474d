// What must be done before "yes": a new password after a one-time code, a second factor where the
// organisation asks for one. Each commits by itself, so a cut-off sign-in goes on with the first
// one missing.
#pragma once

#include "daemon/sign_in/first_factor.hpp"

namespace usher::sign_in {

// The decision they end in, or none when nothing stands in the way. `accepted` is the decision so
// far: the actions note in it what they changed (the epoch, the proven password, the factors).
Result<std::optional<Decision>> required_actions(const daemon::Context& context,
                                                 ports::Person& person, const FirstStep& first,
                                                 Decision& accepted);

}  // namespace usher::sign_in
