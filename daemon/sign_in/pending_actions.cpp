// The table of actions: when each is due. How each is done is required_actions.cpp's.
#include "daemon/sign_in/pending_actions.hpp"

#include <algorithm>

#include "daemon/contacts/usable.hpp"
#include "daemon/factors/factor.hpp"
#include "daemon/memberships.hpp"
#include "daemon/store/campaigns.hpp"
#include "daemon/store/lifecycle.hpp"
#include "daemon/store/recovery_codes.hpp"

namespace usher::sign_in {
namespace {

using daemon::Config;
using policy::Action;
using policy::Demand;
using policy::Policy;

struct Case {
  const Config& config;
  const Policy& policy;
  const Standing& standing;
  ports::Instant now;
};

// How much is insisted on what is due.
enum class Insists : std::uint8_t {
  as_the_policy_says,
  at_every_door,         // whatever the policy says
  where_it_can_be_done,  // likewise
  as_an_offer,           // likewise
};

// Nothing is due: no reason.
struct Due {
  std::string_view why{};
  Insists insists = Insists::as_the_policy_says;
};

bool is_required(const Case& c, Action action) {
  return c.policy.actions[action].demand == Demand::required;
}

bool is_suspended(const Standing& standing, ports::Instant now) {
  return standing.factors_suspended_until && now < *standing.factors_suspended_until;
}

Due new_password(const Case& c) {
  const auto& password = c.standing.password;
  if (!password) return {"no password is chosen yet", Insists::at_every_door};
  if (password->must_change) return {"an administrator demands a new one", Insists::at_every_door};
  if (!c.standing.typed_is_text) {
    return {"it is not text that can be typed everywhere", Insists::where_it_can_be_done};
  }
  const bool overdue = policy::is_overdue(c.policy.password, c.now - password->changed_at);
  const bool in_the_way = overdue && is_required(c, Action::change_password);
  if (!in_the_way && is_short_alone(c.policy, c.standing, c.now)) {
    return {"it is too short while the second factor is suspended", Insists::where_it_can_be_done};
  }
  if (overdue) return {"the password has reached its greatest age"};
  if (c.standing.typed_is_breached) return {"it is known from a breach elsewhere"};
  return {};
}

// docs/adr/0024: while it is suspended another one is offered, for whoever has no device at hand
// must get in; afterwards, the old one proven, it is due.
Due factor(const Case& c) {
  if (!c.standing.has_factor) return {"no second factor is enrolled"};
  if (!c.standing.factors_suspended_until) return {};
  if (is_suspended(c.standing, c.now)) {
    return {"the second factor is suspended", Insists::as_an_offer};
  }
  return {"the second factor was suspended, and another takes its place",
          Insists::where_it_can_be_done};
}

// They stand in for what is suspended, and would outlast the suspension.
Due recovery_codes(const Case& c) {
  if (c.standing.recovery_codes > 0 || is_suspended(c.standing, c.now)) return {};
  return {"no recovery code is left"};
}

Due terms(const Case& c) {
  if (terms_due(c.config, c.policy, c.standing).empty()) return {};
  return {"they are new or have changed"};
}

struct ContactReasons {
  std::string_view none, unconfirmed, doubted, campaign;
};
constexpr ContactReasons kOfMail{"no address is known", "an address is not confirmed",
                                 "an address is to be confirmed again",
                                 "a campaign asks to confirm an address"};
constexpr ContactReasons kOfMobile{"no mobile number is known", "a mobile number is not confirmed",
                                   "a mobile number is to be confirmed again",
                                   "a campaign asks to confirm a mobile number"};

Due contact_of(const Case& c, store::ContactKind kind) {
  const auto& contacts = c.standing.contacts;
  if (!contacts::is_set_up(kind, c.config)) return {};
  if (!contacts::is_to_be_asked(contacts, kind, c.config)) return {};
  const ContactReasons& because = kind == store::ContactKind::mail ? kOfMail : kOfMobile;
  const store::ContactRecord* next = contacts::next_to_confirm(contacts, kind);
  if (next == nullptr) return {because.none};
  // Whatever the policy says: an administrator asked for it.
  const auto& campaigns = c.standing.asked_by_campaigns;
  if (std::find(campaigns.begin(), campaigns.end(), kind) != campaigns.end()) {
    return {because.campaign, Insists::as_an_offer};
  }
  return {next->doubted_at ? because.doubted : because.unconfirmed};
}

// What is asked for whatever the policy says comes first.
Due contact(const Case& c) {
  const Due mail = contact_of(c, store::ContactKind::mail);
  const Due mobile = contact_of(c, store::ContactKind::mobile);
  return mail.why.empty() || mobile.insists == Insists::as_an_offer ? mobile : mail;
}

bool everybody(const Case& /*whoever may sign in*/) {
  return true;
}
// Of no use to somebody who is asked for no second factor.
bool who_has_a_factor(const Case& c) {
  return c.standing.has_factor;
}
bool who_is_under_terms(const Case& c) {
  return !c.policy.terms.empty();
}
// Without a mail server or a gateway there is no code to be sent.
bool whom_codes_reach(const Case& c) {
  return std::any_of(std::begin(contacts::kKinds), std::end(contacts::kKinds),
                     [&](store::ContactKind kind) { return contacts::is_set_up(kind, c.config); });
}

struct Row {
  Action action;
  bool (*concerns)(const Case&);
  Due (*due)(const Case&);
};
constexpr std::array kRows{
    Row{Action::change_password, everybody, new_password},
    Row{Action::enrol_factor, everybody, factor},
    Row{Action::recovery_codes, who_has_a_factor, recovery_codes},
    Row{Action::accept_terms, who_is_under_terms, terms},
    Row{Action::confirm_contact, whom_codes_reach, contact},
};

constexpr bool rows_are_in_order() {
  if (kRows.size() != policy::kActions.size()) return false;
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].action != policy::kActions[i]) return false;
  }
  return true;
}
static_assert(rows_are_in_order(), "an action without a row, or out of order");

