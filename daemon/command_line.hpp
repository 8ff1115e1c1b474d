// The command line of both programs: [--config FILE] [--check-config FILE] [--version] [--help].
#pragma once

#include "daemon/config.hpp"

namespace usher::daemon {

// `run` gets the checked configuration. Returns the exit status: 0, 1 failed, 2 usage or
// configuration.
int run_from_command_line(int argc, char** argv, Result<void> (*run)(const Config& config));

}  // namespace usher::daemon
