// From left to right, skipping what is not on the way; brackets are counted, nothing recurses.
#include "courier/json_pointer.hpp"

#include <algorithm>
#include <string>

namespace usher::courier {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool take(char c) {
    skip_blanks();
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  // Without its quotes.
  std::optional<std::string_view> take_string() {
    if (!take('"')) return std::nullopt;
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '"') {
        const std::string_view inner = text_.substr(0, i);
        text_.remove_prefix(i + 1);
        return inner;
      }
    }
    return std::nullopt;
  }
  // A text without its quotes, anything else as it stands.
  std::optional<std::string_view> take_value() {
    skip_blanks();
    if (text_.starts_with('"')) return take_string();
    const std::string_view start = text_;
    if (!skip_value()) return std::nullopt;
    return start.substr(0, start.size() - text_.size());
  }
  // At the value of that member, or of that number in an array.
  bool enter(std::string_view token) {
    if (take('{')) return enter_member(token);
    return take('[') && enter_item(token);
  }

 private:
  void skip_blanks() {
    const std::size_t blanks = text_.find_first_not_of(" \t\r\n");
    text_.remove_prefix(std::min(blanks, text_.size()));
  }
  bool skip_value() {
    std::size_t depth = 0;
    do {
      skip_blanks();
      if (text_.empty()) return false;
      const char c = text_.front();
      if (c == '"') {
        if (!take_string()) return false;
      } else if (c == '{' || c == '[') {
        ++depth;
        text_.remove_prefix(1);
      } else if (c == '}' || c == ']') {
        if (depth == 0) return false;
        --depth;
        text_.remove_prefix(1);
      } else if (c == ',' || c == ':') {
        if (depth == 0) return false;
        text_.remove_prefix(1);
      } else {
        skip_word();
      }
    } while (depth > 0);
    return true;
  }
  // A number, true, false or null.
  void skip_word() {
    const std::size_t end = text_.find_first_of(" \t\r\n,:{}[]\"");
    text_.remove_prefix(std::min(end, text_.size()));
  }
  bool enter_member(std::string_view token) {
    do {
      const auto name = take_string();
      if (!name || !take(':')) return false;
      if (*name == token) return true;
      if (!skip_value()) return false;
    } while (take(','));
    return false;
  }
  bool enter_item(std::string_view token) {
    constexpr std::size_t kMostDigits = 4;
    const bool is_index =
        !token.empty() && token.size() <= kMostDigits &&
        (token.size() == 1 || token.front() != '0') &&
        std::all_of(token.begin(), token.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!is_index) return false;
    for (int left = std::stoi(std::string(token)); left > 0; --left) {
      if (!skip_value() || !take(',')) return false;
    }
    skip_blanks();
    return !text_.starts_with(']');
  }

  std::string_view text_;
};

// "~1" is a slash, "~0" a tilde.
std::string unescaped(std::string_view token) {
  std::string plain;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool is_escape = token[i] == '~' && i + 1 < token.size();
    plain += !is_escape ? token[i] : token[i + 1] == '1' ? '/' : '~';
    if (is_escape) ++i;
  }
  return plain;
}

}  // namespace

std::optional<std::string_view> find_in_json(std::string_view text, std::string_view pointer) {
  Scanner scanner(text);
  while (!pointer.empty()) {
    if (!pointer.starts_with('/')) return std::nullopt;
    pointer.remove_prefix(1);
    const std::string_view token = pointer.substr(0, pointer.find('/'));
    if (!scanner.enter(unescaped(token))) return std::nullopt;
    pointer.remove_prefix(token.size());
  }
  const auto value = scanner.take_value();
  if (!value || value->empty() || *value == "null") return std::nullopt;
  return value;
}

}  // namespace usher::courier
