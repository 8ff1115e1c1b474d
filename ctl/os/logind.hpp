// The sessions that logind has of one uid, read from what it publishes: usherd is not asked, and
// could not see them.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"

namespace usher::ctl {

// What logind does not know of a session is empty.
struct LogindSession {
  std::string id;
  std::string service;  // "sshd"
  std::string terminal;
  std::string remote_host;
};

// At most 100. None where logind is not there.
Result<std::vector<LogindSession>> sessions_of(Uid uid);

}  // namespace usher::ctl
