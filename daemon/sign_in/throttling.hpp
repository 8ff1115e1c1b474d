// The throttle on passwords, as the first factor uses it: the two moments at which the counters are
// looked at. A guess is judged after its hash and in
// the transaction that counts it, so of guesses made at once no more than the limit are answered.
#pragma once

#include "daemon/policy/throttle.hpp"
#include "daemon/sign_in/account_lookup.hpp"

namespace usher::sign_in {

// Is a right password refused here for now?
Result<policy::Verdict> judge_password(const daemon::Context& context, store::Database& database,
                                       const Account& account);

struct Failure {
  bool throttled = false;               // it was not even looked at
  bool counted = false;                 // it was not one of the last wrong ones again
  unsigned wrong = 0;                   // that count for the person, this one included
  std::optional<unsigned> limit;        // from so many on they are refused; none: never
  std::optional<ports::Instant> until;  // when it would be looked at again
  policy::Span delay{0};                // before the refusal is said
};
// Counts a refused password: for the person, if it was looked at, and for the bucket the name falls
// into, which alone says how long to wait. The same statements for every name. `password` is what
// was compared; `answer` may have a code behind it, and the wait must not tell that it was cut off.
Result<Failure> count_failure(const daemon::Context& context, const Account& account,
                              const Secret& password, const Secret& answer);

}  // namespace usher::sign_in
