// One question, one look-up, one hash, one look at the code and the throttle, one failure counted:
// for every name and every wrong answer.
#include "daemon/sign_in/first_factor.hpp"

#include <algorithm>

#include "daemon/contacts/usable.hpp"
#include "daemon/crypto/crypt_hash.hpp"
#include "daemon/factors/factor.hpp"
#include "daemon/sign_in/help_menu.hpp"
#include "daemon/sign_in/one_time_code.hpp"
#include "daemon/sign_in/throttling.hpp"
#include "daemon/store/codes.hpp"
#include "daemon/store/tries.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using daemon::Lifecycle;
using daemon::Prompts;
using daemon::Step;

// A handle no code has: the same statement runs whether or not the answer looks like a code.
constexpr std::string_view kNoHandle = "";

bool is_one_field(const Context& c) {
  return c.front_end.prompts == Prompts::one &&
         c.facts.operation == protocol::Operation::authenticate;
}

// Where only one question is possible, the code follows the password in the same field.
Result<void> split_code(const Context& c, const Account& account, const Secret& answer,
                        FirstFactor& first) {
  std::size_t code_length = 0;
  if (is_one_field(c)) code_length = factors::code_at_end(account.factors, answer.view());
  const std::size_t length = answer.size() - code_length;
  first.typed = TRY(Secret::copy(answer.view().substr(0, length)));
  first.code = TRY(Secret::copy(answer.view().substr(length)));
  first.length = static_cast<std::uint16_t>(length);
  return {};
}

// A mailed code is as good as the address it went to is now; and a mailbox alone is no way around a
// factor that is suspended.
Result<bool> still_counts(const Context& c, store::Database& database, const Account& account,
                          const store::CodeRecord& code) {
  if (code.purpose == kNotYou) return true;
  if (code.purpose != kReset) return code.purpose == kFirstSignIn;
  if (account.factors_suspended || !account.is(store::PersonState::active)) return false;
  return contacts::is_usable(database, account.id(), code.contact, c.services.clock.now());
}

// What the answer could be, beside a password.
Result<std::optional<OneTimeCode>> code_in(const Context& c, const Account& account,
                                           const Secret& answer) {
  auto typed = TRY(parse_code(answer.view()));
  if (typed || !c.services.config.mailed_password) return typed;
  return std::optional(TRY(passphrase_code(c.services.sealer, account.id(), answer.view())));
}

// The live one-time code the answer is, if it is one.
Result<std::optional<store::CodeRecord>> live_code(const Context& c, store::Database& database,
                                                   const Account& account, const Secret& answer) {
  const std::optional<OneTimeCode> typed = TRY(code_in(c, account, answer));
  const std::string_view handle = typed ? std::string_view(typed->handle) : kNoHandle;
  const policy::Timepiece time =
      TRY(store::read_timepiece(database, daemon::reading_of(c.services.clock)));
  const auto stored =
      TRY(store::find_code(database, account.id(), handle, c.services.clock.now(), time.at));
  if (!typed || !stored) return std::optional<store::CodeRecord>{};
  const std::string digest = digest_of(c.services.sealer, stored->purpose, account.id(), *typed);
  if (!constant_time_equal(digest, stored->digest)) return std::optional<store::CodeRecord>{};
  if (!TRY(still_counts(c, database, account, *stored))) return std::optional<store::CodeRecord>{};
  return stored;
}

Result<bool> password_matches(const Context& c, const Account& account, const Secret& typed) {
  std::optional<std::string> phc;
  if (account.password) phc = account.password->phc;
  // The program that made an adopted hash hashed what was typed, byte for byte.
  Result<Secret> password = phc && crypto::is_crypt_hash(*phc) ? Secret::copy(typed.view())
                                                               : policy::normalise(typed.view());
  // No text, or too long: nothing stored can match, but the hash is computed all the same.
  const bool usable = password.has_value();
  if (!usable) password = Secret();
  const bool matches = TRY(c.services.hasher.verify(*password, phc, c.origin));
  return matches && usable && !typed.empty();
}

// By signing in, where the enrolled factor is asked too; never at a door that only verifies.
bool redeems_here(const Context& c) {
  return c.front_end.lifecycle == Lifecycle::allowed &&
         c.facts.operation == protocol::Operation::authenticate;
}

