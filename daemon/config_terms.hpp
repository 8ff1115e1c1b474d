// The terms people accept: texts of the administrator's, read once and checked like the settings.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace usher::daemon {

// As much as one step of a conversation carries beside the words around it.
inline constexpr std::size_t kMaxTerms = 6 * 1024;

struct Terms {
  std::string path;
  std::string version;  // the text's SHA-256 in hex: another text is asked for again
  std::string text;
};

// Errc::invalid_input: not 1 to 6144 bytes of UTF-8 without control characters but line feeds.
Result<Terms> terms_of(std::string path, std::string text);
// Each file once, whoever names it.
Result<std::vector<Terms>> load_terms(std::vector<std::string> paths);

}  // namespace usher::daemon
