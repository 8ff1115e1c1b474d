// One wish for a new password while it is decided: everything about it that is not the person's.
#pragma once

#include "daemon/notices/tell.hpp"
#include "daemon/origin.hpp"
#include "daemon/store/reset_requests.hpp"

namespace usher::forgotten {

// Who waits for a code reads it at once; afterwards nobody waits any more.
inline constexpr std::chrono::hours kOfUse{1};

struct Case {
  store::Database& database;
  const notices::Means& means;
  store::ResetRequest request;
  ports::Instant now;

  daemon::Origin origin() const {
    using daemon::Origin;
    // The person's own programs: usherctl self forgot. Nobody else is given that origin.
    for (const Origin origin : {Origin::local_seat, Origin::known_host, Origin::non_root_self}) {
      if (request.origin == daemon::name_of(origin)) return origin;
    }
    return daemon::Origin::unknown_host;
  }
};

}  // namespace usher::forgotten
