// Whether this host's sign-ins ask Usher now, as the files say: for `usherctl status`. Changes
// nothing, runs nothing, and needs no usherd.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ctl/host.hpp"

namespace usher::ctl {

// The words are those of usherctl(1). "unknown": this user may not look.
struct EnabledHere {
  std::string_view pam;                     // yes, in part, no, unknown
  std::string_view sshd;                    // yes, no, absent
  std::string_view rollback;                // armed, not armed, unknown
  std::optional<std::int64_t> rollback_at;  // milliseconds since 1970: when it puts things back
};
EnabledHere enabled_here(const Host& host);

}  // namespace usher::ctl
