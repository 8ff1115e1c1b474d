// The first factor: the password, or the one-time code of a first sign-in typed in its place.
#pragma once

#include "daemon/ports/person.hpp"
#include "daemon/sign_in/account_lookup.hpp"
#include "daemon/sign_in/decision.hpp"
#include "daemon/store/codes.hpp"

namespace usher::sign_in {

struct FirstFactor {
  bool proven = false;
  Reason reason = Reason::wrong_password;
  Secret typed;                              // what was proven, for "not the same again"
  bool breached = false;                     // it is known from a breach elsewhere
  std::uint16_t length = 0;                  // bytes of the answer that are the password
  std::optional<store::CodeRecord> redeems;  // the one-time code it is, not yet spent
  std::optional<store::CodeRecord> objects;  // "it was not me": nothing is proven by it
  Secret code;                               // what followed the password in the same field
  std::chrono::milliseconds delay{0};        // before a refusal is said
};

// The person is looked up after the answer: a prompt may stand open for minutes.
struct FirstStep {
  Account account;
  FirstFactor factor;
};
Result<FirstStep> prove_first_factor(const daemon::Context& context, ports::Person& person,
                                     std::string_view question);
// What is answered when it is not proven.
Decision refuse_first(const FirstStep& step);
// What is answered to a wrong code. Where password and code share a field it is a wrong answer like
// any other: counted in the same place, and as long in coming.
Result<Decision> refuse_second(const daemon::Context& context, FirstStep& step, Reason reason);

}  // namespace usher::sign_in
