// The machine's login manager, systemd-logind: lists sessions by sd-login(3), ends them over the
// system bus. The one wrapper of libsystemd here.
#pragma once

#include "reaper/sessions.hpp"

namespace usher::reaper {

class Logind final : public Sessions {
 public:
  // Ends politely, as a logout does; what is left of it after a moment is killed. Not an Error: a
  // session that ended by itself meanwhile.
  Result<protocol::reaper::Ended> end(const protocol::reaper::Request& request) override;
};

}  // namespace usher::reaper
