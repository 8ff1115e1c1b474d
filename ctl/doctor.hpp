// What `usherctl doctor` looks at beside PAM's stacks (pam_findings.hpp). Each looks at one thing,
// changes nothing, and says where it could not look.
#pragma once

#include <optional>

#include "ctl/enable_sshd.hpp"
#include "ctl/findings.hpp"
#include "ctl/host.hpp"
#include "ctl/mail_state.hpp"

namespace usher::ctl {

// What usherd said of itself; nothing where it does not answer.
struct Heard {
  std::string unknown_names;
  std::optional<std::int64_t> last_record_at;  // of the audit; milliseconds since 1970
  std::optional<MailState> mail;               // none: no server is set
  std::optional<MailState> sms;                // none: no gateway is set
  std::vector<std::string> template_mistakes;  // for which built-in letters stand in
};
struct Patient {
  const Host& host;
  std::optional<Heard> usherd;
  std::string silence;   // why usherd was not heard
  std::int64_t now = 0;  // milliseconds since 1970
};

Findings host_findings(const Patient& patient);

// What sshd's configuration amounts to, for everybody and inside each Match block.
Findings sshd_findings(const Host& host, DropIn drop_in);

}  // namespace usher::ctl
