// Told once a password: which one it was is known by when it was chosen.
#include "daemon/sign_in/breached.hpp"

#include "daemon/notices/happened.hpp"
#include "daemon/policy/password_rules.hpp"
#include "daemon/store/warnings.hpp"

namespace usher::sign_in {

Result<bool> look_for_breach(const daemon::Context& c, const FirstStep& first) {
  const auto& filter = c.services.password_sources.breached;
  const auto& stored = first.account.password;
  if (!filter || first.factor.redeems || !stored) return false;
  const Result<Secret> password = policy::normalise(first.factor.typed.view());
  if (!password.has_value()) return false;
  const Result<bool> found = filter->holds(*password);
  if (!found.has_value()) {
    c.trail.note(daemon::Step::breach_not_looked_for);
    return false;
  }
  if (!*found) return false;
  c.trail.note(daemon::Step::password_breached);
  TRY(c.services.store.write([&](store::Database& database) -> Result<void> {
    const store::PersonRecord& person = *first.account.record;
    if (!TRY(store::put_breach_warning(database, person.id, stored->changed_at))) return {};
    return notices::tell_of(database, c, person, letters::Letter::password_breached);
  }));
  return true;
}

}  // namespace usher::sign_in
