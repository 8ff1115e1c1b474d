// The account phase: every door passes here, public keys too. It asks nothing.
#include "daemon/sign_in/flows.hpp"
#include "daemon/sign_in/person_policy.hpp"

namespace usher::sign_in {

using daemon::Context;
using protocol::Outcome;
using texts::Text;

Result<Decision> account(const Context& host, ports::Person& /*asks nothing*/) {
  const Account who = TRY(look_up(host));
  if (!who.record) return decide(Outcome::unknown_user, Reason::unknown_user, {});
  const Context c = known_as(host, who);
  if (who.is(store::PersonState::suspended)) {
    return refuse(Reason::suspended, who.record, c.text_naming_support(Text::suspended));
  }
  // A sign-in with a password has done both already; a public key alone cannot be asked.
  if (!who.password) {
    return refuse(Reason::first_sign_in_due, who.record,
                  c.text_naming_support(Text::sign_in_first));
  }
  const policy::Policy policy = TRY(policy_of(c, who.record->id));
  const bool factor_due = policy.factor_required && who.factors.empty();
  if (is_password_due(c, who, policy) || factor_due) {
    return refuse(Reason::action_due, who.record, c.text_naming_support(Text::sign_in_first));
  }
  return decide(Outcome::accept, Reason::account_open, who.record);
}

}  // namespace usher::sign_in
