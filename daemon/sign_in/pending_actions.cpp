// The table of actions: when each is due. How each is done is required_actions.cpp's.
#include "daemon/sign_in/pending_actions.hpp"

#include <algorithm>

#include "daemon/factors/factor.hpp"
#include "daemon/memberships.hpp"
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

// Whatever the policy says of ages: there is none, or somebody demanded another.
bool password_is_demanded(const Case& c) {
  return !c.standing.password || c.standing.password->must_change;
}
bool password_is_due(const Case& c) {
  return password_is_demanded(c) ||
         policy::is_overdue(c.policy.password, c.now - c.standing.password->changed_at);
}
bool password_is_short_alone(const Case& c) {
  return is_short_alone(c.policy, c.standing, c.now);
}
bool factor_is_due(const Case& c) {
  return !c.standing.has_factor;
}
// docs/adr/0024: while it is suspended another one is offered, for whoever has no device at hand
// must get in; afterwards, the old one proven, it is due.
bool factor_waits_for_another(const Case& c) {
  return c.standing.has_factor && c.standing.factors_suspended_until.has_value();
}
bool factor_was_suspended(const Case& c) {
  return factor_waits_for_another(c) && c.now >= *c.standing.factors_suspended_until;
}
// Of no use to somebody who is asked for no second factor.
bool recovery_codes_are_due(const Case& c) {
  return c.standing.has_factor && c.standing.recovery_codes == 0;
}
bool terms_are_due(const Case& c) {
  return !terms_due(c.config, c.policy, c.standing).empty();
}
bool never(const Case& /*nobody demands it beside the policy*/) {
  return false;
}

struct Row {
  Action action;
  bool (*is_due)(const Case&);  // as much as the policy says
  // Whatever the policy says: required at every door; required where it can be done; recommended.
  bool (*is_demanded)(const Case&);
  bool (*is_demanded_where_it_can_be_done)(const Case&);
  bool (*is_offered)(const Case&);
};
constexpr std::array kRows{
    Row{Action::change_password, password_is_due, password_is_demanded, password_is_short_alone,
        never},
    Row{Action::enrol_factor, factor_is_due, never, factor_was_suspended, factor_waits_for_another},
    Row{Action::recovery_codes, recovery_codes_are_due, never, never, never},
    Row{Action::accept_terms, terms_are_due, never, never, never},
};

constexpr bool rows_are_in_order() {
  if (kRows.size() != policy::kActions.size()) return false;
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].action != policy::kActions[i]) return false;
  }
  return true;
}
static_assert(rows_are_in_order(), "an action without a row, or out of order");

struct Insistence {
  Demand demand;
  InTheWay in_the_way = InTheWay::at_every_door;
};
Insistence insistence_on(const Row& row, const Case& c) {
  if (row.is_demanded(c)) return {Demand::required};
  const Demand wanted = row.is_due(c) ? c.policy.actions[row.action].demand : Demand::off;
  if (wanted == Demand::required) return {wanted};
  if (row.is_demanded_where_it_can_be_done(c)) {
    return {Demand::required, InTheWay::where_it_can_be_done};
  }
  return {row.is_offered(c) ? Demand::recommended : wanted};
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
  standing.factors_suspended_until = TRY(store::factors_suspended_until(database, person));
  return standing;
}

std::vector<PendingAction> pending_actions(const Config& config, const Policy& policy,
                                           const Standing& standing, ports::Instant now) {
  const Case c{config, policy, standing, now};
  std::vector<PendingAction> pending;
  for (const Row& row : kRows) {
    const auto [demand, in_the_way] = insistence_on(row, c);
    if (demand == Demand::off) continue;
    pending.push_back({row.action, demand, policy.actions[row.action].public_key, in_the_way});
  }
  return pending;
}

Result<std::vector<PendingAction>> pending_actions(const Config& config, store::Database& database,
                                                   store::PersonId person, ports::Instant now) {
  const auto memberships = TRY(daemon::memberships_of(database, person));
  const Standing standing = TRY(read_standing(database, person));
  return pending_actions(config, config.policy_for(memberships), standing, now);
}

bool is_short_alone(const Policy& policy, const Standing& standing, ports::Instant now) {
  const bool alone = standing.has_factor && standing.factors_suspended_until &&
                     now < *standing.factors_suspended_until;
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
