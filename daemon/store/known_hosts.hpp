// The table of the hosts a person has completed sign-ins from. What a host is called is
// daemon/policy/network.hpp's.
#pragma once

#include "daemon/store/people.hpp"

namespace usher::store {

inline constexpr std::int64_t kMaxKnownHosts = 32;

// One statement, whoever the name is or is not.
Result<bool> is_known_host(Database& database, std::string_view person, std::string_view host,
                           ports::Instant oldest);
// Of more than kMaxKnownHosts the one not seen for longest goes.
Result<void> note_known_host(Database& database, PersonId person, std::string_view host,
                             ports::Instant now);
Result<void> delete_known_hosts(Database& database, PersonId person);

}  // namespace usher::store
