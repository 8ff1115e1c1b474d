// The table of one-time codes for another connection: first sign-in and reset. Only a keyed
// digest is kept; a code is found by its person and its four-character handle.
#pragma once

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
};

// Voids the person's other codes of that purpose. Errc::already_exists: a live code of another
// purpose has the same handle; draw a new one.
Result<void> put_code(Database& database, PersonId person, const CodeRecord& code);
// Beside the person's other codes of that purpose, "reset". The same errors.
Result<void> add_code(Database& database, PersonId person, const CodeRecord& code,
                      ports::Instant now);
// How many of that purpose find_code() would find.
Result<std::int64_t> count_codes(Database& database, PersonId person, std::string_view purpose,
                                 ports::Instant now);
// Unspent, unexpired, of the person's present epoch.
Result<std::optional<CodeRecord>> find_code(Database& database, PersonId person,
                                            std::string_view handle, ports::Instant now);
// True for exactly one caller. Belongs in the transaction that acts on the code.
Result<bool> spend_code(Database& database, PersonId person, std::string_view handle,
                        ports::Instant now);
Result<void> delete_codes(Database& database, PersonId person);

}  // namespace usher::store
