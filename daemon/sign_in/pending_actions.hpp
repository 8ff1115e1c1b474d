// What a person still has to do, and how much their organisation insists: one answer for the
// sign-in that asks for it, for the account phase that refuses without it, and for whoever reports
// it. Pure but for one read of the store; asks nobody, writes nothing.
#pragma once

#include <vector>

#include "daemon/config.hpp"
#include "daemon/store/contacts.hpp"
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
  // May be past: until a new one is proven in their place they wait for it.
  std::optional<ports::Instant> factors_suspended_until{};
  std::vector<store::ContactRecord> contacts{};
  std::vector<store::ContactKind> asked_by_campaigns;  // to confirm one of these once more
  // Of the password that was proven just now; the store knows no length.
  std::optional<std::size_t> code_points_typed{};
  // Not so of some that were adopted: they are compared byte for byte, but cannot be hashed here.
  bool typed_is_text = true;
  bool typed_is_breached = false;
};
Result<Standing> read_standing(store::Database& database, store::PersonId person);

// Where what is required is in the way: of a suspended factor a door that cannot enrol another one
// makes nothing, or the suspension would be none.
enum class InTheWay : std::uint8_t { at_every_door, where_it_can_be_done };

struct PendingAction {
  policy::Action action;
  policy::Demand demand;  // recommended or required
  policy::PublicKey public_key;
  std::string_view why{};  // "no second factor is enrolled"; empty once it is done
  InTheWay in_the_way = InTheWay::at_every_door;
};

// What is asked of the person, done or not, in the order of the asking; none that is off. A
// password that is missing, or that somebody demanded to be changed, is always required.
std::vector<PendingAction> asked_actions(const daemon::Config& config, const policy::Policy& policy,
                                         const Standing& standing, ports::Instant now);
// Of these the ones that are not done.
std::vector<PendingAction> pending_actions(const daemon::Config& config,
                                           const policy::Policy& policy, const Standing& standing,
                                           ports::Instant now);
// The same, for a person as the store has them.
Result<std::vector<PendingAction>> pending_actions(const daemon::Config& config,
                                                   store::Database& database,
                                                   store::PersonId person, ports::Instant now);

// Whether the policy or a campaign wants contacts of the kind confirmed.
bool wants_confirmed(const policy::Policy& policy, const Standing& standing,
                     store::ContactKind kind);

// While their factor is suspended the password stands alone: what was typed is too short for that.
bool is_short_alone(const policy::Policy& policy, const Standing& standing, ports::Instant now);

bool is_in_the_way_everywhere(const PendingAction& pending);
// The first of those; null: none is.
const PendingAction* first_required(const std::vector<PendingAction>& pending);

// The terms that hold for them and that they have not accepted as they stand now.
std::vector<const daemon::Terms*> terms_due(const daemon::Config& config,
                                            const policy::Policy& policy, const Standing& standing);

}  // namespace usher::sign_in
