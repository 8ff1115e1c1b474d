// The host that `usherctl enable` changes: where its files are and which programs are run. A test
// brings a private tree and programs of its own; nothing below asks which of the two it has.
#pragma once

#include <string>
#include <string_view>

#include "base/text.hpp"
#include "ctl/os/clock.hpp"
#include "ctl/os/logind.hpp"
#include "ctl/os/moment.hpp"

namespace usher::ctl {

struct Host {
  std::string root;  // in front of every path below; empty on a host
  Uid administrator = kRootUid;
  // Absolute: PATH is never asked. None of them is under `root`.
  std::string pam_auth_update = "/usr/sbin/pam-auth-update";
  std::string sshd = "/usr/sbin/sshd";
  std::string systemctl = "/usr/bin/systemctl";
  std::string diff = "/usr/bin/diff";
  std::string usherctl;  // what the rollback's unit starts; empty: this program
  std::string usherd;    // whose --check-config is asked; empty: the one installed with this
  std::string pam_module = USHER_PAM_MODULE_PATH;

  Result<std::vector<LogindSession>> (*sessions_of)(Uid uid) = ctl::sessions_of;
  std::int64_t (*now)() = milliseconds_now;
  bool (*wait_a_moment)() = ctl::wait_a_moment;  // audit --follow: false, and it ends

  std::string path(std::string_view absolute) const { return root + std::string(absolute); }
};

}  // namespace usher::ctl
