// A few tries in the conversation (the app's code may change while it is typed), then a refusal.
#include "daemon/sign_in/second_factor.hpp"

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
  }
  return Step::factor_wrong;
}

Result<Proof> check_field(const Context& c, const FactorKind& kind, const Secret& code,
                          const std::vector<store::FactorRecord>& enrolled) {
  factors::Guesses guesses;
  const Proof proof = TRY(kind.check(c, code, enrolled, guesses));
  c.trail.note(step_of(proof), kind.name);
  return proof;
}

Result<Proof> ask_for_it(const Context& c, ports::Person& person, const FactorKind& kind,
                         const std::vector<store::FactorRecord>& enrolled) {
  std::string_view hint;
  factors::Guesses guesses;
  Proof proof = Proof::wrong;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    proof = TRY(kind.prove(c, person, enrolled, hint, guesses));
    c.trail.note(step_of(proof), kind.name);
    if (proof == Proof::proven || proof == Proof::abandoned) return proof;
    hint = c.text(texts::Text::code_refused);
  }
  return proof;
}

}  // namespace

Result<SecondFactor> prove_second_factor(const Context& c, ports::Person& person,
                                         const Account& account, const FirstFactor& first) {
  if (account.factors.empty()) return SecondFactor{true, "", Reason::all_proven};
  const FactorKind* kind = factors::find_kind(account.factors.front().kind);
  // A kind this program does not know must deny, not be skipped.
  if (kind == nullptr) return Error(Errc::unsupported, "an enrolled factor has an unknown kind");
  const Result<Proof> proof = c.front_end.prompts == Prompts::one
                                  ? check_field(c, *kind, first.code, account.factors)
                                  : ask_for_it(c, person, *kind, account.factors);
  // sshd's "password" method fails at a shown question: nobody is there to be asked.
  if (!proof.has_value() && proof.error().code() == Errc::not_answered) {
    c.trail.note(Step::factor_not_askable, kind->name);
    return SecondFactor{false, kind->name, Reason::cannot_ask_code};
  }
  if (!proof.has_value()) return proof.error();
  return SecondFactor{*proof == Proof::proven, kind->name, reason_of(*proof)};
}

}  // namespace usher::sign_in
