// The folder in which everybody may look names up: usherd's own, readable by all, writable by
// usherd alone.
#pragma once

#include <string>

#include "base/result.hpp"

namespace usher::directory {

// Makes it where it is missing, 0755 whatever the umask says. Errc::not_permitted: a link,
// another's folder, or one that others may write.
Result<void> prepare_public_folder(const std::string& path);

}  // namespace usher::directory
