// The words after "usherctl", read by the tables of verbs.hpp.
#pragma once

#include <variant>

#include "ctl/exit_code.hpp"
#include "ctl/session.hpp"

namespace usher::ctl {

struct CommandLine {
  std::string socket = kAdminSocket;
  bool json = false;
  Arguments arguments;
  Command command = nullptr;
};

// What to run; or the exit code when there is nothing to run: help, version (printed), a mistake
// (told in one line).
std::variant<CommandLine, Exit> read_command_line(int argc, const char* const* argv,
                                                  const Streams& streams);

}  // namespace usher::ctl
