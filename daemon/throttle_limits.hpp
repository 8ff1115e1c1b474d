// How many wrong passwords each class of origins may send: a row a class.
#pragma once

#include "daemon/origin.hpp"
#include "daemon/policy/throttle.hpp"

namespace usher::daemon {

// None for the owner's own doors: there a wrong password only waits.
std::optional<policy::Limits> limits_of(Origin origin);
// By the class's name, as the store keeps it; a name that is none has the strangers' limits.
std::optional<policy::Limits> limits_of(std::string_view origin);

}  // namespace usher::daemon
