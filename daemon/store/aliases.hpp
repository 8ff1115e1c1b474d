// The table of aliases: other names people sign in with, case folded (account_fields.hpp). They
// go with their person.
#pragma once

#include <string>
#include <vector>

#include "daemon/store/people.hpp"

namespace usher::store {

// Errc::invalid_input: no alias, or the person would have more than directory::kMaxAliases.
// Errc::already_exists: another living person's, or this one's already.
Result<void> add_alias(Database& database, PersonId person, std::string_view alias);
// False: this person has no such alias.
Result<bool> delete_alias(Database& database, PersonId person, std::string_view alias);
Result<void> delete_aliases(Database& database, PersonId person);
Result<std::vector<std::string>> list_aliases(Database& database, PersonId person);

}  // namespace usher::store
