// What every door asks about a new password: the one evaluator, then the look-ups it may not make
// itself. The filter is asked beside the other rules; the history, which costs a hash an entry,
// only once nothing else is wrong.
#pragma once

#include "daemon/context.hpp"

namespace usher::sign_in {

// The rules and the forbidden words of one person.
struct Standard {
  policy::Policy policy;
  policy::PersonalWords words;
};
Result<Standard> standard_for(const daemon::Context& context, const store::PersonRecord& record);

struct Candidate {
  Secret password;  // normalised; empty when it is no text or over the limit
  std::vector<policy::Failure> failures;
  bool typable = true;  // at every console
};
// `previous` is what was just proven: the old password or the one-time code.
Result<Candidate> judge(const daemon::Context& context, const store::PersonRecord& record,
                        const Standard& standard, const Secret& typed, const Secret& previous);

// A passphrase that this standard takes; empty when a dozen were refused.
Result<Secret> passphrase_for(const Standard& standard);

}  // namespace usher::sign_in
