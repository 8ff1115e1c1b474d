// The story authenticate, account and password share: whose name, is it local, what the daemon
// says, is the one it speaks of still the one PAM speaks of.
#pragma once

#include <security/pam_modules.h>

#include "pam_module/options.hpp"
#include "protocol/messages.hpp"

namespace usher::pam_module {

struct Call {
  pam_handle_t* handle;
  int flags;  // PAM's
  protocol::Operation operation;
  // The one table that turns an outcome into a PAM code. What could not be decided is
  // Outcome::unavailable, a local name Outcome::unknown_user.
  int (*code_of)(protocol::Outcome);
};

// Returns the PAM code, logged already.
int run_operation(const Call& call, const Options& options);

}  // namespace usher::pam_module
