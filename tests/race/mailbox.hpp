// Who comes for a host's mail in place of usher-courier: it takes what is queued, over the real
// socket, and keeps the texts instead of sending them.
#pragma once

#include <string>

#include "tests/system/host.hpp"

namespace usher::test {

// For Host: a mail server that nobody asks anything.
inline constexpr std::string_view kMailSettings =
    "[mail]\nserver = \"mx.acme.example\"\nfrom = \"no-reply@acme.example\"\n";

// The one-time code in the next mail that holds one to be typed in place of the password; what
// comes before it is taken, too. "" where none comes.
std::string mailed_code(const Host& host);

// Ada with a password, and a confirmed address; her invitation is the mail she confirmed it by.
Ada invited_ada(const Host& host);

// ? at the password prompt, "I forgot my password", and the hanging up after it.
Talk forget(const Host& host);

}  // namespace usher::test
