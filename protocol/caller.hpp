// Who is at the other end of a connection, by the kernel's word, and who may be, where a socket is
// one user's: whoever owns its file (SocketUser= of the unit), and root. A name is never looked up.
#pragma once

#include "base/result.hpp"
#include "base/text.hpp"

namespace usher::protocol {

Result<Uid> peer_of(int socket);
// The owner of the file an accepted connection came through. Errc::invalid_input: it came through
// none.
Result<Uid> owner_of(int socket);

// The overflow uid is whoever a foreign user namespace hides; it may call nobody, whatever it owns.
bool may_call(Uid peer, Uid owner);

}  // namespace usher::protocol
