// passwd: the old password first, then a new one. Enrolled factors are not touched.
#include "daemon/letters/letter.hpp"
#include "daemon/sign_in/closed_account.hpp"
#include "daemon/sign_in/first_factor.hpp"
#include "daemon/sign_in/flows.hpp"
#include "daemon/sign_in/new_password.hpp"
#include "daemon/sign_in/person_policy.hpp"
#include "daemon/store/news.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using protocol::Outcome;
using protocol::Slot;
using texts::Text;

// Root's way is a reset, which the person completes; choosing a password for them is no default.
bool is_root_at_passwd(const Context& c) {
  return c.facts.service == "passwd" && c.facts.caller == kRootUid;
}

std::string too_early(const Context& c, const policy::Policy& policy) {
  return texts::fill(c.language, Text::password_too_early, fmt::arg("support", c.support),
                     fmt::arg("days", policy.password.min_age.count()));
}

// Each change is mailed to all their addresses, and none goes untold.
constexpr std::int64_t kAnHour = 10;
Result<bool> is_change_too_often(const Context& c, const Account& who) {
  const ports::Instant now = c.services.clock.now();
  const std::string_view event = letters::row_of(letters::Letter::password_changed).name;
  const auto told = TRY(c.services.store.read([&](store::Database& database) {
    return store::count_told(database, who.record->id, {event, std::nullopt},
                             now - std::chrono::hours(1), now);
  }));
  return told >= kAnHour;
}

}  // namespace

Result<Decision> prepare_change(const Context& c, ports::Person& /*asks nothing*/) {
  const Account who = TRY(look_up(c));
  if (!who.record) return decide(Outcome::unknown_user, Reason::unknown_user, {});
  if (is_root_at_passwd(c))
    return refuse(Reason::root_resets, who.record, c.text(Text::root_resets));
  // Their own uid asks: to them it is no secret that no password is kept here.
  if (!who.record->is_local() && c.facts.caller == who.record->uid) {
    return refuse_not_local(known_as(c, who), *who.record);
  }
  return decide(Outcome::accept, Reason::account_open, who.record);
}

Result<Decision> change_password(const Context& host, ports::Person& person) {
  if (is_root_at_passwd(host)) {
    return refuse(Reason::root_resets, TRY(look_up(host)).record, host.text(Text::root_resets));
  }
  const FirstStep first = TRY(prove_first_factor(host, person, host.text(Text::current_password)));
  const Account& who = first.account;
  if (!first.factor.proven) return refuse_first(first);
  const Context c = known_as(host, who);
  if (auto closed = TRY(refuse_if_closed(c, who))) return std::move(*closed);
  const policy::Policy policy = TRY(policy_of(c, who.record->id));
  if (is_change_too_early(c, who, policy)) {
    return refuse(Reason::too_early, who.record, too_early(c, policy));
  }
  if (TRY(is_change_too_often(c, who))) {
    return refuse(Reason::too_often, who.record, c.text_naming_support(Text::password_too_often));
  }
  const NewPassword fresh = TRY(choose_password(c, person, *who.record, first.factor.typed));
  if (fresh.chosen.empty()) return refuse(fresh.reason, who.record);
  const auto epoch = TRY(keep_password(c, *who.record, fresh.chosen, std::nullopt));
  if (!epoch) return refuse(Reason::changed_meanwhile, who.record);

  Decision decision = decide(Outcome::accept, Reason::password_changed, who.record);
  decision.record->epoch = *epoch;
  decision.factors = "password";
  decision.authtok = Slot::new_password;
  decision.authtok_length = fresh.length;
  decision.old_authtok = Slot::password;
  return decision;
}

}  // namespace usher::sign_in
