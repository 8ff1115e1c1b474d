// The organisations and memberships tables.
#include "daemon/store/organisations.hpp"

#include "base/text.hpp"
#include "daemon/directory/account_fields.hpp"
#include "daemon/store/columns.hpp"

// The order read_organisation() reads them in. A macro: statements are literals.
#define USHER_ORGANISATION_COLUMNS "o.id, o.name, o.display_name, o.support, o.created_at"

namespace usher::store {
namespace {

std::int64_t number_of(OrganisationId id) {
  return static_cast<std::int64_t>(id);
}

OrganisationRecord read_organisation(const Query& row) {
  return {.id = OrganisationId{row.integer(0)},
          .name = row.text(1),
          .display_name = row.text(2),
          .support = row.text(3),
          .created_at = instant_of(row.integer(4))};
}

Result<std::vector<OrganisationRecord>> read_organisations(Query& query) {
  std::vector<OrganisationRecord> organisations;
  while (TRY(query.next())) organisations.push_back(read_organisation(query));
  return organisations;
}

// They are shown to people at a terminal.
Result<void> check_texts(const OrganisationTexts& texts) {
  for (const auto* text : {&texts.display_name, &texts.support}) {
    if (*text && !is_plain_text(**text, Newlines::refused)) {
      return Error(Errc::invalid_input, "an organisation's texts hold no control characters");
    }
  }
  return {};
}

}  // namespace

Result<OrganisationRecord> add_organisation(Database& database, std::string_view name,
                                            const OrganisationTexts& texts, ports::Instant now) {
  if (!directory::is_organisation_name(name)) {
    return Error(Errc::invalid_input,
                 "an organisation's name holds a-z, 0-9, '.' and '-', at most 64");
  }
  TRY(check_texts(texts));
  {
    Query query =
        TRY(database.query("INSERT INTO organisations (name, display_name, support, created_at) "
                           "VALUES (?, ?, ?, ?)"));
    TRY(query.bind(name)
            .bind(texts.display_name.value_or(""))
            .bind(texts.support.value_or(""))
            .bind(number_of(now))
            .run());
  }
  std::optional<OrganisationRecord> added = TRY(find_organisation(database, name));
  if (!added.has_value()) return Error(Errc::internal, "an organisation just added is not there");
  return *added;
}

Result<void> change_organisation(Database& database, OrganisationId organisation,
                                 const OrganisationTexts& texts) {
  TRY(check_texts(texts));
  Query query =
      TRY(database.query("UPDATE organisations SET display_name = COALESCE(?, display_name), "
                         "support = COALESCE(?, support) WHERE id = ?"));
  for (const auto* text : {&texts.display_name, &texts.support}) {
    *text ? query.bind(**text) : query.bind_null();
  }
  TRY(query.bind(number_of(organisation)).run());
  if (database.changed_rows() == 0) return Error(Errc::not_found, "there is no such organisation");
  return {};
}

Result<std::optional<OrganisationRecord>> find_organisation(Database& database,
                                                            std::string_view name) {
  Query query = TRY(database.query("SELECT " USHER_ORGANISATION_COLUMNS
                                   " FROM organisations o WHERE o.name = ?"));
  query.bind(name);
  if (!TRY(query.next())) return std::optional<OrganisationRecord>();
  return std::optional<OrganisationRecord>(read_organisation(query));
}

Result<std::vector<OrganisationRecord>> list_organisations(Database& database,
                                                           std::string_view after,
                                                           std::int64_t limit) {
  Query query =
      TRY(database.query("SELECT " USHER_ORGANISATION_COLUMNS
                         " FROM organisations o WHERE o.name > ? ORDER BY o.name LIMIT ?"));
  // SQLite reads a negative limit as "all".
  query.bind(after).bind(limit < 0 ? 0 : limit);
  return read_organisations(query);
}

Result<void> delete_organisation(Database& database, OrganisationId organisation) {
  Transaction transaction = TRY(Transaction::begin(database));
  {
    Query members = TRY(database.query("DELETE FROM memberships WHERE organisation = ?"));
    TRY(members.bind(number_of(organisation)).run());
    Query query = TRY(database.query("DELETE FROM organisations WHERE id = ?"));
    TRY(query.bind(number_of(organisation)).run());
    if (database.changed_rows() == 0) {
      return Error(Errc::not_found, "there is no such organisation");
    }
  }
  return transaction.commit();
}

Result<bool> join_organisation(Database& database, OrganisationId organisation, PersonId person) {
  Query query = TRY(database.query(
      "INSERT INTO memberships (organisation, person) VALUES (?, ?) ON CONFLICT DO NOTHING"));
  TRY(query.bind(number_of(organisation)).bind(number_of(person)).run());
  return database.changed_rows() == 1;
}

Result<bool> leave_organisation(Database& database, OrganisationId organisation, PersonId person) {
  Query query =
      TRY(database.query("DELETE FROM memberships WHERE organisation = ? AND person = ?"));
  TRY(query.bind(number_of(organisation)).bind(number_of(person)).run());
  return database.changed_rows() == 1;
}

Result<void> leave_organisations(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM memberships WHERE person = ?"));
  return query.bind(number_of(person)).run();
}

Result<std::vector<std::string>> list_people_of(Database& database, OrganisationId organisation,
                                                std::string_view after, std::int64_t limit) {
  Query query =
      TRY(database.query("SELECT p.name FROM memberships m JOIN people p ON p.id = m.person "
                         "WHERE m.organisation = ? AND p.name > ? ORDER BY p.name LIMIT ?"));
  query.bind(number_of(organisation)).bind(after).bind(limit < 0 ? 0 : limit);
  std::vector<std::string> names;
  while (TRY(query.next())) names.push_back(query.text(0));
  return names;
}

Result<std::vector<OrganisationRecord>> list_organisations_of(Database& database, PersonId person) {
  Query query = TRY(database.query("SELECT " USHER_ORGANISATION_COLUMNS
                                   " FROM memberships m JOIN organisations o "
                                   "ON o.id = m.organisation WHERE m.person = ? ORDER BY o.name"));
  query.bind(number_of(person));
  return read_organisations(query);
}

std::string_view support_of(const std::vector<OrganisationRecord>& theirs,
                            std::string_view otherwise) {
  for (const OrganisationRecord& one : theirs) {
    if (!one.support.empty()) return one.support;
  }
  return otherwise;
}

}  // namespace usher::store
