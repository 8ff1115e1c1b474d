// Where usherd's program is: the only one that knows its keys.
#pragma once

#include <string>

namespace usher::ctl {

// A build tree and a relocated install have usherd beside usherctl; a package has it elsewhere.
std::string usherd_program();
// What usherd --check-config ends with where it would start, and take something built in for a
// letter or a gateway that cannot be used.
inline constexpr int kStandsIn = 3;

}  // namespace usher::ctl
