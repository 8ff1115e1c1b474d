// The units that put things back: a service that systemd starts two minutes after `enable`, and at
// the next boot before anybody can sign in.
#pragma once

#include <chrono>

#include "ctl/host.hpp"
#include "ctl/host_files.hpp"

namespace usher::ctl {

inline constexpr std::chrono::minutes kConfirmWithin{2};

Result<void> write_rollback_units(const Host& host);
Result<void> remove_rollback_units(const Host& host);
// From here on the clock runs.
Result<void> start_rollback_timer(const Host& host);
Result<void> stop_rollback_timer(const Host& host);

}  // namespace usher::ctl
