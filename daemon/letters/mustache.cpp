// A text is parsed each time: the library changes its parts while it renders, and many
// conversations write letters at once.
#include "daemon/letters/mustache.hpp"

#include <exception>
#include <kainjow/mustache.hpp>

namespace usher::letters {

Result<std::string> expand(const std::string& text, std::span<const Substitute> substitutes) {
  try {
    kainjow::mustache::mustache mustache(text);
    if (!mustache.is_valid()) return Error(Errc::internal, mustache.error_message());
    kainjow::mustache::data data;
    for (const Substitute& substitute : substitutes) {
      data.set(std::string(substitute.name), substitute.text);
    }
    std::string expanded;
    mustache.render(data, [&expanded](const std::string& piece) { expanded += piece; });
    return expanded;
  } catch (const std::exception& thrown) {
    return Error(Errc::internal, thrown.what());
  }
}

}  // namespace usher::letters
