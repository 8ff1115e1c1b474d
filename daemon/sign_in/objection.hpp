// What an owner can do who was told of something and did not do it: a code that came with a notice,
// typed at the password prompt. It lets nobody in; it shuts out whoever is in the account, and
// leaves a new password to be asked for.
#pragma once

#include "daemon/sign_in/first_factor.hpp"

namespace usher::sign_in {

// Of the code in `first.factor.objects`: spends it, voids codes, known hosts, contacts that do not
// serve yet and the password, and ends what is open; then refuses, and says what is next.
Result<Decision> object(const daemon::Context& context, const FirstStep& first);

}  // namespace usher::sign_in
