// One login connection from hello to verdict, on its own thread.
#pragma once

#include "daemon/admission.hpp"
#include "daemon/context.hpp"

namespace usher::daemon {

// The Error says why no verdict, or only "unavailable", was sent; the server logs it once.
// Errc::invalid_input means a malformed frame: this connection ends, nothing else.
Result<void> serve_login(Services& services, Admission& admission, int socket, Uid peer);

}  // namespace usher::daemon
