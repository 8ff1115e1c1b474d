// usherctl's exit codes: what scripts may rely on. usherctl(1) and --help list the same.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "protocol/varlink.hpp"

namespace usher::ctl {

enum class Exit : int {
  ok = 0,
  failed = 1,         // usherd refused or could not
  usage = 2,          // the command line, or a value in it
  no_such = 3,        // no such person, group or factor
  not_permitted = 4,  // this user may not
  unreachable = 5,    // usherd did not answer
  conflict = 6,       // it exists already, or its state forbids it
};

inline constexpr std::string_view kExitCodes =
    "Exit codes: 0 done; 1 refused or failed; 2 wrong usage; 3 no such person, group or\n"
    "factor; 4 not permitted; 5 usherd cannot be reached; 6 it exists already or its state "
    "forbids\n"
    "it.";

Exit exit_of(Errc code);

// A refusal of usherd as an Error, whose code exit_of() turns into the exit code.
Error error_of(const protocol::varlink::ReplyError& reply);

}  // namespace usher::ctl
