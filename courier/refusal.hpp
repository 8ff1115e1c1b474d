// What a server's no is about: this very message, or us. What is about us (the sender, the login,
// what it relays for whom) would be said of every message, and is mended in the settings: no
// message may die of it. Where a server does not say, it is taken to be about us. Pure.
#pragma once

#include <string_view>

#include "courier/transport.hpp"

namespace usher::courier {

// What we said last; what a server refuses is one of these.
enum class Stage : std::uint8_t { before, sender, recipient, message };

// `reply`: "550 5.1.1 no such user", lines joined; from 400 up. Not of Stage::before. Without
// detail.
Sent refusal(Stage stage, int code, std::string_view reply);

}  // namespace usher::courier
