// What the store knows of the name that was asked for, read in one snapshot: the same statements
// for every name.
#pragma once

#include <optional>
#include <vector>

#include "daemon/context.hpp"
#include "daemon/store/factors.hpp"
#include "daemon/store/organisations.hpp"
#include "daemon/store/passwords.hpp"

namespace usher::sign_in {

struct Account {
  // Nobody for unknown names and for names that are none.
  std::optional<store::PersonRecord> record;
  std::optional<store::PasswordRecord> password;
  std::vector<store::FactorRecord> factors;  // those that are asked for
  bool factors_suspended = false;            // there are some, and for now none is asked for
  std::vector<store::OrganisationRecord> organisations;

  bool is(store::PersonState state) const { return record && record->state == state; }
  // 0 is nobody's: the same statements find nothing.
  store::PersonId id() const { return record ? record->id : store::PersonId{0}; }
};

Result<Account> look_up(const daemon::Context& context);

// False: suspended, reset or deleted since the record was read, or a factor's suspension was begun
// or taken back.
Result<bool> still_stands(store::Database& database, const store::PersonRecord& decided);

// For after the first proof: in the person's language and with their organisation's contact. Until
// then everybody reads the same. `proven` must outlive what is returned.
daemon::Context known_as(const daemon::Context& context, const Account& proven);

}  // namespace usher::sign_in
