// policies/*.toml: the policies beside usher.toml, as strictly read as it. A file's name, without
// ".toml", is the policy's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "daemon/config.hpp"

namespace usher::daemon {

inline constexpr std::size_t kMaxPolicies = 256;

// `file_name` is named in complaints: "acme.toml:3: unknown key 'pasword.history'; ...".
Result<policy::Source> parse_policy(std::string_view toml, const std::string& name,
                                    std::string_view file_name);

// Errc::invalid_input: a password would reach its greatest age before it may be changed.
Result<void> check_ages(std::string_view file, const policy::Settings& settings);

// In the order of their names; none when there is no such directory. Names that do not end in
// ".toml" are passed by. What they say is added to `said` as "policies/NAME KEY".
Result<std::vector<policy::Source>> load_policies(const std::string& directory, Said& said);

// The keys a policy may have, for the documents' test.
std::vector<std::string_view> policy_keys();

}  // namespace usher::daemon
