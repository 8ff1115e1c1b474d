// How it stands with mail and text messages by what usherd says of itself, for `usherctl status`
// and `usherctl doctor`.
#pragma once

#include <optional>
#include <string>

#include "protocol/varlink.hpp"

namespace usher::ctl {

struct MailState {
  std::string says;
  std::string cure;  // empty: nothing is known that keeps it from leaving
};

// `status`: GetStatus's answer. None: no mail server is set.
std::optional<MailState> mail_state(const protocol::varlink::Json& status);
// The same of text messages. None: no gateway is set.
std::optional<MailState> sms_state(const protocol::varlink::Json& status);

}  // namespace usher::ctl
