// The names.
#include "ctl/findings.hpp"

#include <algorithm>

namespace usher::ctl {
namespace {

// In the order of the enumeration.
constexpr std::string_view kNames[] = {
    "healthy",
    "not-looked-at",
    "pam-unreadable",
    "pam-broken-line",
    "module-missing",
    "module-option",
    "local-locked-out",
    "denial-ignored",
    "usher-bypassed",
    "account-not-asked",
    "people-locked-out",
    "not-asked",
    "names-missing",
    "names-unclaimed",
    "sshd-broken",
    "sshd-without-pam",
    "sshd-no-conversation",
    "sshd-match",
    "sshd-root-password",
    "socket-missing",
    "socket-unsafe",
    "usherd-silent",
    "clock-behind",
    "configuration",
    "mail-waits",
    "sms-waits",
    "template-mistake",
    "file-mode",
};
static_assert(std::size(kNames) == static_cast<std::size_t>(FindingKind::file_mode) + 1);

}  // namespace

std::string_view name_of(Level level) {
  switch (level) {
    case Level::ok:
      return "ok";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return "error";
}

std::string_view name_of(FindingKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

std::span<const std::string_view> finding_names() {
  return kNames;
}

bool has_errors(const Findings& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.level == Level::error; });
}

}  // namespace usher::ctl
