// What usher.toml and the files of policies/ have in common: who may have written them, and
// complaints that name file, line and the nearest name.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace usher::daemon {

// The text of a file of at most 256 KiB that only root or our own uid may change.
Result<std::string> read_config_file(const std::string& path);
// Errc::not_permitted unless only root or our own uid may change what is open, of that kind
// (S_IFREG, S_IFDIR).
Result<void> check_owner(const UniqueFd& file, const std::string& path, unsigned kind);

// Levenshtein distance, for "did you mean".
std::size_t distance_between(std::string_view one, std::string_view other);

}  // namespace usher::daemon
