// The aliases table. Folds what it is given, so that one alias is one row however it was typed.
#include "daemon/store/aliases.hpp"

#include "daemon/directory/account_fields.hpp"
#include "daemon/store/columns.hpp"

namespace usher::store {

Result<void> add_alias(Database& database, PersonId person, std::string_view alias) {
  const std::string folded = TRY(directory::fold_alias(alias));
  {
    Query taken = TRY(database.query("SELECT 1 FROM aliases WHERE alias = ?"));
    if (TRY(taken.bind(folded).next())) {
      return Error(Errc::already_exists, "the alias is taken: " + folded);
    }
  }
  if (TRY(list_aliases(database, person)).size() >= directory::kMaxAliases) {
    return Error(Errc::invalid_input, "a person has at most 16 aliases");
  }
  Query query = TRY(database.query("INSERT INTO aliases (alias, person) VALUES (?, ?)"));
  return query.bind(folded).bind(number_of(person)).run();
}

Result<bool> delete_alias(Database& database, PersonId person, std::string_view alias) {
  const std::string folded = TRY(directory::fold_alias(alias));
  Query query = TRY(database.query("DELETE FROM aliases WHERE alias = ? AND person = ?"));
  TRY(query.bind(folded).bind(number_of(person)).run());
  return database.changed_rows() == 1;
}

Result<void> delete_aliases(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM aliases WHERE person = ?"));
  return query.bind(number_of(person)).run();
}

Result<std::vector<std::string>> list_aliases(Database& database, PersonId person) {
  Query query = TRY(database.query("SELECT alias FROM aliases WHERE person = ? ORDER BY alias"));
  query.bind(number_of(person));
  std::vector<std::string> aliases;
  while (TRY(query.next())) aliases.push_back(query.text(0));
  return aliases;
}

}  // namespace usher::store
