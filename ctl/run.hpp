// usherctl as a function: a test calls it with streams of its own.
#pragma once

#include "ctl/host.hpp"
#include "ctl/output.hpp"

namespace usher::ctl {

// The exit code (exit_code.hpp). `host` is another one in tests only.
int run(int argc, const char* const* argv, const Streams& streams, const Host& host = {});

}  // namespace usher::ctl
