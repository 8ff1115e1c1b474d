// The people table. Never changes a person's ids, never brings a deleted person back, never shows
// one.
#include "daemon/store/people.hpp"

#include "daemon/directory/account_fields.hpp"
#include "daemon/store/aliases.hpp"
#include "daemon/store/attributes.hpp"
#include "daemon/store/codes.hpp"
#include "daemon/store/columns.hpp"
#include "daemon/store/contacts.hpp"
#include "daemon/store/directory_rows.hpp"
#include "daemon/store/factors.hpp"
#include "daemon/store/groups.hpp"
#include "daemon/store/known_hosts.hpp"
#include "daemon/store/news.hpp"
#include "daemon/store/organisations.hpp"
#include "daemon/store/outbox.hpp"
#include "daemon/store/passwords.hpp"
#include "daemon/store/put_off.hpp"
#include "daemon/store/reset_requests.hpp"
#include "daemon/store/terms.hpp"
#include "daemon/store/tries.hpp"
#include "daemon/store/warnings.hpp"

// The order read_person() reads them in. A macro: statements are literals.
#define USHER_PERSON_COLUMNS                                              \
  "id, name, display_name, uid, state, state_reason, epoch, created_at, " \
  "last_sign_in_at, " USHER_ACCOUNT_DEFAULTS                              \
  ", language, disabled, source, "                                        \
  "expires_at, reopened_at, factors_suspended_until, greeted, last_proven_at"
// What stands for NULL: what everybody has.
#define USHER_ACCOUNT_DEFAULTS \
  "COALESCE(gid, uid), COALESCE(home, '/home/' || name), COALESCE(shell, '/bin/bash')"

