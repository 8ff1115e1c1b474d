// One read, and none where there are no policies to choose from.
#include "daemon/sign_in/person_policy.hpp"

#include "daemon/memberships.hpp"

namespace usher::sign_in {
namespace {

std::chrono::milliseconds age_of(const daemon::Context& c, const store::PasswordRecord& password) {
  return c.services.clock.now() - password.changed_at;
}

}  // namespace

Result<policy::Policy> policy_of(const daemon::Context& c, store::PersonId person) {
  const daemon::Config& config = c.services.config;
  if (config.policies.empty()) return config.policy_for({});
  return config.policy_for(TRY(c.services.store.read(
      [&](store::Database& database) { return daemon::memberships_of(database, person); })));
}

bool is_password_due(const daemon::Context& c, const Account& account,
                     const policy::Policy& policy) {
  if (!account.password) return false;
  return account.password->must_change ||
         policy::is_overdue(policy.password, age_of(c, *account.password));
}

bool is_change_too_early(const daemon::Context& c, const Account& account,
                         const policy::Policy& policy) {
  if (!account.password || is_password_due(c, account, policy)) return false;
  return policy::is_too_young(policy.password, age_of(c, *account.password));
}

}  // namespace usher::sign_in
