// The verb that moves an account between the machine's own files and Usher.
#pragma once

#include "ctl/session.hpp"

namespace usher::ctl {

// `arguments.undo` says which way; `arguments.etc` is "/etc" but in tests.
Result<void> adopt_or_hand_back(Session& session, const Arguments& arguments);

// Whose lines are kept for --undo.
Result<std::vector<std::string>> adopted_accounts(const std::string& etc);

}  // namespace usher::ctl
