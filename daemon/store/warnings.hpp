// The tables of warnings about a password, that it ends and that it is known from a breach: the
// last one of each person.
#pragma once

#include "daemon/store/people.hpp"

namespace usher::store {

struct PasswordWarning {
  ports::Instant changed_at{};  // of the password it was about
  std::int64_t days = 0;        // before its end
  ports::Instant told_at{};
};

Result<std::optional<PasswordWarning>> find_password_warning(Database& database, PersonId person);
// In place of the one there was.
Result<void> put_password_warning(Database& database, PersonId person,
                                  const PasswordWarning& warning);
Result<void> delete_password_warning(Database& database, PersonId person);

// False: of the password chosen then they were told before.
Result<bool> put_breach_warning(Database& database, PersonId person, ports::Instant changed_at);
Result<void> delete_breach_warning(Database& database, PersonId person);

}  // namespace usher::store
