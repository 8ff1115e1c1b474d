// A password that was proven is looked up in the filter of breached ones while it is at hand: one
// that was good when it was chosen may be on a list by now.
#pragma once

#include "daemon/sign_in/first_factor.hpp"

namespace usher::sign_in {

// Of a password, not of a one-time code. Its owner is told once, whatever becomes of it; what is
// asked of them is the policy's (pending_actions.hpp). A damaged filter is noted, and shuts nobody
// out.
Result<bool> look_for_breach(const daemon::Context& context, const FirstStep& first);

}  // namespace usher::sign_in
