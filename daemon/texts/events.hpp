// What happened to an account, in the few words in which its owner reads it at the next sign-in.
// One row an event (events.cpp), as in texts.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/texts/language.hpp"

namespace usher::texts {

// By the name of the letter that tells the same at length. None: it is told in another way.
std::optional<std::string_view> event_named(Language language, std::string_view letter);

}  // namespace usher::texts
