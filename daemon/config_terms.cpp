// What is shown to people must be text: a terminal would obey anything else.
#include "daemon/config_terms.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "daemon/config_file.hpp"
#include "daemon/crypto/sodium.hpp"

namespace usher::daemon {

Result<Terms> terms_of(std::string path, std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  if (text.empty() || text.size() > kMaxTerms || !is_plain_text(text, Newlines::allowed)) {
    return Error(Errc::invalid_input,
                 fmt::format("{}: terms must be 1 to {} bytes of UTF-8 text without control "
                             "characters",
                             path, kMaxTerms));
  }
  std::string version = crypto::to_hex(crypto::digest(text));
  return Terms{std::move(path), std::move(version), std::move(text)};
}

Result<std::vector<Terms>> load_terms(std::vector<std::string> paths) {
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  std::vector<Terms> all;
  for (std::string& path : paths) {
    std::string text = TRY(read_config_file(path));
    all.push_back(TRY(terms_of(std::move(path), std::move(text))));
  }
  return all;
}

}  // namespace usher::daemon
