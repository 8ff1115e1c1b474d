// The tables of passwords: a PHC string a person, or none, and those accepted before.
#pragma once

#include "daemon/store/people.hpp"

namespace usher::store {

struct PasswordRecord {
  std::string phc;
  bool must_change = false;
  ports::Instant changed_at{};
};

Result<std::optional<PasswordRecord>> find_password(Database& database, PersonId person);
// A string that is not the newest of the person's history becomes it.
Result<void> put_password(Database& database, PersonId person, const PasswordRecord& record);
// Renews the string of the same password at a new cost, only if it is still the old string.
Result<bool> replace_phc(Database& database, PersonId person, std::string_view old_phc,
                         std::string_view new_phc);
// The history stays.
Result<void> delete_password(Database& database, PersonId person);

// The accepted ones, newest first, so the current one too; at most `limit`. A string made at an
// older cost stays as it was.
Result<std::vector<std::string>> list_password_history(Database& database, PersonId person,
                                                       std::size_t limit);
// Forgets all but the newest `keep`, of one person or of everybody.
Result<void> trim_password_history(Database& database, PersonId person, std::size_t keep);
Result<void> trim_password_histories(Database& database, std::size_t keep);

}  // namespace usher::store
