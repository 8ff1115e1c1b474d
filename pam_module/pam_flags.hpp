// libpam passes flags as an int and defines them unsigned: the one place where the two meet.
#pragma once

namespace usher::pam_module {

constexpr bool has_flag(int flags, unsigned int flag) {
  return (static_cast<unsigned int>(flags) & flag) != 0;
}

}  // namespace usher::pam_module
