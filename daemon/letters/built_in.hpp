// The templates that are compiled in (templates/, embed.cmake): letters can be written whatever
// happened to the files around the program.
#pragma once

#include <optional>
#include <string_view>

namespace usher::letters {

std::optional<std::string_view> built_in_text(std::string_view language, std::string_view name);
std::string_view built_in_layout();

}  // namespace usher::letters
