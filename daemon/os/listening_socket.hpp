// Listening Unix sockets: passed by systemd, or bound by ourselves.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace usher::os {

// The activated socket of that FileDescriptorName (systemd.socket(5)); invalid when systemd passed
// none. Errc::invalid_input when it is not listening or of another type.
Result<UniqueFd> activated_socket(const std::string& name, int type);

// Binds `path`, mode 0666: who may speak is decided per connection. A socket nobody answers on is
// replaced; Errc::already_exists when somebody does, or when the path is something else.
Result<UniqueFd> bind_socket(const std::string& path, int type);

}  // namespace usher::os
