// Listening Unix sockets: passed by systemd, or bound by ourselves.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace usher::os {

// The activated socket of that FileDescriptorName (systemd.socket(5)); invalid when systemd passed
// none. Errc::invalid_input when it is not listening or of another type.
Result<UniqueFd> activated_socket(const std::string& name, int type);

// Who may connect, as the file's mode says.
enum class Reach : std::uint8_t {
  everybody,  // who may speak is decided per connection
  owner,
};

// Binds `path`. A socket nobody answers on is replaced; Errc::already_exists when somebody does, or
// when the path is something else.
Result<UniqueFd> bind_socket(const std::string& path, int type, Reach reach);

}  // namespace usher::os
