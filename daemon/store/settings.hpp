// Small facts about the store itself, by name: the master key's fingerprint.
#pragma once

#include <optional>
#include <string>

#include "daemon/store/database.hpp"

namespace usher::store {

Result<std::optional<std::string>> find_setting(Database& database, std::string_view name);
Result<void> put_setting(Database& database, std::string_view name, std::string_view value);

}  // namespace usher::store
