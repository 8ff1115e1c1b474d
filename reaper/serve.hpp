// One connection: one call, one answer. Blocking; every wait has a deadline.
#pragma once

#include <chrono>

#include "reaper/sessions.hpp"
#include "reaper/target.hpp"

namespace usher::reaper {

struct Patience {
  std::chrono::milliseconds call{2'000};   // for the whole call to arrive
  std::chrono::milliseconds reply{1'000};  // for the caller to take the answer
};

// What was done, for the log. Errc::not_permitted and others as Sessions and check_target() have
// them: the caller was told. Errc::invalid_input and unsupported: a malformed call, which gets no
// answer; timed_out, hung_up: there was none.
Result<std::string> serve(int socket, const Files& files, Sessions& sessions,
                          const Patience& patience);

}  // namespace usher::reaper
