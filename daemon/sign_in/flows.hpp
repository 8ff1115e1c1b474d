// The flows, one a PAM operation. Each reads as a story told to one person; each returns what was
// decided. None writes to the person's credentials before the first factor is proven.
#pragma once

#include "daemon/context.hpp"
#include "daemon/ports/person.hpp"
#include "daemon/sign_in/decision.hpp"
#include "daemon/store/audit.hpp"

namespace usher::sign_in {

Result<Decision> authenticate(const daemon::Context& context, ports::Person& person);
Result<Decision> account(const daemon::Context& context, ports::Person& person);
Result<Decision> prepare_change(const daemon::Context& context, ports::Person& person);
Result<Decision> change_password(const daemon::Context& context, ports::Person& person);

// Writes the audit record, and for an accepted sign-in checks in the same transaction that the
// person is still who was decided about. What it returns is what the module may be told.
Result<Decision> conclude(const daemon::Context& context, Decision decision,
                          std::string_view request);
// An audit record that says who calls from where, and nothing yet of what came of it.
store::AuditRecord record_of(const daemon::Context& context, std::string_view request);
// The audit record of a conversation that ended in an Error.
Result<void> record_failure(const daemon::Context& context, const Error& error,
                            std::string_view request);

}  // namespace usher::sign_in
