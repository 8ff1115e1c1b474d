// The table of who accepted which terms. A version is the digest of the text that was shown.
#pragma once

#include <string>
#include <vector>

#include "daemon/store/people.hpp"

namespace usher::store {

struct AcceptedTerms {
  std::string version;  // SHA-256 in hex
  ports::Instant accepted_at{};
};

// Accepted again: the first time counts.
Result<void> accept_terms(Database& database, PersonId person, std::string_view version,
                          ports::Instant now);
// Oldest first.
Result<std::vector<AcceptedTerms>> list_accepted_terms(Database& database, PersonId person);
Result<void> delete_accepted_terms(Database& database, PersonId person);

}  // namespace usher::store
