// What a person still has to do, and how much their organisation insists: one answer for the
// sign-in that asks for it, for the account phase that refuses without it, and for whoever reports
// it. Pure but for one read of the store; asks nobody, writes nothing.
#pragma once

#include <vector>

#include "daemon/config.hpp"
#include "daemon/store/factors.hpp"
#include "daemon/store/passwords.hpp"
#include "daemon/store/terms.hpp"

namespace usher::sign_in {

// What of a person decides it.
struct Standing {
  std::optional<store::PasswordRecord> password{};
  bool has_factor = false;          // a second factor of their own; recovery codes are none
  std::int64_t recovery_codes = 0;  // not yet spent
  std::vector<store::AcceptedTerms> accepted{};
};
Result<Standing> read_standing(store::Database& database, store::PersonId person);

struct PendingAction {
  policy::Action action;
  policy::Demand demand;  // recommended or required
  policy::PublicKey public_key;
};

// In the order in which they are asked for; none that is off. A password that is missing, or that
// somebody demanded to be changed, is always required.
std::vector<PendingAction> pending_actions(const daemon::Config& config,
                                           const policy::Policy& policy, const Standing& standing,
                                           ports::Instant now);
// The same, for a person as the store has them.
Result<std::vector<PendingAction>> pending_actions(const daemon::Config& config,
                                                   store::Database& database,
                                                   store::PersonId person, ports::Instant now);

// The first of those in the way; null: none is.
const PendingAction* first_required(const std::vector<PendingAction>& pending);

// The terms that hold for them and that they have not accepted as they stand now.
std::vector<const daemon::Terms*> terms_due(const daemon::Config& config,
                                            const policy::Policy& policy, const Standing& standing);

}  // namespace usher::sign_in
