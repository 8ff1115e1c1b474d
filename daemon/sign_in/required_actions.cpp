// The table of actions: how each is done. Every one asks its own questions and settles in its own
// transaction.
#include "daemon/sign_in/required_actions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/factors/factor.hpp"
#include "daemon/sign_in/action_case.hpp"
#include "daemon/sign_in/contact_confirmation.hpp"
#include "daemon/sign_in/enrolment.hpp"
#include "daemon/sign_in/person_policy.hpp"
#include "daemon/sign_in/terms.hpp"
#include "daemon/sign_in/yes.hpp"
#include "daemon/store/put_off.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using daemon::Lifecycle;
using daemon::Step;
using policy::Action;
using policy::Demand;
using texts::Text;

// --- A second factor ---

const factors::FactorKind& kind_offered(factors::Standing standing) {
  const auto kinds = factors::kinds();
  return **std::find_if(kinds.begin(), kinds.end(), [&](const factors::FactorKind* kind) {
    return kind->standing == standing;
  });
}

// In place of what was suspended.
bool enrols_anew(const Case& c) {
  return c.accepted.record->factors_suspended_until.has_value();
}

// Whoever only knows the password could bind a factor of their own to the account: a first one is
// enrolled at the local seat, or by someone who just redeemed a code, or while an enrolment of
// theirs is pending. One that takes another's place is there to be lost: neither the setting nor
// what was begun elsewhere opens that to a password alone, but the old one proven does.
Result<bool> may_enrol_here(const Case& c) {
  const daemon::Services& services = c.context.services;
  if (is_by_staff(c) || c.context.origin == daemon::Origin::local_seat) return true;
  if (enrols_anew(c)) return c.beside == Beside::factor_proven;
  if (services.config.enrol_from == daemon::EnrolFrom::any) return true;
  const ports::Instant oldest = services.clock.now() - services.config.pending_enrolment;
  const auto pending = TRY(services.store.read([&](store::Database& database) {
    return store::find_pending_factor(database, c.accepted.record->id,
                                      kind_offered(factors::Standing::second_factor).name, oldest);
  }));
  return pending.has_value();
}

// They open what the factor they stand in for opens: for whoever has shown one, here and now.
Result<bool> may_draw_here(const Case& c) {
  return c.beside != Beside::nothing;
}

Result<Stop> draw_recovery_codes(Case& c) {
  const factors::FactorKind& kind = kind_offered(factors::Standing::stand_in);
  const auto proof =
      TRY(kind.enrol(c.context, c.person, *c.accepted.record,
                     [&](store::Database& database, store::FactorId kept) {
                       return bind_recovery_codes(c.context, database, *c.accepted.record, kept);
                     }));
  if (proof != factors::Proof::proven) {
    return stop_before(c, Reason::enrolment_abandoned, Action::recovery_codes);
  }
  TRY(c.person.tell(ports::Tone::info, c.text(Text::recovery_codes_kept)));
  return Stop{};
}

Result<Stop> enrol_factor(Case& c) {
  const factors::FactorKind& kind = kind_offered(factors::Standing::second_factor);
  if (enrols_anew(c)) TRY(c.person.tell(ports::Tone::info, c.text(Text::enrol_anew)));
  const auto proof =
      TRY(kind.enrol(c.context, c.person, *c.accepted.record,
                     [&](store::Database& database, store::FactorId kept) {
                       return bind_factor(c.context, database, *c.accepted.record, kept);
                     }));
  if (proof != factors::Proof::proven) {
    return stop_before(c, Reason::enrolment_abandoned, Action::enrol_factor);
  }
  c.beside = Beside::factor_enrolled;
  c.accepted.factors += fmt::format("+{}", kind.name);
  TRY(c.person.tell(ports::Tone::info, c.text(Text::factor_kept)));
  return Stop{};
}

// --- The terms ---

Result<Stop> accept_terms(Case& c) {
  if (TRY(ask_for_terms(c.context, c.person, *c.accepted.record)) == Terms::accepted) return Stop{};
  return stop_before(c, Reason::terms_not_accepted, Action::accept_terms);
}

// --- An address ---

Result<void> put_off(const Case& c, Action action) {
  c.context.trail.note(Step::action_put_off, policy::name_of(action));
  const daemon::Services& services = c.context.services;
  return services.store.write([&](store::Database& database) {
    return store::put_off(database, c.accepted.record->id, action, services.clock.now());
  });
}

