// What /etc/passwd, shadow, group and nsswitch.conf say, read directly: who can still become root
// without Usher, and who else names people on this host. Never asks NSS, never keeps a hash.
#pragma once

#include <string>
#include <vector>

#include "ctl/host.hpp"

namespace usher::ctl {

// The names of local accounts that can become root with a password of /etc/shadow: root, and the
// members of sudo who have a shell.
Result<std::vector<std::string>> local_administrators(const Host& host);

// The services of nsswitch's passwd line; actions in brackets are left out.
Result<std::vector<std::string>> passwd_sources(const Host& host);
// Those of them that bring people Usher does not know of. systemd does where
// homed runs or user records are dropped in.
std::vector<std::string> foreign_sources(const Host& host, const std::vector<std::string>& sources);

}  // namespace usher::ctl
