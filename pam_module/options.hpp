// The words after pam_usher.so in a service file. None of them may ever turn a refusal into
// anything else; one that is not understood makes the module fail, never fall back.
#pragma once

#include <security/pam_modules.h>

#include <span>

#include "base/result.hpp"
#include "protocol/login_client.hpp"
#include "published/format.hpp"

namespace usher::pam_module {

using Arguments = std::span<const char* const>;

struct Options {
  protocol::Server server;  // socket=PATH and server_uid=N; a view into the arguments
  // directory=FILE, where published people are read; it ends in a NUL.
  const char* directory_file = published::kDirectoryFile;
  bool debug = false;  // debug: what was asked, how it ended and how long it took
};

// Errc::invalid_input names the option. Of an option given twice the last counts.
Result<Options> parse_options(Arguments arguments);

// The same, and the Error is logged.
Result<Options> read_options(pam_handle_t* handle, Arguments arguments);

}  // namespace usher::pam_module
