// The rows behind config.hpp, and the one wrapper of toml++ beside config.cpp. Header-only and
// without exceptions: the packaged library is built with them.
#pragma once

#include <optional>
#include <string>

#include "daemon/config.hpp"

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace usher::daemon {

struct KeyRow {
  KeyDescription description;
  // Reads the node into the config; the text of the complaint otherwise.
  std::optional<std::string> (*read)(const toml::node& node, Config& config);
};

std::span<const KeyRow> key_rows();
// The section whose keys are free (service names): "front_ends".
std::optional<std::string> read_front_end(std::string_view service, const toml::node& node,
                                          Config& config);

}  // namespace usher::daemon
