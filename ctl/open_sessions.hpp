// What --sessions says, as usherd is asked it, and what came of it, as it is told.
#pragma once

#include <string>
#include <string_view>

#include "ctl/verbs.hpp"

namespace usher::ctl {

inline constexpr Option kSessions{"--sessions", "which open ones end: all, others or none",
                                  &Arguments::sessions};

// The login manager's name of the session that a process is in, out of its /proc/PID/cgroup; empty:
// it is in none. "0::/user.slice/user-1000.slice/session-3.scope" is in session 3.
std::string session_of(std::string_view cgroups);

// With "others", the session this command is typed in is the one that stays.
void put_sessions(protocol::varlink::Json& parameters, const Session& session,
                  const Arguments& arguments);
// On standard output how many ended; on standard error why they did not.
void tell_sessions(Session& session, const protocol::varlink::ReplyOk& reply);

}  // namespace usher::ctl
