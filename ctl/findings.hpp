// What `usherctl doctor` finds, and `usherctl enable` before it changes anything: a value a
// finding, with a name that docs/doctor.md explains and that enable's --force takes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace usher::ctl {

enum class Level : std::uint8_t { ok, warning, error };
std::string_view name_of(Level level);

enum class FindingKind : std::uint8_t {
  healthy,
  not_looked_at,
  pam_unreadable,
  pam_broken_line,
  module_missing,
  module_option,
  local_locked_out,
  denial_ignored,
  usher_bypassed,
  account_not_asked,
  people_locked_out,
  not_asked,
  names_missing,
  names_unclaimed,
  sshd_broken,
  sshd_without_pam,
  sshd_no_conversation,
  sshd_match,
  sshd_root_password,
  socket_missing,
  socket_unsafe,
  usherd_silent,
  clock_behind,
  configuration,
  mail_waits,
  sms_waits,
  template_mistake,
  file_mode,
};
std::string_view name_of(FindingKind kind);
std::span<const std::string_view> finding_names();

struct Finding {
  Level level = Level::error;
  FindingKind kind = FindingKind::healthy;
  std::string where;  // FILE:LINE, a file, or a service
  std::string what;
  std::string cure;
  std::vector<std::string> services;  // of PAM; empty: it is not about services
};
using Findings = std::vector<Finding>;

bool has_errors(const Findings& findings);

}  // namespace usher::ctl
