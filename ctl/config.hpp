// Where usherd's program is: the only one that knows its keys.
#pragma once

#include <string>

namespace usher::ctl {

// A build tree and a relocated install have usherd beside usherctl; a package has it elsewhere.
std::string usherd_program();

}  // namespace usher::ctl
