// What we log in with, at the mail server and at the gateway of text messages: systemd credentials,
// read anew for each message, so that a changed one holds from the next restart of the unit and
// none lies in memory between two.
#pragma once

#include <string>

#include "base/secret.hpp"

namespace usher::courier {

inline constexpr const char* kPasswordFile = "usher-smtp-password";
inline constexpr const char* kSmsKeyFile = "usher-sms-key";
// OVH's two others.
inline constexpr const char* kSmsApplicationFile = "usher-sms-application";
inline constexpr const char* kSmsConsumerFile = "usher-sms-consumer";

// The file of that name in `directory`, without the line end behind it. Errc::not_found: there is
// no directory or no such file. Errc::invalid_input: empty, over 4,096 bytes, or more than one line
// of text. No part of it is in an Error.
Result<Secret> read_credential(const std::string& directory, const char* name);

}  // namespace usher::courier
