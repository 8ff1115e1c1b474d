// The file of a gateway of text messages: /usr/share/usher/sms/NAME.toml as it is shipped, or an
// administrator's own.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "protocol/courier_sms.hpp"

namespace usher::daemon {

// Without account and sender, which are usher.toml's; with any that may be, messages can be sent.
// Errc::invalid_input: FILE:LINE: which key, and what it must be.
Result<protocol::courier::Gateway> parse_gateway(std::string_view toml, std::string_view file);

// Of a file that only root or our own uid may change.
Result<protocol::courier::Gateway> load_gateway(const std::string& path);

}  // namespace usher::daemon
