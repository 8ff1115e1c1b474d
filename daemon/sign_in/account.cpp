// The account phase: every door passes here, public keys too. It asks nothing.
#include "daemon/sign_in/account_lookup.hpp"
#include "daemon/sign_in/flows.hpp"
#include "daemon/sign_in/texts.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using protocol::Outcome;

Decision decide(Outcome outcome, Reason reason, const Account& who, std::string text = {}) {
  Decision decision;
  decision.outcome = outcome;
  decision.reason = reason;
  decision.text = std::move(text);
  decision.record = who.record;
  return decision;
}

}  // namespace

Result<Decision> account(const Context& c, ports::Person& /*asks nothing*/) {
  const Account who = TRY(look_up(c));
  const std::string& support = c.services.config.support;
  if (!who.record) return decide(Outcome::unknown_user, Reason::unknown_user, who);
  if (who.is(store::PersonState::suspended)) {
    return decide(Outcome::refuse, Reason::suspended, who, texts::suspended(support));
  }
  // A sign-in with a password has done both already; a public key alone cannot be asked.
  if (!who.password) {
    return decide(Outcome::refuse, Reason::first_sign_in_due, who, texts::sign_in_first(support));
  }
  const bool factor_due = c.services.config.factor_required && who.factors.empty();
  if (who.password->must_change || factor_due) {
    return decide(Outcome::refuse, Reason::action_due, who, texts::sign_in_first(support));
  }
  return decide(Outcome::accept, Reason::account_open, who);
}

}  // namespace usher::sign_in
