// The table of a person's attributes: department, manager and the like, one value a name. Rules ask
// about them; nothing here gives one a meaning.
#pragma once

#include <string>
#include <vector>

#include "daemon/store/people.hpp"

namespace usher::store {

struct Attribute {
  std::string name;   // directory::is_attribute_name
  std::string value;  // directory::is_attribute_value
  friend bool operator==(const Attribute&, const Attribute&) = default;
};

// Replaces the value the name had. Errc::invalid_input: no name or no value, or the person has
// directory::kMaxAttributes already.
Result<void> put_attribute(Database& database, PersonId person, const Attribute& attribute);
// False: the person has none of this name.
Result<bool> delete_attribute(Database& database, PersonId person, std::string_view name);
Result<void> delete_attributes(Database& database, PersonId person);
// In name order.
Result<std::vector<Attribute>> list_attributes(Database& database, PersonId person);

}  // namespace usher::store
