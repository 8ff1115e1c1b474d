// What ends contacts that never served recovery: whoever had the password may have entered them.
#pragma once

#include "daemon/notices/tell.hpp"

namespace usher::contacts {

// It was never confirmed, or its time has not come; whatever a campaign thinks of it.
bool never_counted(const store::ContactRecord& contact, ports::Instant now);

// An objection: all of them, and the codes that were on their way.
Result<void> delete_never_counted(store::Database& database, store::PersonId person,
                                  ports::Instant now);

// A new password: those that were confirmed with nothing but the one before. The other contacts are
// told. Where none serves recovery, nothing goes: it would be the owner's only one, as likely as
// not.
Result<void> delete_held(store::Database& database, const notices::Means& means,
                         const store::PersonRecord& person, ports::Instant now);

}  // namespace usher::contacts
