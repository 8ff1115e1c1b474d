// Reads usher.toml: parse, walk every key, complain with the line. Holds no secret: keys come from
// a credential or a file of their own.
#include "daemon/config.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "base/unique_fd.hpp"
#include "daemon/config_keys.hpp"

namespace usher::daemon {
namespace {

constexpr std::size_t kMaxFile = 256 * 1024;

// Levenshtein distance, for "did you mean".
std::size_t distance(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  for (std::size_t j = 0; j <= other.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= one.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const std::size_t replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[other.size()];
}

std::string_view nearest_key(std::string_view name) {
  const std::span<const KeyRow> rows = key_rows();
  const auto closer = [&](const KeyRow& left, const KeyRow& right) {
    return distance(name, left.description.name) < distance(name, right.description.name);
  };
  return std::min_element(rows.begin(), rows.end(), closer)->description.name;
}

Error complaint(std::string_view file, const toml::node& node, std::string_view text) {
  return Error(Errc::invalid_input, fmt::format("{}:{}: {}", file, node.source().begin.line, text));
}

const KeyRow* find_row(std::string_view name) {
  for (const KeyRow& row : key_rows()) {
    if (row.description.name == name) return &row;
  }
  return nullptr;
}

Result<void> read_key(std::string_view file, const std::string& name, const toml::node& node,
                      Config& config) {
  const KeyRow* row = find_row(name);
  if (row == nullptr) {
    const std::string_view nearest = nearest_key(name);
    // Of what resembles nothing the nearest is no help.
    const bool resembles = 2 * distance(name, nearest) <= nearest.size();
    return complaint(file, node,
                     fmt::format("unknown key '{}'{}", name,
                                 resembles ? fmt::format("; did you mean '{}'?", nearest)
                                           : "; usher.toml(5) has them all"));
  }
  if (const auto text = row->read(node, config)) {
    return complaint(file, node, fmt::format("{} {}", name, *text));
  }
  return {};
}

constexpr std::string_view kFrontEndsSection = "front_ends";

std::string_view section_of(const KeyRow& row) {
  return row.description.name.substr(0, row.description.name.find('.'));
}

// The name itself, if there is such a section.
std::string_view nearest_section(std::string_view name) {
  std::string_view nearest = kFrontEndsSection;
  for (const KeyRow& row : key_rows()) {
    if (distance(name, section_of(row)) < distance(name, nearest)) nearest = section_of(row);
  }
  return nearest;
}

Result<void> read_section(std::string_view file, std::string_view section, const toml::table& table,
                          Config& config) {
  // A section with keys is complained about by its first key, with the nearest name.
  if (const auto nearest = nearest_section(section); table.empty() && nearest != section) {
    return complaint(file, table,
                     fmt::format("unknown section '[{}]'; did you mean '[{}]'?", section, nearest));
  }
  for (const auto& [key, node] : table) {
    if (section == kFrontEndsSection) {
      if (const auto text = read_front_end(key.str(), node, config)) {
        return complaint(file, node, fmt::format("front_ends.{} {}", key.str(), *text));
      }
      continue;
    }
    TRY(read_key(file, fmt::format("{}.{}", section, key.str()), node, config));
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
  const std::size_t others =
      config.max_unknown_host + config.max_known_host + config.max_su_and_unprivileged;
  if (others < config.max_conversations) return {};
  return Error(
      Errc::invalid_input,
      fmt::format("{}:{}: limits.conversations ({}) must be more than limits.unknown_host, "
                  "limits.known_host and limits.su_and_unprivileged together ({})",
                  file, last_limit(root), config.max_conversations, others));
}

Result<std::string> read_file(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) return system_error("opening " + path);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return system_error("looking at " + path);
  const bool ours = status.st_uid == 0 || status.st_uid == ::geteuid();
  if (!S_ISREG(status.st_mode) || !ours || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Error(Errc::not_permitted,
                 path + " can be changed by others: chown root, chmod go-w, then start again");
  }
  std::string text(kMaxFile + 1, '\0');
  std::size_t filled = 0;
  for (ssize_t count = 1; count > 0 && filled < text.size();) {
    count = ::read(fd.get(), text.data() + filled, text.size() - filled);
    if (count < 0) return system_error("reading " + path);
    filled += static_cast<std::size_t>(count);
  }
  if (filled > kMaxFile) return Error(Errc::invalid_input, path + " is over 256 KiB");
  text.resize(filled);
  return text;
}

}  // namespace

policy::PasswordPolicy Config::password_policy() const {
  constexpr std::size_t kWithFactor = 8;
  constexpr std::size_t kAlone = 15;  // NIST SP 800-63B-4 section 3.1.1.2
  policy::PasswordPolicy rules;
  rules.min_length = password_min_length;
  if (password_min_length == 0) rules.min_length = factor_required ? kWithFactor : kAlone;
  rules.max_length = password_max_length;
  rules.needs_lower = needs_lower;
  rules.needs_upper = needs_upper;
  rules.needs_digit = needs_digit;
  rules.needs_special = needs_special;
  return rules;
}

Result<Config> parse_config(std::string_view toml, std::string_view file_name) {
  const toml::parse_result parsed = toml::parse(toml);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return Error(Errc::invalid_input, fmt::format("{}:{}: {}", file_name, error.source().begin.line,
                                                  error.description()));
  }
  Config config;
  for (const auto& [key, node] : parsed.table()) {
    const toml::table* section = node.as_table();
    if (section == nullptr) {
      TRY(read_key(file_name, std::string(key.str()), node, config));
      continue;
    }
    TRY(read_section(file_name, key.str(), *section, config));
  }
  TRY(check_limits(file_name, parsed.table(), config));
  return config;
}

Result<Config> load_config(const std::string& path, bool must_exist) {
  Result<std::string> text = read_file(path);
  if (!text.has_value()) {
    if (text.error().code() == Errc::not_found && !must_exist) return Config{};
    return text.error();
  }
  return parse_config(*text, path);
}

}  // namespace usher::daemon
