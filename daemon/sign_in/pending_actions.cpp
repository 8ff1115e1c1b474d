// The table of actions: when each is due. How each is done is required_actions.cpp's.
#include "daemon/sign_in/pending_actions.hpp"

#include <algorithm>

#include "daemon/factors/factor.hpp"
#include "daemon/memberships.hpp"
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
bool factor_is_due(const Case& c) {
  return !c.standing.has_factor;
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
  bool (*is_due)(const Case&);
  bool (*is_demanded)(const Case&);  // whatever the policy says
};
constexpr std::array kRows{
    Row{Action::change_password, password_is_due, password_is_demanded},
    Row{Action::enrol_factor, factor_is_due, never},
    Row{Action::recovery_codes, recovery_codes_are_due, never},
    Row{Action::accept_terms, terms_are_due, never},
};

constexpr bool rows_are_in_order() {
  if (kRows.size() != policy::kActions.size()) return false;
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].action != policy::kActions[i]) return false;
  }
  return true;
}
static_assert(rows_are_in_order(), "an action without a row, or out of order");

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
  return standing;
}

std::vector<PendingAction> pending_actions(const Config& config, const Policy& policy,
                                           const Standing& standing, ports::Instant now) {
  const Case c{config, policy, standing, now};
  std::vector<PendingAction> pending;
  for (const Row& row : kRows) {
    if (!row.is_due(c)) continue;
    const policy::ActionRule& rule = policy.actions[row.action];
    const Demand demand = row.is_demanded(c) ? Demand::required : rule.demand;
    if (demand != Demand::off) pending.push_back({row.action, demand, rule.public_key});
  }
  return pending;
}

Result<std::vector<PendingAction>> pending_actions(const Config& config, store::Database& database,
                                                   store::PersonId person, ports::Instant now) {
  const auto memberships = TRY(daemon::memberships_of(database, person));
  const Standing standing = TRY(read_standing(database, person));
  return pending_actions(config, config.policy_for(memberships), standing, now);
}

const PendingAction* first_required(const std::vector<PendingAction>& pending) {
  const auto found = std::find_if(pending.begin(), pending.end(), [](const PendingAction& action) {
    return action.demand == Demand::required;
  });
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
