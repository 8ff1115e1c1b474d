// usherctl audit --follow: what is decided from now on, as it is decided.
#pragma once

#include "ctl/session.hpp"

namespace usher::ctl {

// Whose records, and since when, as ListAudit is asked.
Result<protocol::varlink::Json> audit_asked(const Session& session, const Arguments& arguments);

// The newest records first of all, at most arguments.limit, or every one since arguments.since;
// then each new one until somebody ends it. Goes on after usherd was away, and says so.
Result<void> follow_audit(Session& session, const Arguments& arguments);

}  // namespace usher::ctl
