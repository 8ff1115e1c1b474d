// The attributes table.
#include "daemon/store/attributes.hpp"

#include "daemon/directory/account_fields.hpp"
#include "daemon/store/columns.hpp"

namespace usher::store {

Result<void> put_attribute(Database& database, PersonId person, const Attribute& attribute) {
  if (!directory::is_attribute_name(attribute.name) ||
      !directory::is_attribute_value(attribute.value)) {
    return Error(Errc::invalid_input,
                 "an attribute is a name of a-z, 0-9, '_' and '-', and a plain text");
  }
  {
    Query query =
        TRY(database.query("INSERT INTO attributes (person, name, value) VALUES (?, ?, ?) "
                           "ON CONFLICT (person, name) DO UPDATE SET value = excluded.value"));
    TRY(query.bind(number_of(person)).bind(attribute.name).bind(attribute.value).run());
  }
  if (TRY(list_attributes(database, person)).size() > directory::kMaxAttributes) {
    return Error(Errc::invalid_input, "a person has at most 32 attributes");
  }
  return {};
}

Result<bool> delete_attribute(Database& database, PersonId person, std::string_view name) {
  Query query = TRY(database.query("DELETE FROM attributes WHERE person = ? AND name = ?"));
  TRY(query.bind(number_of(person)).bind(name).run());
  return database.changed_rows() == 1;
}

Result<void> delete_attributes(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM attributes WHERE person = ?"));
  return query.bind(number_of(person)).run();
}

Result<std::vector<Attribute>> list_attributes(Database& database, PersonId person) {
  Query query =
      TRY(database.query("SELECT name, value FROM attributes WHERE person = ? ORDER BY name"));
  query.bind(number_of(person));
  std::vector<Attribute> attributes;
  while (TRY(query.next())) attributes.push_back({query.text(0), query.text(1)});
  return attributes;
}

}  // namespace usher::store
