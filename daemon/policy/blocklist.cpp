// Looks a whole password up in the list: a binary search for a line.
#include "daemon/policy/blocklist.hpp"

#include "daemon/policy/password_rules.hpp"

namespace usher::policy {

bool is_common(std::string_view folded) {
  std::string_view words = common_passwords();
  while (!words.empty()) {
    // The line that the middle of what is left stands in.
    const std::size_t before = words.substr(0, words.size() / 2).rfind('\n');
    const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
    const std::size_t end = words.find('\n', start);
    const std::string_view word = words.substr(start, end - start);
    if (word == folded) return true;
    if (word < folded) {
      words.remove_prefix(end + 1);
    } else {
      words = words.substr(0, start);
    }
  }
  return false;
}

}  // namespace usher::policy
