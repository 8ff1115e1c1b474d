// Reads usher.toml: parse, walk every key, complain with the line. Holds no secret: keys come from
// a credential or a file of their own.
#include "daemon/config.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/config_keys.hpp"
#include "daemon/config_mail.hpp"
#include "daemon/config_policies.hpp"
#include "daemon/config_sms.hpp"

namespace usher::daemon {
namespace {

constexpr std::string_view kFrontEndsSection = "front_ends";

std::string_view section_of(const KeyRow& row) {
  return row.description.name.substr(0, row.description.name.find('.'));
}

// The name itself, if there is such a section.
std::string_view nearest_section(std::string_view name) {
  std::string_view nearest = kFrontEndsSection;
  for (const KeyRow& row : key_rows()) {
    if (distance_between(name, section_of(row)) < distance_between(name, nearest))
      nearest = section_of(row);
  }
  return nearest;
}

Result<void> read_section(std::string_view file, std::string_view section, const toml::table& table,
                          Config& config) {
  // A section with keys is complained about by its first key, with the nearest name.
  if (const auto nearest = nearest_section(section); table.empty() && nearest != section) {
    return complaint_at(
        file, table, fmt::format("unknown section '[{}]'; did you mean '[{}]'?", section, nearest));
  }
  for (const auto& [key, node] : table) {
    if (section == kFrontEndsSection) {
      if (const auto text = read_front_end(key.str(), node, config)) {
        return complaint_at(file, node, fmt::format("front_ends.{} {}", key.str(), *text));
      }
      continue;
    }
    TRY(read_key(file, fmt::format("{}.{}", section, key.str()), node, readers(), config));
  }
  return {};
}

// The last line that sets one of the limits: the defaults fit, so there is one.
std::size_t last_limit(const toml::table& root) {
  std::size_t line = 1;
  const toml::table* limits = root["limits"].as_table();
  if (limits == nullptr) return line;
  for (const auto& [key, node] : *limits) {
    line = std::max<std::size_t>(line, node.source().begin.line);
  }
  return line;
}

// Together the strangers' seats must leave some for the console, root and one's own sudo.
Result<void> check_limits(std::string_view file, const toml::table& root, const Config& config) {
  const std::size_t others = config.at_start.max_unknown_host + config.at_start.max_known_host +
                             config.at_start.max_su_and_unprivileged;
  if (others < config.at_start.max_conversations) return {};
  return Error(
      Errc::invalid_input,
      fmt::format("{}:{}: limits.conversations ({}) must be more than limits.unknown_host, "
                  "limits.known_host and limits.su_and_unprivileged together ({})",
                  file, last_limit(root), config.at_start.max_conversations, others));
}

// Every file of terms that somebody may have to accept.
std::vector<std::string> named_terms(const Config& config) {
  std::vector<std::string> paths = config.base.terms.value_or(std::vector<std::string>());
  for (const policy::Source& source : config.policies) {
    const auto& named = source.settings.terms;
    if (named) paths.insert(paths.end(), named->begin(), named->end());
  }
  return paths;
}

std::string policies_beside(const std::string& path) {
  return path.substr(0, path.rfind('/') + 1) + "policies";
}

}  // namespace

policy::Settings Config::base_settings() const {
  policy::Settings settings =
      policy::over(base, policy::settings_of(preset.value_or(policy::Preset::nist)));
  settings.factor_required = factor_required;
  return settings;
}

policy::Policy Config::policy_for(const policy::Memberships& person) const {
  return policy::merge(base_settings(), policies, person);
}

Result<Config> parse_config(std::string_view toml, std::string_view file_name) {
  const toml::table root = TRY(parse_toml(toml, file_name));
  Config config;
  for (const auto& [key, node] : root) {
    const toml::table* section = node.as_table();
    if (section == nullptr) {
      TRY(read_key(file_name, std::string(key.str()), node, readers(), config));
      continue;
    }
    TRY(read_section(file_name, key.str(), *section, config));
  }
  TRY(check_limits(file_name, root, config));
  TRY(check_ages(file_name, config.base));
  TRY(check_mail(file_name, root, config));
  TRY(check_sms(file_name, root, config));
  return config;
}

Result<Config> load_config(const std::string& path, bool must_exist) {
  Result<std::string> text = read_config_file(path);
  Config config;
  if (text.has_value()) {
    config = TRY(parse_config(*text, path));
    TRY(note_as_written(*text, "", config.said));
  } else if (text.error().code() != Errc::not_found || must_exist) {
    return text.error();
  }
  config.policies = TRY(load_policies(policies_beside(path), config.said));
  config.terms = TRY(load_terms(named_terms(config)));
  // A text that changed is reported like a key.
  for (const Terms& terms : config.terms) config.said["terms " + terms.path] = terms.version;
  config.at_start.file = {path, must_exist};
  return config;
}

}  // namespace usher::daemon
