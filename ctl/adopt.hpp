// The verb that moves an account between the machine's own files and Usher.
#pragma once

#include "ctl/session.hpp"

namespace usher::ctl {

// `arguments.undo` says which way; `arguments.etc` is "/etc" but in tests.
Result<void> adopt_or_hand_back(Session& session, const Arguments& arguments);

// Who was adopted and is not back in the passwd file.
Result<std::vector<std::string>> locked_out_without_usher(const std::string& etc);

}  // namespace usher::ctl
