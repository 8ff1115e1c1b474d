// The Varlink interface files of this folder, compiled in word for word.
#pragma once

#include <string_view>

namespace usher::protocol {

inline constexpr std::string_view kAdminInterface = "io.usher.Admin";
inline constexpr std::string_view kServiceInterface = "org.varlink.service";

// The file's text; empty when there is no interface of that name.
std::string_view interface_text(std::string_view name);

}  // namespace usher::protocol
