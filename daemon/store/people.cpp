// The people table and its ledger of uids. Never gives a uid twice, never brings a deleted person
// back, never shows one.
#include "daemon/store/people.hpp"

#include "daemon/crypto/sodium.hpp"
#include "daemon/store/codes.hpp"
#include "daemon/store/columns.hpp"
#include "daemon/store/factors.hpp"
#include "daemon/store/passwords.hpp"

// The order read_person() reads them in. A macro: statements are literals.
#define USHER_PERSON_COLUMNS \
  "id, name, display_name, uid, state, state_reason, epoch, created_at, last_sign_in_at"

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

Result<PersonRecord> read_person(const Query& row) {
  Result<UserName> name = UserName::parse(row.text(1));
  // Written through UserName, so another shape was not written by us.
  if (!name.has_value()) return Error(Errc::damaged, name.error().text());
  PersonRecord person{.id = PersonId{row.integer(0)},
                      .name = *name,
                      .display_name = row.text(2),
                      .uid = Uid{static_cast<std::uint32_t>(row.integer(3))},
                      .state = TRY(parse_state(row.text(4))),
                      .state_reason = row.text(5),
                      .epoch = row.integer(6),
                      .created_at = instant_of(row.integer(7)),
                      .last_sign_in = std::nullopt};
  if (!row.is_null(8)) person.last_sign_in = instant_of(row.integer(8));
  return person;
}

Result<std::optional<PersonRecord>> read_one_person(Query& query) {
  if (!TRY(query.next())) return std::optional<PersonRecord>();
  return std::optional<PersonRecord>(TRY(read_person(query)));
}

// The ranges of UIDS.md in systemd: below 1000 the system's, 61184-65535 its dynamic ones, nobody
// and the 16-bit -1; from 2^31 up ids read as negative somewhere.
bool may_be_given(Uid uid) {
  return uid.number >= 1000 && uid.number < 2'147'483'648 &&
         (uid.number < 61'184 || uid.number > 65'535);
}

Result<bool> uid_is_taken(Database& database, Uid uid) {
  Query query = TRY(database.query("SELECT 1 FROM people WHERE uid = ?"));
  query.bind(std::int64_t{uid.number});
  return query.next();
}

Result<Uid> choose_uid(Database& database, const NewPerson& person, std::string_view uuid) {
  if (person.uid.has_value()) {
    if (!may_be_given(*person.uid)) {
      return Error(Errc::invalid_input,
                   "the uid is reserved: 1000-61183 and 65536-2147483647 may "
                   "be given to people");
    }
    if (TRY(uid_is_taken(database, *person.uid))) {
      return Error(Errc::already_exists, "the uid is taken, or was: a uid is never used again");
    }
    return *person.uid;
  }
  const Uid first = first_uid_to_try(uuid);
  Uid uid = first;
  do {
    if (!TRY(uid_is_taken(database, uid))) return uid;
    uid = next_uid_to_try(uid);
  } while (uid != first);
  return Error(Errc::exhausted, "every uid of the range is taken");
}

// What proves a person must not outlive them.
Result<void> delete_credentials(Database& database, PersonId id) {
  TRY(delete_password(database, id));
  TRY(delete_factors(database, id));
  TRY(delete_codes(database, id));
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
    case PersonState::deleted:
      return "deleted";
  }
  return "deleted";
}

Uid first_uid_to_try(std::string_view uuid) {
  const std::string hash = crypto::digest(uuid);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) {
    number = (number << 8U) | static_cast<unsigned char>(hash[i]);
  }
  const std::uint64_t offset = number % (kLastUid - kFirstUid + 1);
  return Uid{kFirstUid + static_cast<std::uint32_t>(offset)};
}

Uid next_uid_to_try(Uid uid) {
  return Uid{uid.number == kLastUid ? kFirstUid : uid.number + 1};
}

Result<PersonRecord> add_person(Database& database, const NewPerson& person, std::string_view uuid,
                                ports::Instant now) {
  if (!is_plain_text(person.display_name, Newlines::refused)) {
    return Error(Errc::invalid_input, "a display name holds control characters");
  }
  Transaction transaction = TRY(Transaction::begin(database));
  if (TRY(find_person(database, person.name.view())).has_value()) {
    return Error(Errc::already_exists, "the name is taken");
  }
  const Uid uid = TRY(choose_uid(database, person, uuid));
  {
    Query query = TRY(database.query(
        "INSERT INTO people (uuid, name, display_name, uid, state, state_reason, epoch, "
        "created_at) VALUES (?, ?, ?, ?, 'invited', '', 1, ?)"));
    TRY(query.bind(uuid)
            .bind(person.name.view())
            .bind(person.display_name)
            .bind(std::int64_t{uid.number})
            .bind(number_of(now))
            .run());
  }
  std::optional<PersonRecord> added = TRY(find_person_by_uid(database, uid));
  if (!added.has_value()) return Error(Errc::internal, "a person just added is not there");
  TRY(transaction.commit());
  return *added;
}

Result<std::optional<PersonRecord>> find_person(Database& database, std::string_view name) {
  Query query = TRY(database.query("SELECT " USHER_PERSON_COLUMNS
                                   " FROM people WHERE name = ? AND state <> 'deleted'"));
  query.bind(name);
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

Result<void> set_person_state(Database& database, PersonId id, PersonState state,
                              std::string_view reason) {
  if (!is_plain_text(reason, Newlines::allowed)) {
    return Error(Errc::invalid_input, "a reason holds control characters");
  }
  Transaction transaction = TRY(Transaction::begin(database));
  if (state == PersonState::deleted) TRY(delete_credentials(database, id));
  {
    Query query =
        TRY(database.query("UPDATE people SET state = ?, state_reason = ? "
                           "WHERE id = ? AND state <> 'deleted'"));
    TRY(query.bind(name_of(state)).bind(reason).bind(number_of(id)).run());
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
      TRY(database.query("UPDATE people SET last_sign_in_at = ?, "
                         "state = CASE state WHEN 'invited' THEN 'active' ELSE state END "
                         "WHERE id = ? AND state <> 'deleted'"));
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
