// Mail to the organisation's contact about an account, in the host's language: they are who
// decides.
#pragma once

#include <optional>
#include <string>

#include "daemon/context.hpp"
#include "daemon/letters/letter.hpp"
#include "daemon/store/people.hpp"

namespace usher::sign_in {

// None: what support holds is free text, and a telephone number is none.
std::optional<std::string> support_address(const daemon::Context& context);

// Queued in the caller's transaction, with this conversation's door and origin; nothing where there
// is no address.
Result<void> mail_support(const daemon::Context& context, store::Database& database,
                          store::PersonRecord person, letters::Letter letter);

}  // namespace usher::sign_in
