// A password typed at usherctl: never an argument, never in the environment, never on the screen.
#pragma once

#include "base/secret.hpp"
#include "ctl/output.hpp"

namespace usher::ctl {

// From a terminal twice and unseen; from anything else the first line.
// Errc::invalid_input: empty, too long, two different ones, or given up.
Result<Secret> ask_new_password(const Streams& streams);

}  // namespace usher::ctl
