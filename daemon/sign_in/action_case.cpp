// What every action starts from; and the password, which alone depends on what was typed.
#include "daemon/sign_in/action_case.hpp"

#include <fmt/format.h>

#include "daemon/policy/unicode.hpp"
#include "daemon/sign_in/new_password.hpp"
#include "daemon/sign_in/one_time_code.hpp"
#include "daemon/sign_in/person_policy.hpp"
#include "daemon/sign_in/required_actions.hpp"

namespace usher::sign_in {

using daemon::Step;
using policy::Action;
using protocol::Slot;
using texts::Text;

namespace {

Result<Text> why_another(const Case& c) {
  if (c.accepted.record->state == store::PersonState::invited) return Text::choose_password;
  const policy::Policy policy = TRY(policy_of(c.context, c.accepted.record->id));
  const ports::Instant now = c.context.services.clock.now();
  if (!is_short_alone(policy, TRY(standing_of(c)), now)) {
    return c.first.factor.breached ? Text::replace_breached_password : Text::replace_password;
  }
  c.context.trail.note(Step::password_short_alone);
  return Text::replace_short_password;
}

}  // namespace

Decision stop(const Case& c, Reason reason, std::string_view text) {
  Decision decision = refuse(reason, c.accepted.record, text);
  decision.factors = c.accepted.factors;
  return decision;
}

std::string naming(const Case& c, Text text, Action action) {
  return texts::fill(c.context.language, text, fmt::arg("action", c.text(text_of(action))),
                     fmt::arg("support", c.context.support));
}

Stop stop_before(const Case& c, Reason reason, Action action) {
  return stop(c, reason, naming(c, Text::not_without, action));
}

Result<Standing> standing_of(const Case& c) {
  const store::PersonId person = c.accepted.record->id;
  Standing standing = TRY(c.context.services.store.read(
      [&](store::Database& database) { return read_standing(database, person); }));
  if (c.accepted.authtok != Slot::password) return standing;
  standing.typed_is_breached = c.first.factor.breached;
  const Result<Secret> typed = policy::normalise(c.first.factor.typed.view());
  standing.typed_is_text = typed.has_value();
  if (!standing.typed_is_text) return standing;
  standing.code_points_typed = policy::count_classes(typed->view()).code_points;
  return standing;
}

bool is_by_mail(const Case& c) {
  const auto& redeems = c.first.factor.redeems;
  return redeems && redeems->purpose == kReset;
}

bool is_by_staff(const Case& c) {
  return c.first.factor.redeems && !is_by_mail(c);
}

Result<Stop> replace_password(Case& c) {
  store::PersonRecord& record = *c.accepted.record;
  const FirstFactor& proven = c.first.factor;
  TRY(c.person.tell(ports::Tone::info, c.text(TRY(why_another(c)))));
  const NewPassword fresh = TRY(choose_password(c.context, c.person, record, proven.typed));
  if (fresh.reason == Reason::answers_repeated) {
    return Stop(stop(c, fresh.reason, c.text(Text::ask_once_only)));
  }
  if (fresh.chosen.empty()) return stop_before(c, fresh.reason, Action::change_password);
  const auto epoch =
      TRY(keep_password(c.context, record, fresh.chosen, proven.redeems,
                        c.beside == Beside::nothing ? Factor::not_shown : Factor::shown));
  if (!epoch) return Stop(stop(c, Reason::changed_meanwhile, ""));
  record.epoch = *epoch;
  record.state = store::PersonState::active;
  c.accepted.authtok = Slot::new_password;
  c.accepted.authtok_length = fresh.length;
  TRY(c.person.tell(ports::Tone::info, c.text(Text::password_kept)));
  if (is_by_mail(c) && c.beside == Beside::nothing) {
    return Stop(stop(c, Reason::sign_in_again, c.text(Text::sign_in_again)));
  }
  return Stop{};
}

}  // namespace usher::sign_in