contacts::Proof proof_of(const Case& c) {
  if (c.beside == Beside::factor_proven) return contacts::Proof::second_factor;
  return is_by_staff(c) ? contacts::Proof::helpdesk_code : contacts::Proof::password;
}

// Where nothing leaves a code would be waited for in vain.
Result<bool> if_codes_leave(const Case& c) {
  return !TRY(kinds_to_confirm(c.context, *c.accepted.record)).empty();
}

Result<void> ask_to_confirm(const Case& c) {
  const store::PersonRecord& person = *c.accepted.record;
  const auto kinds = TRY(kinds_to_confirm(c.context, person));
  const Confirming ended = TRY(confirm_contacts(c.context, c.person, person, proof_of(c), kinds));
  if (ended == Confirming::put_off) return put_off(c, Action::confirm_contact);
  c.context.trail.note(Step::action_done, policy::name_of(Action::confirm_contact));
  return {};
}

// Whoever is gone cannot be told that they are in; anything else that fails is noted, and no more.
Result<Stop> confirm_address(Case& c) {
  const Result<void> asked = ask_to_confirm(c);
  if (asked.has_value() || asked.error().code() == Errc::not_answered) return Stop{};
  const Errc code = asked.error().code();
  if (code == Errc::hung_up || code == Errc::timed_out) return asked.error();
  c.context.trail.note(Step::action_failed, policy::name_of(Action::confirm_contact));
  return Stop{};
}

// --- The table ---

Result<bool> anywhere(const Case& /*with lifecycle*/) {
  return true;
}

// How what is only recommended is asked for.
enum class Offered : std::uint8_t { after_a_question, by_its_own_questions };

struct Row {
  Action action;
  Result<bool> (*may_be_done_here)(const Case&);
  Result<Stop> (*perform)(Case&);
  Text in_words;
  Offered offered = Offered::after_a_question;
};
constexpr std::array kRows{
    Row{Action::change_password, anywhere, replace_password, Text::to_change_password},
    Row{Action::enrol_factor, may_enrol_here, enrol_factor, Text::to_enrol_factor},
    Row{Action::recovery_codes, may_draw_here, draw_recovery_codes, Text::to_draw_recovery_codes},
    Row{Action::accept_terms, anywhere, accept_terms, Text::to_accept_terms},
    Row{Action::confirm_contact, if_codes_leave, confirm_address, Text::to_confirm_contact,
        Offered::by_its_own_questions},
};
constexpr bool rows_are_in_order() {
  if (kRows.size() != policy::kActions.size()) return false;
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].action != policy::kActions[i]) return false;
  }
  return true;
}
static_assert(rows_are_in_order(), "an action without a row, or out of order");

// --- The walk ---

Result<Demand> demand_of(const Case& c, const std::vector<PendingAction>& pending, const Row& row) {
  // A one-time code is spent by choosing a password, and by nothing else.
  if (row.action == Action::change_password && c.first.factor.redeems) return Demand::required;
  const auto found = std::find_if(pending.begin(), pending.end(), [&](const PendingAction& one) {
    return one.action == row.action;
  });
  if (found == pending.end()) return Demand::off;
  // At once, and without a question: who has just enrolled a device can lose it from now on.
  const bool enrolled = c.beside == Beside::factor_enrolled;
  if (row.action == Action::recovery_codes && enrolled) return Demand::required;
  const bool everywhere = found->in_the_way == InTheWay::at_every_door;
  return everywhere || TRY(row.may_be_done_here(c)) ? found->demand : Demand::off;
}

Result<Stop> perform_it(Case& c, const Row& row) {
  Result<Stop> stopped = row.perform(c);
  if (!stopped.has_value()) {
    // sshd's "password" method fails at a shown question: nobody is there to be asked.
    if (stopped.error().code() == Errc::not_answered) {
      return Stop(stop(c, Reason::cannot_ask_code, c.text(Text::ask_once_only)));
    }
    if (stopped.error().code() != Errc::conflict) return stopped;
    return Stop(stop(c, Reason::changed_meanwhile, ""));
  }
  if (!*stopped) c.context.trail.note(Step::action_done, policy::name_of(row.action));
  return stopped;
}

// Of whom was reset or suspended while a question stood open nothing more is asked.
Result<bool> still_stands(const Case& c) {
  return c.context.services.store.read([&](store::Database& database) {
    return sign_in::still_stands(database, *c.accepted.record);
  });
}