namespace usher::store {
namespace {

constexpr PersonState kStates[] = {PersonState::invited, PersonState::active,
                                   PersonState::suspended, PersonState::deleted};

Result<PersonState> parse_state(std::string_view text) {
  for (const PersonState state : kStates) {
    if (name_of(state) == text) return state;
  }
  return Error(Errc::damaged, "a person's stored state is none we know");
}

// As the column has it: a disabled person is a suspended one with a mark.
std::string_view stored_name_of(PersonState state) {
  return name_of(state == PersonState::disabled ? PersonState::suspended : state);
}

std::optional<ports::Instant> instant_at(const Query& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return instant_of(row.integer(column));
}

Result<PersonRecord> read_person(const Query& row) {
  Result<UserName> name = UserName::parse(row.text(1));
  // Written through UserName, so another shape was not written by us.
  if (!name.has_value()) return Error(Errc::damaged, name.error().text());
  PersonRecord person{.id = PersonId{row.integer(0)},
                      .name = *name,
                      .display_name = row.text(2),
                      .uid = Uid{static_cast<std::uint32_t>(row.integer(3))},
                      .gid = Gid{static_cast<std::uint32_t>(row.integer(9))},
                      .home = row.text(10),
                      .shell = row.text(11),
                      .state = TRY(parse_state(row.text(4))),
                      .state_reason = row.text(5),
                      .epoch = row.integer(6),
                      .created_at = instant_of(row.integer(7)),
                      .last_sign_in = instant_at(row, 8),
                      .language = texts::language_of(row.text(12)),
                      .greeted = row.integer(18) != 0,
                      .source = row.text(14),
                      .expires_at = instant_at(row, 15),
                      .reopened_at = instant_at(row, 16),
                      .factors_suspended_until = instant_at(row, 17),
                      .last_proven = instant_at(row, 19)};
  if (row.integer(13) != 0) person.state = PersonState::disabled;
  return person;
}

Result<std::optional<PersonRecord>> read_one_person(Query& query) {
  if (!TRY(query.next())) return std::optional<PersonRecord>();
  return std::optional<PersonRecord>(TRY(read_person(query)));
}

// Another program reads these out of a passwd entry.
Result<void> check_fields(const std::optional<std::string>& display_name,
                          const std::optional<std::string>& home,
                          const std::optional<std::string>& shell) {
  if (display_name && !is_plain_text(*display_name, Newlines::refused)) {
    return Error(Errc::invalid_input, "a display name holds control characters");
  }
  if (home && !directory::is_home(*home)) {
    return Error(Errc::invalid_input, "a home is an absolute path without ':' and ..");
  }
  if (shell && !directory::is_shell(*shell)) {
    return Error(Errc::invalid_input, "a shell is an absolute path without ':' and ..");
  }
  return {};
}

std::optional<std::string> code_of(std::optional<texts::Language> language) {
  return language ? std::optional<std::string>(texts::code_of(*language)) : std::nullopt;
}

Query& bind_optional(Query& query, const std::optional<std::string>& text) {
  return text ? query.bind(*text) : query.bind_null();
}

Result<void> insert_person(Database& database, const NewPerson& person, std::string_view uuid,
                           const AccountIds& ids, ports::Instant now) {
  Query query = TRY(database.query(
      "INSERT INTO people (uuid, name, display_name, uid, state, state_reason, epoch, created_at, "
      "gid, home, shell, language, source) "
      "VALUES (?, ?, ?, ?, 'invited', '', 1, ?, ?, ?, ?, ?, ?)"));
  query.bind(uuid)
      .bind(person.name.view())
      .bind(person.display_name)
      .bind(std::int64_t{ids.uid.number})
      .bind(number_of(now));
  if (ids.gid.number == ids.uid.number) {
    query.bind_null();
  } else {
    query.bind(std::int64_t{ids.gid.number});
  }
  bind_optional(query, person.home);
  bind_optional(query, person.shell);
  bind_optional(query, code_of(person.language));
  query.bind(person.source);
  return query.run();
}

// What proves a person, and what is given to them, must not outlive them.
Result<void> delete_belongings(Database& database, PersonId id) {
  TRY(delete_password(database, id));
  TRY(trim_password_history(database, id, 0));
  TRY(delete_factors(database, id));
  TRY(delete_codes(database, id));
  TRY(delete_tries(database, id));
  TRY(delete_known_hosts(database, id));
  TRY(delete_aliases(database, id));
  TRY(delete_memberships(database, id));
  TRY(delete_attributes(database, id));
  TRY(delete_accepted_terms(database, id));
  TRY(delete_put_off(database, id));
  TRY(delete_password_warning(database, id));
  TRY(delete_breach_warning(database, id));
  TRY(delete_news(database, id));
  TRY(drop_messages_of(database, id));
  TRY(delete_contacts(database, id));
  TRY(delete_resets(database, id));
  TRY(leave_organisations(database, id));
  TRY(raise_epoch(database, id));
  return {};
}

}  // namespace

std::string_view name_of(PersonState state) {
  switch (state) {
    case PersonState::invited:
      return "invited";
    case PersonState::active:
      return "active";
    case PersonState::suspended:
      return "suspended";
    case PersonState::disabled:
      return "disabled";
    case PersonState::deleted:
      return "deleted";
  }
  return "deleted";
}

Result<PersonRecord> add_person(Database& database, const NewPerson& person, std::string_view uuid,
                                ports::Instant now) {
  TRY(check_fields(person.display_name, person.home, person.shell));
  Transaction transaction = TRY(Transaction::begin(database));
  if (TRY(find_person(database, person.name.view())).has_value()) {
    return Error(Errc::already_exists, "the name is taken");
  }
  if (TRY(find_group(database, person.name.view())).has_value()) {
    return Error(Errc::already_exists, "the name is a group's, and a person has a group of theirs");
  }
  const AccountIds ids = TRY(take_person_ids(database, uuid, person.uid, person.gid));
  TRY(insert_person(database, person, uuid, ids, now));
  std::optional<PersonRecord> added = TRY(find_person_by_uid(database, ids.uid));
  if (!added.has_value()) return Error(Errc::internal, "a person just added is not there");
  for (const std::string& alias : person.aliases) TRY(add_alias(database, added->id, alias));
  TRY(transaction.commit());
  return *added;
}

Result<void> change_account(Database& database, PersonId id, const AccountChange& change) {
  TRY(check_fields(change.display_name, change.home, change.shell));
  Query query = TRY(database.query(
      "UPDATE people SET display_name = COALESCE(?, display_name), home = COALESCE(?, home), "
      "shell = COALESCE(?, shell), language = COALESCE(?, language), "
      "greeted = COALESCE(?, greeted) "
      "WHERE id = ? AND state <> 'deleted'"));
  bind_optional(query, change.display_name);
  bind_optional(query, change.home);
  bind_optional(query, change.shell);
  bind_optional(query, code_of(change.language));
  if (change.greeted) {
    query.bind(number_of(*change.greeted));
  } else {
    query.bind_null();
  }
  TRY(query.bind(number_of(id)).run());
  if (database.changed_rows() == 0) return Error(Errc::not_found, "there is no such person");
  return {};
}

Result<std::optional<PersonRecord>> find_person(Database& database, std::string_view name) {
  Query query = TRY(database.query("SELECT " USHER_PERSON_COLUMNS
                                   " FROM people WHERE name = ? AND state <> 'deleted'"));
  query.bind(name);
  return read_one_person(query);
}

Result<std::optional<PersonRecord>> find_person_by_id(Database& database, PersonId id) {
  Query query = TRY(database.query("SELECT " USHER_PERSON_COLUMNS
                                   " FROM people WHERE id = ? AND state <> 'deleted'"));
  query.bind(number_of(id));
  return read_one_person(query);
}

Result<std::optional<PersonRecord>> find_person_by_uid(Database& database, Uid uid) {
  Query query = TRY(database.query("SELECT " USHER_PERSON_COLUMNS
                                   " FROM people WHERE uid = ? AND state <> 'deleted'"));
  query.bind(std::int64_t{uid.number});
  return read_one_person(query);
}

Result<std::vector<PersonRecord>> list_people(Database& database, std::string_view after,
                                              std::int64_t limit) {
  Query query = TRY(
      database.query("SELECT " USHER_PERSON_COLUMNS
                     " FROM people WHERE state <> 'deleted' AND name > ? ORDER BY name LIMIT ?"));
  // SQLite reads a negative limit as "all".
  query.bind(after).bind(limit < 0 ? 0 : limit);
  std::vector<PersonRecord> people;
  while (TRY(query.next())) people.push_back(TRY(read_person(query)));
  return people;
}

// A state this program does not know shuts the person out.
Result<void> each_account(Database& database, const AccountVisitor& visit) {
  Query query = TRY(database.query(
      "SELECT id, name, display_name, uid, state NOT IN ('invited', "
      "'active'), " USHER_ACCOUNT_DEFAULTS " FROM people WHERE state <> 'deleted' ORDER BY id"));
  while (TRY(query.next())) {
    TRY(visit({.id = PersonId{query.integer(0)},
               .name = query.view(1),
               .display_name = query.view(2),
               .uid = id_number(query.integer(3)),
               .gid = id_number(query.integer(5)),
               .home = query.view(6),
               .shell = query.view(7),
               .suspended = query.integer(4) != 0}));
  }
  return {};
}

Result<void> set_person_state(Database& database, PersonId id, PersonState state,
                              std::string_view reason) {
  if (!is_plain_text(reason, Newlines::allowed)) {
    return Error(Errc::invalid_input, "a reason holds control characters");
  }
  Transaction transaction = TRY(Transaction::begin(database));
  if (state == PersonState::deleted) TRY(delete_belongings(database, id));
  {
    Query query =
        TRY(database.query("UPDATE people SET state = ?, disabled = ?, state_reason = ? "
                           "WHERE id = ? AND state <> 'deleted'"));
    query.bind(stored_name_of(state)).bind(number_of(state == PersonState::disabled));
    TRY(query.bind(reason).bind(number_of(id)).run());
    if (database.changed_rows() == 0) return Error(Errc::not_found, "there is no such person");
  }
  return transaction.commit();
}

Result<std::int64_t> raise_epoch(Database& database, PersonId id) {
  // What was begun under the old epoch is not finished under the new one: whoever saw the key of a
  // pending enrolment must not share it with the person a reset gives the account back to.
  Query pending = TRY(database.query("DELETE FROM factors WHERE person = ? AND pending = 1"));
  TRY(pending.bind(number_of(id)).run());
  Query query =
      TRY(database.query("UPDATE people SET epoch = epoch + 1 WHERE id = ? AND state <> 'deleted' "
                         "RETURNING epoch"));
  query.bind(number_of(id));
  if (!TRY(query.next())) return Error(Errc::not_found, "there is no such person");
  const std::int64_t epoch = query.integer(0);
  TRY(query.run());  // to the end: a statement that is cut off is not committed
  return epoch;
}

Result<void> note_sign_in(Database& database, PersonId id, ports::Instant now) {
  Query query =
      TRY(database.query("UPDATE people SET last_sign_in_at = ?1, last_proven_at = ?1, "
                         "state = CASE state WHEN 'invited' THEN 'active' ELSE state END "
                         "WHERE id = ?2 AND state <> 'deleted'"));
  TRY(query.bind(number_of(now)).bind(number_of(id)).run());
  if (database.changed_rows() == 0) return Error(Errc::not_found, "there is no such person");
  return {};
}

Result<std::int64_t> count_people(Database& database) {
  Query query = TRY(database.query("SELECT count(*) FROM people WHERE state <> 'deleted'"));
  if (!TRY(query.next())) return Error(Errc::internal, "a count has no answer");
  return query.integer(0);
}

}  // namespace usher::store
