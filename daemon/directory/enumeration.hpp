// Whether the published names may be listed, or only looked up one by one.
#pragma once

#include <cstdint>

namespace usher::directory {

enum class Enumeration : std::uint8_t { off, on };

}  // namespace usher::directory
