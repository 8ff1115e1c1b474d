// The table of people: one row a person, one uid a person, kept as a tombstone after deletion so
// that neither id is ever used again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "daemon/ports/clock.hpp"
#include "daemon/store/database.hpp"
#include "daemon/store/ids.hpp"
#include "daemon/texts/language.hpp"

namespace usher::store {

enum class PersonId : std::int64_t {};

enum class PersonState : std::uint8_t {
  invited,  // added, has not signed in yet
  active,
  suspended,  // keeps everything, may not sign in
  disabled,   // the same, and its codes are dead: nothing but enabling it brings it back
  deleted,    // a tombstone
};
std::string_view name_of(PersonState state);

// Where a sign-in is verified: a password is kept of local people only.
inline constexpr std::string_view kLocal = "local";

struct PersonRecord {
  PersonId id{};
  UserName name;
  std::string display_name;
  Uid uid;
  Gid gid;  // the private group's, which has the person's name
  std::string home;
  std::string shell;
  PersonState state = PersonState::invited;
  std::string state_reason;  // why suspended or disabled, as the admin gave it
  std::int64_t epoch = 1;    // raised by a new password, a removed factor, a reset
  ports::Instant created_at{};
  std::optional<ports::Instant> last_sign_in;
  std::optional<texts::Language> language = {};  // none: the host's
  bool greeted = true;                           // unless they do not want it, or the host
  std::string source = std::string(kLocal);      // "local", "directory", "federated:NAME"
  std::optional<ports::Instant> expires_at = {};
  std::optional<ports::Instant> reopened_at = {};
  std::optional<ports::Instant> factors_suspended_until = {};
  // By a password or a code; last_sign_in is also a public key's.
  std::optional<ports::Instant> last_proven = {};

  bool is_local() const { return source == kLocal; }
};

struct NewPerson {
  UserName name;
  std::string display_name;
  std::optional<Uid> uid;             // explicit, else from the ledger
  std::optional<Gid> gid = {};        // explicit, else the uid's number
  std::optional<std::string> home{};  // else /home/NAME
  std::optional<std::string> shell{};
  std::vector<std::string> aliases{};
  std::optional<texts::Language> language{};
  std::string source = std::string(kLocal);
};

// `uuid` is 32 hex digits and immutable.
// Errc::already_exists: the name is a person's or a group's, a number is taken or was (ids.hpp), or
// an alias is another's.
// Errc::invalid_input: a number's range, or a field that account_fields.hpp refuses.
Result<PersonRecord> add_person(Database& database, const NewPerson& person, std::string_view uuid,
                                ports::Instant now);
// Deleted people are not found.
Result<std::optional<PersonRecord>> find_person(Database& database, std::string_view name);
Result<std::optional<PersonRecord>> find_person_by_id(Database& database, PersonId id);
Result<std::optional<PersonRecord>> find_person_by_uid(Database& database, Uid uid);
// In name order, after `after`, at most `limit`; deleted people are not listed.
Result<std::vector<PersonRecord>> list_people(Database& database, std::string_view after,
                                              std::int64_t limit);

// What is missing stays as it is.
struct AccountChange {
  std::optional<std::string> display_name{};
  std::optional<std::string> home{};
  std::optional<std::string> shell{};
  std::optional<texts::Language> language{};
  std::optional<bool> greeted{};
};
// Errc::not_found, or invalid_input as for add_person.
Result<void> change_account(Database& database, PersonId id, const AccountChange& change);

// Errc::not_found when there is no such person. Deleting also deletes password, factors,
// codes, contacts, aliases, attributes and memberships, raises the epoch, and is final.
Result<void> set_person_state(Database& database, PersonId id, PersonState state,
                              std::string_view reason);
// Tokens, codes, grants and pending enrolments of older epochs die with it.
Result<std::int64_t> raise_epoch(Database& database, PersonId id);
// An invited person is active from then on.
Result<void> note_sign_in(Database& database, PersonId id, ports::Instant now);
Result<std::int64_t> count_people(Database& database);

}  // namespace usher::store
