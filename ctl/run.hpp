// usherctl as a function: a test calls it with streams of its own.
#pragma once

#include "ctl/output.hpp"

namespace usher::ctl {

// The exit code (exit_code.hpp).
int run(int argc, const char* const* argv, const Streams& streams);

}  // namespace usher::ctl
