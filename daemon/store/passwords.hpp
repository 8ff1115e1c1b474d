// The table of passwords: a PHC string a person, or none.
#pragma once

#include "daemon/store/people.hpp"

namespace usher::store {

struct PasswordRecord {
  std::string phc;
  bool must_change = false;
  ports::Instant changed_at{};
};

Result<std::optional<PasswordRecord>> find_password(Database& database, PersonId person);
Result<void> put_password(Database& database, PersonId person, const PasswordRecord& record);
// Renews the string of the same password at a new cost, only if it is still the old string.
Result<bool> replace_phc(Database& database, PersonId person, std::string_view old_phc,
                         std::string_view new_phc);
Result<void> delete_password(Database& database, PersonId person);

}  // namespace usher::store
