// The account phase: every door passes here, public keys too. It asks nothing, and never answers
// "a new password first": who has something to do is told where to go.
#include <algorithm>

#include "daemon/sign_in/closed_account.hpp"
#include "daemon/sign_in/flows.hpp"
#include "daemon/sign_in/news.hpp"
#include "daemon/sign_in/person_policy.hpp"
#include "daemon/sign_in/required_actions.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using protocol::Outcome;
using texts::Text;

std::string naming(const Context& c, Text text, const PendingAction& pending) {
  return texts::fill(c.language, text, fmt::arg("action", c.text(text_of(pending.action))),
                     fmt::arg("support", c.support));
}

// A sign-in with a password has done all that is required; a public key alone cannot be asked.
const PendingAction* first_refusing(const std::vector<PendingAction>& pending) {
  for (const PendingAction& action : pending) {
    const bool refuses = action.public_key == policy::PublicKey::refuse;
    if (is_in_the_way_everywhere(action) && refuses) return &action;
  }
  return nullptr;
}

// An offer nobody was there to take: whoever came by a public key alone is asked nothing.
const PendingAction* contact_to_confirm(const Context& c, const Account& who,
                                        const std::vector<PendingAction>& pending) {
  const bool may_hear = c.front_end.lifecycle == daemon::Lifecycle::allowed;
  if (!may_hear || has_just_proven(c, *who.record)) return nullptr;
  const auto found = std::find_if(pending.begin(), pending.end(), [](const auto& action) {
    return action.action == policy::Action::confirm_contact;
  });
  return found == pending.end() ? nullptr : &*found;
}

// Where they could sign in with a password, and could enrol no other one.
bool may_be_told_of_suspension(const Context& c, const Account& who) {
  return who.factors_suspended && c.origin != daemon::Origin::local_seat &&
         c.front_end.lifecycle == daemon::Lifecycle::allowed;
}

// Of several none is named: which one is meant is not asked yet.
const store::OrganisationRecord* only_organisation(const Account& who) {
  return who.organisations.size() == 1 ? &who.organisations.front() : nullptr;
}

// "Signed in as ada (Acme)."
std::string greeting(const Context& c, const Account& who) {
  const bool wanted = c.services.config.greet && who.record->greeted;
  if (c.front_end.greeting == daemon::Greeting::none || !wanted) return {};
  std::string name(who.record->name.view());
  if (const auto* organisation = only_organisation(who)) {
    const std::string& shown = organisation->display_name;
    name += fmt::format(" ({})", shown.empty() ? organisation->name : shown);
  }
  return texts::fill(c.language, Text::signed_in_as, fmt::arg("who", name));
}

}  // namespace

Result<Decision> account(const Context& host, ports::Person& /*asks nothing*/) {
  const Account who = TRY(look_up(host));
  if (!who.record) return decide(Outcome::unknown_user, Reason::unknown_user, {});
  const Context c = known_as(host, who);
  if (auto closed = TRY(refuse_if_closed(c, who))) return std::move(*closed);
  if (!who.record->is_local()) return refuse_not_local(c, *who.record);
  if (!who.password) {
    return refuse(Reason::first_sign_in_due, who.record,
                  c.text_naming_support(Text::sign_in_first));
  }
  const auto pending = TRY(pending_actions_of(c, who.record->id));
  if (const PendingAction* refusing = first_refusing(pending)) {
    c.trail.note(daemon::Step::action_due, policy::name_of(refusing->action));
    return refuse(Reason::action_due, who.record, naming(c, Text::sign_in_first_for, *refusing));
  }
  Decision decision = decide(Outcome::accept, Reason::account_open, who.record, greeting(c, who));
  const auto add = [&](const std::string& line) {
    decision.text += (decision.text.empty() ? "" : "\n") + line;
  };
  if (const PendingAction* noticed = first_required(pending)) {
    c.trail.note(daemon::Step::action_due, policy::name_of(noticed->action));
    add(naming(c, Text::still_to_do, *noticed));
  } else if (const PendingAction* offered = contact_to_confirm(c, who, pending)) {
    add(naming(c, Text::still_to_do, *offered));
  }
  if (may_be_told_of_suspension(c, who)) add(c.text_naming_support(Text::enrol_anew_at_console));
  if (const auto* organisation = only_organisation(who)) decision.organisation = organisation->name;
  return decision;
}

}  // namespace usher::sign_in
