// What happened to an account since its owner signed in last, a line an event: told where a sign-in
// ends, through the account phase's text, for every door that looks after accounts. Whoever took
// an account over can read mail, as often as not; this they would have to be the first to see.
#pragma once

#include "daemon/context.hpp"

namespace usher::sign_in {

// In the transaction that records the sign-in: what is read is news no more, where a password was
// proven. Who comes by a key may have no terminal: to them it is said again, for a week. Empty:
// there is none. What was done in this very sign-in waits for the next one.
Result<std::string> take_news(const daemon::Context& context, store::Database& database,
                              const store::PersonRecord& person);

// The password was proven a moment ago, so this account phase ends that sign-in.
bool has_just_proven(const daemon::Context& context, const store::PersonRecord& person);

}  // namespace usher::sign_in
