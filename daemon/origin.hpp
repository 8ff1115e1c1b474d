// Where an attempt comes from, as one of a few classes. Caps, hash permits and throttles are kept
// per class, so that what strangers do never uses up the owner's share.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/facts.hpp"

namespace usher::daemon {

enum class Origin : std::uint8_t {
  local_seat,     // console or greeter on this machine
  own_privilege,  // sudo or polkit for oneself
  known_host,     // a host this person has completed sign-ins from
  unknown_host,   // any other host, and whatever no row describes
  su_by_other,    // su: somebody on this machine wants to be the target
  non_root_self,  // an unprivileged program, for its own account only
};

std::string_view name_of(Origin origin);

// The first row of the table that fits; unknown_host when none does. Facts alone never say
// known_host: sign_in/known_host.hpp asks the store.
Origin origin_of(const Facts& facts);

}  // namespace usher::daemon
