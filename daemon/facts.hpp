// What is known about who calls: the begin frame's facts and the peer's uid from the kernel.
#pragma once

#include <string>

#include "base/text.hpp"
#include "protocol/messages.hpp"

namespace usher::daemon {

struct Facts {
  protocol::Operation operation = protocol::Operation::authenticate;
  bool trusted = false;  // the peer is root or usherd's own uid: its texts count
  std::uint32_t flags = 0;
  Uid peer = kOverflowUid;
  Uid caller{0};  // getuid() in the peer
  std::uint32_t audit_session = 0;
  std::string user;  // as given, not yet a UserName
  std::string service, tty, rhost, ruser, auth_info;
};

// Whose words count: root's, and those of usherd's own uid, which could rewrite the store anyway.
bool is_trusted(Uid peer, Uid own);

// Texts of an untrusted peer are dropped, all but the user: it could claim any service or host.
Facts gather_facts(const protocol::Begin& begin, Uid peer, Uid own);

}  // namespace usher::daemon
