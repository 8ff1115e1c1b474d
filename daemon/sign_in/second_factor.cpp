// A few tries in the conversation (the app's code may change while it is typed), then a refusal.
#include "daemon/sign_in/second_factor.hpp"

#include "daemon/notices/happened.hpp"
#include "daemon/sign_in/factor_help.hpp"
#include "daemon/sign_in/help_menu.hpp"
#include "daemon/store/recovery_codes.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using daemon::Prompts;
using daemon::Step;
using factors::FactorKind;
using factors::Proof;

constexpr int kTries = 3;

Reason reason_of(Proof proof) {
  switch (proof) {
    case Proof::proven:
      return Reason::all_proven;
    case Proof::wrong:
      return Reason::wrong_code;
    case Proof::spent:
      return Reason::code_already_spent;
    case Proof::throttled:
      return Reason::factor_throttled;
    case Proof::abandoned:
    case Proof::help:
      return Reason::no_code_given;
  }
  return Reason::wrong_code;
}

Step step_of(Proof proof) {
  switch (proof) {
    case Proof::proven:
      return Step::factor_right;
    case Proof::wrong:
      return Step::factor_wrong;
    case Proof::spent:
      return Step::factor_spent;
    case Proof::throttled:
      return Step::factor_not_looked_at;
    case Proof::abandoned:
      return Step::factor_not_typed;
    case Proof::help:
      return Step::factor_help;
  }
  return Step::factor_wrong;
}

Result<Proof> check_field(const Context& c, const FactorKind& kind, const Secret& code,
                          const std::vector<store::FactorRecord>& enrolled,
                          factors::Guesses& guesses) {
  const Proof proof = TRY(factors::check_typed(c, kind, code, enrolled, guesses));
  c.trail.note(step_of(proof), guesses.kind);
  return proof;
}

Result<Proof> ask_for_it(const Context& c, ports::Person& person, const FactorKind& kind,
                         const Account& account, factors::Guesses& guesses) {
  std::string_view hint;
  Proof proof = Proof::wrong;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    proof = TRY(kind.prove(c, person, account.factors, hint, guesses));
    hint = {};
    if (proof == Proof::help) {
      c.trail.note(step_of(proof));
      TRY(help_with_factor(c, person, *account.record));
      continue;
    }
    // What was typed may have been taken for another kind's; nothing typed is the kind's own.
    const bool typed = proof != Proof::abandoned && !guesses.kind.empty();
    c.trail.note(step_of(proof), typed ? guesses.kind : kind.name);
    if (proof == Proof::proven || proof == Proof::abandoned) return proof;
    hint = c.text(texts::Text::code_refused);
  }
  return proof;
}

// So few that new ones should be drawn before they run out.
constexpr std::int64_t kFew = 3;

std::string what_is_left(const Context& c, std::int64_t count) {
  if (count == 0) return c.text_naming_support(texts::Text::recovery_codes_none);
  const bool few = count <= kFew;
  return texts::fill(c.language,
                     few ? texts::Text::recovery_codes_few : texts::Text::recovery_codes_left,
                     fmt::arg("count", count));
}

// Who used one of a few is told how many are left; which is how they learn of a stranger's use too:
// in the transaction that spends it.
factors::Alongside telling_of_use(const Context& c, const Account& account, std::int64_t& left) {
  return [&](store::Database& database, store::FactorId /*set*/) -> Result<void> {
    left = TRY(store::count_recovery_codes(database, account.id()));
    std::vector<letters::Value> values{{letters::Variable::left, static_cast<std::uint64_t>(left)}};
    if (left <= kFew) values.push_back({letters::Variable::few, std::string_view()});
    return notices::tell_of(database, c, *account.record, letters::Letter::recovery_code_used,
                            std::move(values));
  };
}

factors::Help help_at(const Context& c) {
  if (offers_help(c)) return factors::Help::offered;
  const bool looked_after = c.front_end.lifecycle == daemon::Lifecycle::allowed;
  return looked_after ? factors::Help::taken : factors::Help::none;
}

}  // namespace

Result<SecondFactor> prove_second_factor(const Context& c, ports::Person& person,
                                         const Account& account, const FirstFactor& first) {
  if (account.factors_suspended) c.trail.note(Step::factors_suspended);
  const store::FactorRecord* asked = factors::asked_factor(account.factors);
  if (asked == nullptr) return SecondFactor{true, "", Reason::all_proven};
  const FactorKind* kind = factors::find_kind(asked->kind);
  // A kind this program does not know must deny, not be skipped.
  if (kind == nullptr) return Error(Errc::unsupported, "an enrolled factor has an unknown kind");
  std::int64_t left = 0;
  factors::Guesses guesses;
  guesses.help = help_at(c);
  guesses.on_row_spent = telling_of_use(c, account, left);
  const Result<Proof> proof = c.front_end.prompts == Prompts::one
                                  ? check_field(c, *kind, first.code, account.factors, guesses)
                                  : ask_for_it(c, person, *kind, account, guesses);
  // sshd's "password" method fails at a shown question: nobody is there to be asked.
  if (!proof.has_value() && proof.error().code() == Errc::not_answered) {
    c.trail.note(Step::factor_not_askable, kind->name);
    return SecondFactor{false, kind->name, Reason::cannot_ask_code};
  }
  if (!proof.has_value()) return proof.error();
  const FactorKind* answered = factors::find_kind(guesses.kind);
  if (answered == nullptr) answered = kind;
  if (*proof == Proof::proven && answered->standing == factors::Standing::stand_in) {
    TRY(person.tell(ports::Tone::info, what_is_left(c, left)));
  }
  return SecondFactor{*proof == Proof::proven, answered->name, reason_of(*proof)};
}

}  // namespace usher::sign_in
