// The answers that may turn out to be a password, kept until the verdict says so. A code is never
// among them: the daemon gives its step no slot.
#pragma once

#include <security/pam_modules.h>

#include "protocol/messages.hpp"

namespace usher::pam_module {

class KeptAnswers {
 public:
  // A later answer takes the place of an earlier one.
  Result<void> keep(protocol::Slot slot, std::string_view text);
  void forget(protocol::Slot slot);

  // Sets PAM_OLDAUTHTOK and PAM_AUTHTOK to what an accepting verdict names, both or none. Errors
  // when it names an answer nobody gave.
  Result<void> hand_over(pam_handle_t* handle, const protocol::Verdict& verdict);

 private:
  Secret* find(protocol::Slot slot);

  Secret password_;
  Secret new_password_;
};

}  // namespace usher::pam_module
