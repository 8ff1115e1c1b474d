// What this process knows about who is calling: PAM's items, the kernel's uid and audit session.
// Facts only. Nothing is read from the environment: under su it belongs to whoever is asking.
#pragma once

#include <security/pam_modules.h>

#include "protocol/messages.hpp"

namespace usher::pam_module {

// Everything of the begin frame but the user's name. Views into PAM's items, which live until
// somebody sets them. Errc::invalid_input when an item is longer than the wire can say.
Result<protocol::Begin> gather_facts(pam_handle_t* handle, int flags,
                                     protocol::Operation operation);

}  // namespace usher::pam_module
