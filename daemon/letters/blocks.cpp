// Line by line; a block ends where the template has an empty line, or its kind changes.
#include "daemon/letters/blocks.hpp"

#include <algorithm>

namespace usher::letters {
namespace {

constexpr std::string_view kIndent = "    ";
constexpr std::string_view kBoundBlank = "\u00A0";

std::string_view next_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

std::string_view trimmed(std::string_view line) {
  while (line.starts_with(' ')) line.remove_prefix(1);
  while (line.ends_with(' ')) line.remove_suffix(1);
  return line;
}

// Behind a blank, or before one.
bool binds_to_what_precedes(std::string_view text) {
  constexpr std::string_view kSigns = ":;?!";
  constexpr std::string_view kClosing = "»";
  return (!text.empty() && kSigns.find(text.front()) != std::string_view::npos) ||
         text.starts_with(kClosing);
}

}  // namespace

std::string with_empty_lines_kept(std::string_view text) {
  std::string kept;
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    if (trimmed(line).empty()) {
      kept += kEmptyLine;
    } else {
      kept += line;
    }
    kept += '\n';
  }
  return kept;
}

std::string with_signs_bound(std::string_view text, texts::Language language) {
  if (language != texts::Language::french) return std::string(text);
  constexpr std::string_view kOpening = "«";
  std::string bound;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_bound = text[i] == ' ' && (binds_to_what_precedes(text.substr(i + 1)) ||
                                             text.substr(0, i).ends_with(kOpening));
    if (is_bound) {
      bound += kBoundBlank;
    } else {
      bound += text[i];
    }
  }
  return bound;
}

std::vector<Block> blocks_of(std::string_view text, texts::Language language) {
  std::vector<Block> blocks;
  bool is_new = true;
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    const std::string_view words = trimmed(line);
    if (words.empty()) continue;  // where a section was left out
    if (words == std::string_view(&kEmptyLine, 1)) {
      is_new = true;
      continue;
    }
    const BlockKind kind = line.starts_with(kIndent) ? BlockKind::verbatim : BlockKind::prose;
    if (is_new || blocks.back().kind != kind) {
      blocks.push_back({kind, {}});
    } else {
      blocks.back().text += kind == BlockKind::prose ? ' ' : '\n';
    }
    is_new = false;
    blocks.back().text +=
        with_signs_bound(kind == BlockKind::prose ? words : line.substr(kIndent.size()), language);
  }
  return blocks;
}

}  // namespace usher::letters
