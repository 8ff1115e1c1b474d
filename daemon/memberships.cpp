// Local groups, and the organisations the person belongs to.
#include "daemon/memberships.hpp"

#include "daemon/store/groups.hpp"
#include "daemon/store/organisations.hpp"

namespace usher::daemon {

Result<policy::Memberships> memberships_of(store::Database& database, store::PersonId person) {
  policy::Memberships memberships;
  memberships.groups = TRY(store::list_groups_of(database, person));
  for (const auto& organisation : TRY(store::list_organisations_of(database, person))) {
    memberships.organisations.push_back(organisation.name);
  }
  return memberships;
}

}  // namespace usher::daemon
