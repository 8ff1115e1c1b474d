// What enabling or disabling would change, worked out without changing anything: pam-auth-update
// runs on copies, in a directory of its own. What it makes there is shown, saved, and put in place
// file by file; nothing is put in place that was not shown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ctl/enable_state.hpp"

namespace usher::ctl {

inline constexpr std::string_view kSshdDropIn = "/etc/ssh/sshd_config.d/50-usher.conf";

enum class Wanted : std::uint8_t { enabled, removed };
enum class Sshd : std::uint8_t { absent, installed };

// Every file that pam-auth-update writes, the unchanged ones too.
Result<std::vector<Change>> plan_pam(const Host& host, Wanted wanted);
// PAM, and sshd's drop-in if there is an sshd.
Result<std::vector<Change>> plan_enable(const Host& host, Sshd sshd);
// Both taken out again, where no copies say how it was: the drop-in only if it is as we write it.
Result<std::vector<Change>> plan_removal(const Host& host);

bool is_pam(const Change& change);
// Does a line of this file of PAM's name the module?
bool asks_usher(std::string_view pam_file);
bool any_differs(const std::vector<Change>& changes);

// The lines of /etc that change, as `diff -u` prints them, then the names of the other files.
Result<std::string> show_changes(const Host& host, const std::vector<Change>& changes);

}  // namespace usher::ctl
