// The readers of [mail], and whether its keys fit together.
#pragma once

#include "daemon/config_values.hpp"
#include "daemon/post/mail_settings.hpp"

namespace usher::daemon {

// Each also takes "", which stands for what the key's description says.
Complaint read_mail_host(const toml::node& node, std::string& target);
Complaint read_mail_address(const toml::node& node, std::string& target);
// At most `longest` bytes, on one line.
Complaint read_mail_line(const toml::node& node, std::string& target, std::size_t longest);

Complaint read_security(const toml::node& node, protocol::courier::Security& target);
Complaint read_login(const toml::node& node, protocol::courier::Login& target);

// Names of letters. One that has to be sent is refused.
Complaint read_letters_off(const toml::node& node, std::vector<letters::Letter>& target);

// With a server every mail must be sendable, whatever it says; without one the rest means nothing.
Result<void> check_mail(std::string_view file, const toml::table& root, const Config& config);

}  // namespace usher::daemon
