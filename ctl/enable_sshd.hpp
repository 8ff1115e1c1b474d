// sshd's part: is it there, does it read drop-ins, what does its configuration amount to, and
// telling it. AuthenticationMethods and everything else is left to the administrator.
#pragma once

#include "ctl/enable_plan.hpp"

namespace usher::ctl {

Sshd find_sshd(const Host& host);
// "keyword value" a line, in small letters, all defaults filled in. With a connection ("user=...,
// host=...,addr=...", as sshd -C takes it) its Match blocks are applied. The drop-in may be taken
// for there although it is not yet: what it says is overruled in Match blocks alone.
enum class DropIn : std::uint8_t { as_it_is, taken_for_there };
Result<std::string> effective_sshd(const Host& host, const std::string& connection = {},
                                   DropIn drop_in = DropIn::as_it_is);
bool sshd_says(const std::string& effective, std::string_view line);
// Refuses a configuration that is broken already, or that does not include the drop-in.
Result<void> check_sshd_before(const Host& host);
// Refuses when sshd, with the drop-in in place, would not hold PAM's conversation.
Result<void> check_sshd_after(const Host& host);

enum class Wait : std::uint8_t { until_done, not_at_all };
// An sshd that does not run, or that is started a connection, needs to be told nothing.
Result<void> reload_sshd(const Host& host, Wait wait);

}  // namespace usher::ctl
