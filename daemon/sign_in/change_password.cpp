// passwd: the old password first, then a new one. Enrolled factors are not touched.
#include "daemon/sign_in/first_factor.hpp"
#include "daemon/sign_in/flows.hpp"
#include "daemon/sign_in/new_password.hpp"
#include "daemon/sign_in/texts.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using protocol::Outcome;
using protocol::Slot;

Decision refuse(const Account& who, Reason reason, std::string_view text = {}) {
  Decision decision;
  decision.outcome = Outcome::refuse;
  decision.reason = reason;
  decision.text = text;
  decision.record = who.record;
  return decision;
}

// Root's way is a reset, which the person completes; choosing a password for them is no default.
bool is_root_at_passwd(const Context& c) {
  return c.facts.service == "passwd" && c.facts.caller == kRootUid;
}

}  // namespace

Result<Decision> prepare_change(const Context& c, ports::Person& /*asks nothing*/) {
  const Account who = TRY(look_up(c));
  if (who.record && is_root_at_passwd(c))
    return refuse(who, Reason::root_resets, texts::kRootResets);
  Decision decision = refuse(who, Reason::unknown_user);
  decision.outcome = who.record ? Outcome::accept : Outcome::unknown_user;
  if (who.record) decision.reason = Reason::account_open;
  return decision;
}

Result<Decision> change_password(const Context& c, ports::Person& person) {
  if (is_root_at_passwd(c)) {
    return refuse(TRY(look_up(c)), Reason::root_resets, texts::kRootResets);
  }
  const FirstStep first = TRY(prove_first_factor(c, person, texts::kCurrentPassword));
  const Account& who = first.account;
  // A one-time code is redeemed by signing in, where the enrolled factor is asked too.
  if (!first.factor.proven || first.factor.redeems) return refuse(who, first.factor.reason);
  if (who.is(store::PersonState::suspended)) {
    return refuse(who, Reason::suspended, texts::suspended(c.services.config.support));
  }
  const NewPassword fresh = TRY(choose_password(c, person, *who.record, first.factor.typed));
  if (fresh.chosen.empty()) return refuse(who, fresh.reason);
  const auto epoch = TRY(keep_password(c, *who.record, fresh.chosen, std::nullopt));
  if (!epoch) return refuse(who, Reason::changed_meanwhile);

  Decision decision;
  decision.outcome = Outcome::accept;
  decision.reason = Reason::password_changed;
  decision.record = who.record;
  decision.record->epoch = *epoch;
  decision.factors = "password";
  decision.authtok = Slot::new_password;
  decision.authtok_length = fresh.length;
  decision.old_authtok = Slot::password;
  return decision;
}

}  // namespace usher::sign_in