Reason why_refused(const Account& account, bool is_live_code) {
  if (is_live_code) return Reason::code_not_for_this_door;
  if (!account.record) return Reason::unknown_user;
  return account.password ? Reason::wrong_password : Reason::no_password_set;
}

Step refused_as(const FirstFactor& factor, const Failure& failure) {
  if (factor.reason == Reason::throttled) return Step::password_not_looked_at;
  if (factor.reason == Reason::code_not_for_this_door) return Step::one_time_code_elsewhere;
  if (factor.reason == Reason::no_password_set) return Step::no_password;
  return failure.counted ? Step::password_wrong : Step::password_wrong_as_before;
}

void note_counted(daemon::Trail& trail, const FirstStep& step, const Failure& failure) {
  // Of nobody's name there is nothing to count, and nothing to tell.
  if (step.account.record) trail.note(Step::wrong_passwords, failure.wrong);
  if (step.account.record && failure.limit) trail.note(Step::refused_from, *failure.limit);
  if (failure.throttled && failure.until) {
    trail.note(Step::refused_until, failure.until->time_since_epoch().count());
  }
  trail.note(Step::waited, std::chrono::floor<std::chrono::seconds>(step.factor.delay).count());
}

// And says how long its refusal waits.
Result<Failure> count_answer(const Context& c, FirstStep& step, const Secret& answer) {
  Failure failure = TRY(count_failure(c, step.account, step.factor.typed, answer));
  step.factor.delay = std::min(failure.delay, c.services.config.at_start.longest_delay);
  return failure;
}

// Once in a conversation the answer may ask for help instead.
Result<Secret> ask_for_password(const Context& c, ports::Person& person,
                                std::string_view question) {
  const ports::Question asked{question, ports::Echo::hidden, protocol::Slot::password};
  Secret answer = TRY(person.ask(asked));
  if (!offers_help(c) || !asks_for_help(answer.view())) return answer;
  TRY(help(c, person));
  return person.ask(asked);
}

void take(std::optional<store::CodeRecord> code, FirstFactor& first) {
  const bool objects = code && code->purpose == kNotYou;
  (objects ? first.objects : first.redeems) = std::move(code);
}

}  // namespace

Result<FirstStep> prove_first_factor(const Context& c, ports::Person& person,
                                     std::string_view question) {
  const Secret answer = TRY(ask_for_password(c, person, question));
  FirstStep step{TRY(look_up(c)), {}};
  TRY(split_code(c, step.account, answer, step.factor));
  const bool matches = TRY(password_matches(c, step.account, step.factor.typed));
  std::optional<store::CodeRecord> code;
  const policy::Verdict verdict =
      TRY(c.services.store.read([&](store::Database& database) -> Result<policy::Verdict> {
        code = TRY(live_code(c, database, step.account, answer));
        return judge_password(c, database, step.account);
      }));
  step.factor.reason = why_refused(step.account, code.has_value());
  if (redeems_here(c)) take(std::move(code), step.factor);
  if (step.factor.objects) return step;
  // A one-time code has 40 secret bits: only passwords are throttled.
  step.factor.proven =
      (matches && verdict == policy::Verdict::go_on) || step.factor.redeems.has_value();
  if (step.factor.proven) {
    c.trail.note(step.factor.redeems ? Step::one_time_code_right : Step::password_right);
    return step;
  }
  if (is_one_field(c)) TRY(factors::check_nobodys(c, answer));
  const Failure failure = TRY(count_answer(c, step, answer));
  if (failure.throttled) step.factor.reason = Reason::throttled;
  c.trail.note(refused_as(step.factor, failure));
  note_counted(c.trail, step, failure);
  return step;
}

Decision refuse_first(const FirstStep& step) {
  Decision decision = refuse(step.factor.reason, step.account.record);
  decision.delay = step.factor.delay;
  return decision;
}

Result<Decision> refuse_second(const Context& c, FirstStep& step, Reason reason) {
  Decision decision = refuse(reason, step.account.record);
  if (!is_one_field(c)) return decision;
  const Secret answer = TRY(Secret::join({step.factor.typed.view(), step.factor.code.view()}));
  const Failure failure = TRY(count_answer(c, step, answer));
  note_counted(c.trail, step, failure);
  decision.delay = step.factor.delay;
  return decision;
}

}  // namespace usher::sign_in