Demand demand_of(Insists insists, Demand policy) {
  switch (insists) {
    case Insists::as_the_policy_says:
      return policy;
    case Insists::at_every_door:
    case Insists::where_it_can_be_done:
      return Demand::required;
    case Insists::as_an_offer:
      return Demand::recommended;
  }
  return Demand::required;
}

bool has_accepted(const Standing& standing, std::string_view version) {
  return std::any_of(standing.accepted.begin(), standing.accepted.end(),
                     [&](const auto& accepted) { return accepted.version == version; });
}

}  // namespace

Result<Standing> read_standing(store::Database& database, store::PersonId person) {
  Standing standing;
  standing.password = TRY(store::find_password(database, person));
  const auto factors = TRY(store::list_factors(database, person));
  standing.has_factor = std::any_of(factors.begin(), factors.end(), factors::is_second_factor);
  standing.recovery_codes = TRY(store::count_recovery_codes(database, person));
  standing.accepted = TRY(store::list_accepted_terms(database, person));
  standing.contacts = TRY(store::list_contacts(database, person));
  standing.asked_by_campaigns = TRY(store::kinds_asked_by_campaigns(database, person));
  standing.factors_suspended_until = TRY(store::factors_suspended_until(database, person));
  return standing;
}

std::vector<PendingAction> asked_actions(const Config& config, const Policy& policy,
                                         const Standing& standing, ports::Instant now) {
  const Case c{config, policy, standing, now};
  std::vector<PendingAction> asked;
  for (const Row& row : kRows) {
    if (!row.concerns(c)) continue;
    const policy::ActionRule& rule = policy.actions[row.action];
    const Due due = row.due(c);
    const Demand demand = demand_of(due.insists, rule.demand);
    if (demand == Demand::off) continue;
    const bool elsewhere = due.insists == Insists::where_it_can_be_done;
    asked.push_back({row.action, demand, rule.public_key, due.why,
                     elsewhere ? InTheWay::where_it_can_be_done : InTheWay::at_every_door});
  }
  return asked;
}

std::vector<PendingAction> pending_actions(const Config& config, const Policy& policy,
                                           const Standing& standing, ports::Instant now) {
  std::vector<PendingAction> actions = asked_actions(config, policy, standing, now);
  std::erase_if(actions, [](const PendingAction& action) { return action.why.empty(); });
  return actions;
}

Result<std::vector<PendingAction>> pending_actions(const Config& config, store::Database& database,
                                                   store::PersonId person, ports::Instant now) {
  const auto memberships = TRY(daemon::memberships_of(database, person));
  const Standing standing = TRY(read_standing(database, person));
  return pending_actions(config, config.policy_for(memberships), standing, now);
}

bool wants_confirmed(const Policy& policy, const Standing& standing, store::ContactKind kind) {
  const auto& campaigns = standing.asked_by_campaigns;
  return policy.actions[Action::confirm_contact].demand != Demand::off ||
         std::find(campaigns.begin(), campaigns.end(), kind) != campaigns.end();
}

bool is_short_alone(const Policy& policy, const Standing& standing, ports::Instant now) {
  const bool alone = standing.has_factor && is_suspended(standing, now);
  return alone && standing.code_points_typed &&
         *standing.code_points_typed < policy.min_length_alone;
}

bool is_in_the_way_everywhere(const PendingAction& pending) {
  return pending.demand == Demand::required && pending.in_the_way == InTheWay::at_every_door;
}

const PendingAction* first_required(const std::vector<PendingAction>& pending) {
  const auto found = std::find_if(pending.begin(), pending.end(), is_in_the_way_everywhere);
  return found == pending.end() ? nullptr : &*found;
}

std::vector<const daemon::Terms*> terms_due(const Config& config, const Policy& policy,
                                            const Standing& standing) {
  std::vector<const daemon::Terms*> due;
  for (const daemon::Terms& terms : config.terms) {
    const auto& named = policy.terms;
    const bool theirs = std::find(named.begin(), named.end(), terms.path) != named.end();
    if (theirs && !has_accepted(standing, terms.version)) due.push_back(&terms);
  }
  return due;
}

}  // namespace usher::sign_in
