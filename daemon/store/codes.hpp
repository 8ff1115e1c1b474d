// The table of one-time codes for another connection: first sign-in and reset. Only a keyed
// digest is kept; a code is found by its person and its four-character handle.
#pragma once

#include <vector>

#include "daemon/policy/throttle.hpp"
#include "daemon/store/contacts.hpp"
#include "daemon/store/people.hpp"

namespace usher::store {

struct CodeRecord {
  std::string handle;   // the first 4 Crockford characters
  std::string purpose;  // "first-sign-in"
  std::string digest;   // HMAC of the whole code
  std::int64_t epoch = 0;
  ports::Instant expires_at{};
  std::optional<ContactId> contact{};  // where it was mailed; it goes when that contact goes
  // Its end by the throttle's own time, which nobody sets; then expires_at is only what is told.
  std::optional<policy::Span> ends_at{};
};

// Whoever does not say that time finds no code that goes by it.
inline constexpr policy::Span kAfterAll = policy::Span::max();

// Voids the person's other codes of that purpose. Errc::already_exists: a live code of another
// purpose has the same handle; draw a new one.
Result<void> put_code(Database& database, PersonId person, const CodeRecord& code);
// Beside the person's other codes of that purpose, "reset" or "not-you". The same errors.
Result<void> add_code(Database& database, PersonId person, const CodeRecord& code,
                      ports::Instant now, policy::Span at = kAfterAll);
// Of that purpose, those that find_code() would find.
Result<std::vector<CodeRecord>> list_codes(Database& database, PersonId person,
                                           std::string_view purpose, ports::Instant now,
                                           policy::Span at = kAfterAll);
// Unspent, unexpired, of the person's present epoch; a "not-you" code of any.
Result<std::optional<CodeRecord>> find_code(Database& database, PersonId person,
                                            std::string_view handle, ports::Instant now,
                                            policy::Span at = kAfterAll);
// True for exactly one caller. Belongs in the transaction that acts on the code.
Result<bool> spend_code(Database& database, PersonId person, std::string_view handle,
                        ports::Instant now, policy::Span at = kAfterAll);
Result<void> delete_code(Database& database, PersonId person, std::string_view handle);
Result<void> delete_codes(Database& database, PersonId person);
Result<void> delete_codes_for(Database& database, PersonId person, std::string_view purpose);

}  // namespace usher::store
