// One write(2) a line, so that lines of different threads never mix.
#include "daemon/log.hpp"

#include <unistd.h>

#include "base/text.hpp"

namespace usher::daemon {

std::string printable(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    const std::string_view character = text.substr(0, length == 0 ? 1 : length);
    clean += length != 0 && is_plain_text(character, Newlines::refused) ? character : "?";
    text.remove_prefix(character.size());
  }
  return clean;
}

void log(Level level, std::string_view text) {
  const std::string line = fmt::format("<{}>{}\n", static_cast<int>(level), printable(text));
  // A log that cannot be written has nowhere to be complained about.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace usher::daemon
