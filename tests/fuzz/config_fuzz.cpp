// Any text as usher.toml: either every value is inside its range, or the complaint says where.
#include "daemon/config.hpp"
#include "tests/fuzz/policy_ranges.hpp"
#include "tests/fuzz/require.hpp"

using namespace usher;
using usher::fuzz::require;

namespace {

void require_ranges(const daemon::Config& config) {
  const auto within = [](auto value, auto low, auto high) {
    require(low <= value && value <= high);
  };
  for (const std::string* path : {&config.at_start.state_directory, &config.at_start.login_socket,
                                  &config.at_start.admin_socket, &config.at_start.reaper_socket}) {
    require(path->starts_with('/') && is_plain_text(*path, Newlines::refused));
  }
  for (const std::string* label : {&config.organisation, &config.support}) {
    within(label->size(), 1U, 64U);
    require(is_plain_text(*label, Newlines::refused));
  }
  within(config.at_start.hash_cost.memory_kib, 19'456U, 1'048'576U);
  within(config.at_start.hash_cost.passes, 2U, 16U);
  within(config.pending_enrolment.count(), 5, 1440);
  within(config.at_start.max_conversations, 16U, 16384U);
  for (const std::size_t cap : {config.at_start.max_unknown_host, config.at_start.max_known_host,
                                config.at_start.max_su_and_unprivileged}) {
    within(cap, 1U, 16384U);
  }
  require(config.at_start.max_unknown_host + config.at_start.max_known_host +
              config.at_start.max_su_and_unprivileged <
          config.at_start.max_conversations);
  for (const auto& [service, name] : config.front_ends) {
    require(daemon::find_front_end(name) != nullptr);
  }
  require(config.breach_filter.empty() || config.breach_filter.starts_with('/'));
  within(config.keyboard_characters.size(), 0U, 256U);
  fuzz::require_usable(config.policy_for({}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = daemon::parse_config(text, "usher.toml");
  if (config.has_value()) {
    require_ranges(*config);
  } else {
    // The limits are judged together, so that complaint alone names no line.
    const std::string_view complaint = config.error().text();
    require(complaint.starts_with("usher.toml: limits.conversations (") ||
            (complaint.starts_with("usher.toml:") && complaint[11] >= '0' && complaint[11] <= '9'));
  }
  return 0;
}
