// A sign-in, from the first question to the answer.
#include <fmt/format.h>

#include "daemon/notices/happened.hpp"
#include "daemon/policy/password_rules.hpp"
#include "daemon/sign_in/account_lookup.hpp"
#include "daemon/sign_in/breached.hpp"
#include "daemon/sign_in/closed_account.hpp"
#include "daemon/sign_in/flows.hpp"
#include "daemon/sign_in/help_menu.hpp"
#include "daemon/sign_in/objection.hpp"
#include "daemon/sign_in/required_actions.hpp"
#include "daemon/sign_in/second_factor.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using protocol::Outcome;
using protocol::Slot;
using texts::Text;

// The same question for every name: what somebody has enrolled must not show.
std::string_view first_question(const Context& c) {
  const bool one_field = c.front_end.prompts == daemon::Prompts::one;
  if (one_field && c.services.config.factor_required) return c.text(Text::password_and_code);
  return c.text(offers_help(c) ? Text::password_or_help : Text::password);
}

Decision accept(const FirstStep& first, const SecondFactor& second) {
  Decision decision = decide(Outcome::accept, Reason::all_proven, first.account.record);
  const auto& redeems = first.factor.redeems;
  decision.factors = redeems ? redeems->purpose + "-code" : "password";
  if (!second.kind.empty()) decision.factors += fmt::format("+{}", second.kind);
  // A one-time code is never the password a keyring is opened with.
  if (!first.factor.redeems) {
    decision.authtok = Slot::password;
    decision.authtok_length = first.factor.length;
  }
  return decision;
}

// The admin changed the cost: the same password is hashed anew, now that it is known to be right.
// An adopted one that is no text stays as it was: required_actions() asks for another where it can.
Result<void> renew_hash(const Context& c, const FirstStep& first) {
  const auto& stored = first.account.password;
  if (first.factor.redeems || !stored || !c.services.hasher.needs_rehash(stored->phc)) return {};
  const Result<Secret> password = policy::normalise(first.factor.typed.view());
  if (!password.has_value()) return {};
  const std::string phc = TRY(c.services.hasher.hash(*password, c.origin));
  TRY(c.services.store.write([&](store::Database& database) {
    return store::replace_phc(database, first.account.id(), stored->phc, phc);
  }));
  return {};
}

// Somebody knows the password and lacks the factor: its owner should hear of it. Not where both
// share a field: there a wrong code must take as long as a wrong password.
Result<void> tell_of_wrong_code(const Context& c, const store::PersonRecord& record) {
  if (c.front_end.prompts == daemon::Prompts::one) return {};
  return c.services.store.write([&](store::Database& database) {
    return notices::tell_of_at_times(database, c, record, letters::Letter::second_factor_failed,
                                     notices::Once::an_hour);
  });
}

// Before any question: the next module asks its own.
Result<std::optional<Decision>> leave_to_others(const Context& c) {
  if (c.services.config.unknown_names == daemon::UnknownNames::decoy) {
    return std::optional<Decision>{};
  }
  const Account who = TRY(look_up(c));
  if (who.record) return std::optional<Decision>{};
  return std::optional<Decision>(decide(Outcome::unknown_user, Reason::unknown_user, {}));
}

}  // namespace

Result<Decision> authenticate(const Context& host, ports::Person& person) {
  if (auto not_ours = TRY(leave_to_others(host))) return std::move(*not_ours);
  FirstStep first = TRY(prove_first_factor(host, person, first_question(host)));
  const Account& who = first.account;
  if (first.factor.objects) return object(known_as(host, who), first);
  if (!first.factor.proven) return refuse_first(first);
  const Context c = known_as(host, who);

  Result<SecondFactor> shown = prove_second_factor(c, person, who, first.factor);
  // Whoever hangs up at the question, or cannot be asked, knows the password all the same.
  if (!shown || !shown->proven) TRY(tell_of_wrong_code(c, *who.record));
  if (!shown) return shown.error();
  const SecondFactor second = shown.release_value();
  if (second.reason == Reason::cannot_ask_code) {
    return refuse(second.reason, who.record, c.text(Text::ask_once_only));
  }
  if (!second.proven) return refuse_second(c, first, second.reason);

  // Everything the person has is proven: from here on the text may name the cause.
  if (auto closed = TRY(refuse_if_closed(c, who))) {
    closed->factors = accept(first, second).factors;
    return std::move(*closed);
  }
  first.factor.breached = TRY(look_for_breach(c, first));
  Decision decision = accept(first, second);
  if (auto stopped = TRY(required_actions(c, person, first, decision))) return *stopped;
  TRY(renew_hash(c, first));
  if (decision.authtok != Slot::new_password) TRY(warn_of_ends(c, person, who));
  return decision;
}

}  // namespace usher::sign_in
