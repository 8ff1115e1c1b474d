// Any text as a file of policies/: either it merges into rules inside their ranges, for its own
// people and for others, or the complaint says where.
#include "daemon/config.hpp"
#include "daemon/config_policies.hpp"
#include "tests/fuzz/policy_ranges.hpp"

using namespace usher;
using usher::fuzz::require;

namespace {

void require_merges(const policy::Source& source) {
  require(source.name == "acme");
  require((source.scope == policy::Scope::everybody) == source.whom.empty());
  require(source.priority == 0 || source.scope == policy::Scope::group);
  daemon::Config config;
  config.policies.push_back(source);
  const policy::Policy theirs = config.policy_for({{source.whom}, {source.whom}});
  fuzz::require_usable(theirs);
  require(theirs.sources.size() == 1);
  const policy::Policy others = config.policy_for({});
  require(others.sources.size() == (source.whom.empty() ? 1 : 0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto source = daemon::parse_policy(text, "acme", "acme.toml");
  if (source.has_value()) {
    require_merges(*source);
  } else {
    const std::string_view complaint = source.error().text();
    require(complaint.starts_with("acme.toml:") && complaint[10] >= '0' && complaint[10] <= '9');
  }
  return 0;
}
