// Local groups, the organisations the person belongs to, and what is known of them.
#include "daemon/memberships.hpp"

#include "daemon/store/attributes.hpp"
#include "daemon/store/groups.hpp"
#include "daemon/store/organisations.hpp"

namespace usher::daemon {

Result<policy::Memberships> memberships_of(store::Database& database, store::PersonId person) {
  policy::Memberships memberships;
  memberships.groups = TRY(store::list_groups_of(database, person));
  for (const auto& organisation : TRY(store::list_organisations_of(database, person))) {
    memberships.organisations.push_back(organisation.name);
  }
  for (const auto& attribute : TRY(store::list_attributes(database, person))) {
    memberships.attributes.push_back(attribute.name + "=" + attribute.value);
  }
  return memberships;
}

}  // namespace usher::daemon