Result<Stop> require(Case& c, const Row& row) {
  Stop stopped;
  if (TRY(row.may_be_done_here(c))) {
    stopped = TRY(perform_it(c, row));
  } else {
    stopped =
        stop(c, Reason::enrolment_elsewhere, c.context.text_naming_support(Text::enrol_elsewhere));
  }
  if (stopped) c.context.trail.note(Step::action_due, policy::name_of(row.action));
  return stopped;
}

std::string offer_of(const Case& c, Action action) {
  if (action == Action::change_password && c.first.factor.breached) {
    return std::string(c.text(Text::replace_breached_now));
  }
  const bool anew = action == Action::enrol_factor && enrols_anew(c);
  return anew ? std::string(c.text(Text::enrol_anew_now)) : naming(c, Text::do_it_now, action);
}

// Never in the way: whatever comes of it, the sign-in goes on, and it is asked for next time.
Result<void> recommend(Case& c, const Row& row) {
  if (!TRY(row.may_be_done_here(c))) return {};
  if (row.offered == Offered::by_its_own_questions) {
    TRY(row.perform(c));
    return {};
  }
  const std::string question = offer_of(c, row.action);
  Result<bool> wanted = says_yes(c.context, c.person, question);
  if (wanted.has_value() && !*wanted) return put_off(c, row.action);
  if (wanted.has_value()) {
    TRY(perform_it(c, row));
    return {};
  }
  if (wanted.error().code() != Errc::not_answered) return wanted.error();
  return {};
}

Result<std::vector<PendingAction>> pending_of(const Case& c) {
  const daemon::Services& services = c.context.services;
  const policy::Policy policy = TRY(policy_of(c.context, c.accepted.record->id));
  const Standing standing = TRY(standing_of(c));
  return pending_actions(services.config, policy, standing, services.clock.now());
}

Result<Stop> walk(Case& c) {
  for (const Row& row : kRows) {
    // Read anew each time: one action may make another due.
    const auto pending = TRY(pending_of(c));
    const Demand demand = TRY(demand_of(c, pending, row));
    if (demand == Demand::off) continue;
    if (!TRY(still_stands(c))) return Stop(stop(c, Reason::changed_meanwhile, ""));
    if (demand == Demand::recommended) TRY(recommend(c, row));
    if (demand != Demand::required) continue;
    if (Stop stopped = TRY(require(c, row))) return stopped;
  }
  return Stop{};
}

// Where a door that only verifies sends somebody: to one where it can be done.
std::string elsewhere(const Case& c, Action action) {
  const bool only_here = c.context.services.config.enrol_from == daemon::EnrolFrom::local;
  if (action == Action::enrol_factor && only_here) {
    return c.context.text_naming_support(Text::enrol_elsewhere);
  }
  if (c.context.front_end.prompts == daemon::Prompts::many) {
    return naming(c, Text::finish_elsewhere, action);
  }
  // They may be at SSH this minute, with a program that asks once.
  return naming(c, Text::not_without, action) + "\n" + std::string(c.text(Text::ask_once_only));
}

}  // namespace

Result<Stop> required_actions(const Context& context, ports::Person& person, const FirstStep& first,
                              Decision& accepted) {
  const bool proven = factors::asked_factor(first.account.factors) != nullptr;
  Case c{context, person, first, accepted, proven ? Beside::factor_proven : Beside::nothing};
  if (context.front_end.lifecycle == Lifecycle::allowed) return walk(c);
  const auto pending = TRY(pending_actions_of(context, accepted.record->id));
  const PendingAction* in_the_way = first_required(pending);
  if (in_the_way == nullptr) return Stop{};
  context.trail.note(Step::action_due, policy::name_of(in_the_way->action));
  return Stop(stop(c, Reason::lifecycle_refused, elsewhere(c, in_the_way->action)));
}

Result<std::vector<PendingAction>> pending_actions_of(const Context& c, store::PersonId person) {
  const daemon::Config& config = c.services.config;
  const policy::Policy policy = TRY(policy_of(c, person));
  const Standing standing = TRY(c.services.store.read(
      [&](store::Database& database) { return read_standing(database, person); }));
  return pending_actions(config, policy, standing, c.services.clock.now());
}

Text text_of(Action action) {
  return kRows[static_cast<std::size_t>(action)].in_words;
}

}  // namespace usher::sign_in
