// The words after "usherctl", read by the tables of verbs.hpp.
#pragma once

#include <variant>

#include "ctl/exit_code.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {

struct CommandLine {
  std::string socket = kAdminSocket;
  bool json = false;
  Arguments arguments;
  Command command = nullptr;
};

// Those the help shows, for the documents' test.
std::vector<const Verb*> listed_verbs();

// What to run; or the exit code when there is nothing to run: help, version (printed), a mistake
// (told in one line).
std::variant<CommandLine, Exit> read_command_line(int argc, const char* const* argv,
                                                  const Streams& streams);

}  // namespace usher::ctl
