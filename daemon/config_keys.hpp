// The rows behind config.hpp.
#pragma once

#include <optional>
#include <string>

#include "daemon/config.hpp"
#include "daemon/config_values.hpp"

namespace usher::daemon {

struct KeyRow {
  KeyDescription description;
  // Reads the node into the config; the text of the complaint otherwise.
  std::optional<std::string> (*read)(const toml::node& node, Config& config);
};

std::span<const KeyRow> key_rows();
// The same, as the walk wants them.
std::span<const Key<Config>> readers();
// The section whose keys are free (service names): "front_ends".
std::optional<std::string> read_front_end(std::string_view service, const toml::node& node,
                                          Config& config);

}  // namespace usher::daemon
