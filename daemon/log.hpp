// The daemon's log: lines on standard error with a journal priority in front (sd-daemon(3)).
// Called by the server and the conversation guard only; everything below returns Errors instead.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace usher::daemon {

enum class Level : int { error = 3, warning = 4, notice = 5, info = 6 };

// Control characters and bytes that are no UTF-8 as '?': no line can be forged.
std::string printable(std::string_view text);

// The text as printable() has it.
void log(Level level, std::string_view text);

}  // namespace usher::daemon
