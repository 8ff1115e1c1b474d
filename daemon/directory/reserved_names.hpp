// Names that must never become a person's: system accounts, and groups that mean power. A person
// brings a group of the same name, so a person "sudo" would be more than a curious login name.
#pragma once

#include <string_view>

#include "base/text.hpp"

namespace usher::directory {

bool is_reserved_name(std::string_view name);
inline bool is_reserved_name(const UserName& name) {
  return is_reserved_name(name.view());
}

}  // namespace usher::directory
