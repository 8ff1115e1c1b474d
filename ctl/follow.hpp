// usherctl audit --follow: what is decided from now on, as it is decided.
#pragma once

#include "ctl/session.hpp"

namespace usher::ctl {

// The newest records first of all, at most arguments.limit, then each new one until somebody ends
// it. Goes on after usherd was away, and says so.
Result<void> follow_audit(Session& session, const Arguments& arguments);

}  // namespace usher::ctl
