// The table of second factors, the same columns for every kind: a sealed value only its kind
// understands, and a counter that only rises (a TOTP step, an OTP counter, a signature counter).
#pragma once

#include "daemon/policy/throttle.hpp"
#include "daemon/store/people.hpp"

namespace usher::store {

enum class FactorId : std::int64_t {};

struct FactorRecord {
  FactorId id{};
  PersonId person{};
  std::string uuid;    // 32 hex digits; what the sealed value is bound to
  std::string kind;    // the row's name in factors/table.cpp
  std::string label;   // the device's name, as the person gave it
  std::string sealed;  // parameters and secret, sealed
  std::int64_t counter = -1;
  bool pending = false;  // not yet proven by one successful use: asked nowhere
  ports::Instant created_at{};
};

// Active ones, oldest first.
Result<std::vector<FactorRecord>> list_factors(Database& database, PersonId person);
// The pending one of that kind, if it is younger than `oldest`: an enrolment that was cut off.
Result<std::optional<FactorRecord>> find_pending_factor(Database& database, PersonId person,
                                                        std::string_view kind,
                                                        ports::Instant oldest);
// Replaces the person's pending factor of that kind. id is ignored.
Result<FactorId> put_pending_factor(Database& database, const FactorRecord& factor);
// Makes the pending factor active and sets its counter. False: it is no longer there, or its person
// may not sign in any more.
Result<bool> confirm_factor(Database& database, FactorId id, std::int64_t counter,
                            std::string_view label);
// The compare-and-set that spends a code: true for exactly one caller per counter value.
// UPDATE ... SET counter = :new WHERE id = :id AND counter < :new AND pending = 0
Result<bool> advance_counter(Database& database, FactorId id, std::int64_t new_counter);
// Wrong codes so far. Read and put in the transaction that spends the code.
Result<policy::CodeTries> find_code_tries(Database& database, FactorId id);
Result<void> put_code_tries(Database& database, FactorId id, const policy::CodeTries& tries);
// Another name for an active factor. Errc::already_exists: another of theirs has it. False: no such
// active factor.
Result<bool> rename_factor(Database& database, FactorId id, std::string_view label);
// False: no such active factor. No two of a person have one label, and no label looks like a uuid.
Result<bool> delete_factor(Database& database, PersonId person, std::string_view label_or_uuid);
Result<void> delete_factors(Database& database, PersonId person);
// All active ones but that one. How many those were.
Result<std::int64_t> delete_factors_but(Database& database, PersonId person, FactorId kept);
// Enrolments that were begun.
Result<void> delete_pending_factors(Database& database, PersonId person);
// Those of one kind.
Result<void> delete_factors_of_kind(Database& database, PersonId person, std::string_view kind);

}  // namespace usher::store
