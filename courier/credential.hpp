// The password or token for the mail server: a systemd credential, read anew for each mail, so that
// a changed one holds from the next restart of the unit and none lies in memory between two mails.
#pragma once

#include <string>

#include "base/secret.hpp"

namespace usher::courier {

inline constexpr const char* kPasswordFile = "usher-smtp-password";

// The file of that name in `directory`, without the line end behind it. Errc::not_found: there is
// no directory or no such file. Errc::invalid_input: empty, over 4,096 bytes, or more than one line
// of text. No part of it is in an Error.
Result<Secret> read_credential(const std::string& directory, const char* name);

}  // namespace usher::courier
