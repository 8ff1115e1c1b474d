// The list of common passwords, as blocklist.cmake makes it.
#pragma once

#include <string_view>

namespace usher::policy {

// Case folded, a line each, in the order of their bytes; the last line ends too.
std::string_view common_passwords();

}  // namespace usher::policy
