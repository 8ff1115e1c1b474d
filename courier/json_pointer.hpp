// One value of a JSON text, found without a tree: an answer may repeat what it was told, and a tree
// would keep copies that nobody wipes. Pure.
#pragma once

#include <optional>
#include <string_view>

namespace usher::courier {

// What the pointer (RFC 6901) names, as it stands there: a text without its quotes, its escapes as
// they are. None: it is not there, it is null, or the text in front of it is no JSON. A member
// whose name is written with escapes is not found.
std::optional<std::string_view> find_in_json(std::string_view text, std::string_view pointer);

}  // namespace usher::courier
