// The readers of [sms], and what they and the gateway's file make together.
#pragma once

#include "daemon/config_values.hpp"
#include "daemon/post/sms_settings.hpp"

namespace usher::daemon {

// The name of a shipped gateway, or a file's path, or "".
Complaint read_gateway(const toml::node& node, std::string& target);
Complaint read_sms_account(const toml::node& node, std::string& target);
Complaint read_sms_sender(const toml::node& node, std::string& target);
// Two capital letters each.
Complaint read_countries(const toml::node& node, std::vector<std::string>& target);
// One whose numbers we can read as they are written there, or "".
Complaint read_home_country(const toml::node& node, std::string& target);
Complaint read_per_person(const toml::node& node, post::SmsBudget& target);
Complaint read_per_day(const toml::node& node, post::SmsBudget& target);

// With a gateway there must be countries.
Result<void> check_sms(std::string_view file, const toml::table& root, const Config& config);

// Reads the gateway's file. Errc::invalid_input: file, line and cure; a file that anybody but root
// and our own uid may change, or that is not there, is an Error, too.
Result<post::SmsSettings> open_sms(const SmsConfig& config);

}  // namespace usher::daemon
