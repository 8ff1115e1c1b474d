// What a policy costs, held against NIST SP 800-63B-4, the OWASP Authentication Cheat Sheet and
// ASVS 5.0. Advice for administrators; it changes and forbids nothing. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/policy/policy.hpp"

namespace usher::policy {

enum class BreachList : std::uint8_t { none, present };

struct Finding {
  std::string_view key;       // whose value it is about
  std::string_view standard;  // document and section
  std::string_view says;      // what it costs
};

// A row of the table each, in its order; nothing where the policy is as the standards want it.
std::vector<Finding> lint(const Policy& policy, BreachList breaches);

}  // namespace usher::policy
