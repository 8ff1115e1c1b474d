// A tag's first character says its kind.
#include "daemon/letters/tags.hpp"

#include <algorithm>

namespace usher::letters {
namespace {

struct Sigil {
  char sign;
  TagKind kind;
};
constexpr Sigil kSigils[] = {{'#', TagKind::section},  {'^', TagKind::absent},
                             {'/', TagKind::end},      {'!', TagKind::comment},
                             {'>', TagKind::partial},  {'=', TagKind::delimiters},
                             {'&', TagKind::unescaped}};

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

void Tags::skip(std::size_t count) {
  const std::string_view skipped = rest_.substr(0, count);
  line_ += static_cast<std::size_t>(std::count(skipped.begin(), skipped.end(), '\n'));
  rest_.remove_prefix(skipped.size());
}

Result<std::optional<Tag>> Tags::next() {
  constexpr std::string_view kBegin = "{{";
  const std::size_t at = rest_.find(kBegin);
  if (at == std::string_view::npos) return std::optional<Tag>();
  skip(at + kBegin.size());
  const bool is_triple = rest_.starts_with('{');
  if (is_triple) skip(1);
  const std::string_view end = is_triple ? "}}}" : "}}";
  const std::size_t length = rest_.find(end);
  if (length == std::string_view::npos || rest_.substr(0, length).find('\n') < length) {
    return Error(Errc::invalid_input, "a tag is not closed: write {{name}}, on one line");
  }
  Tag tag{is_triple ? TagKind::unescaped : TagKind::value, trimmed(rest_.substr(0, length)), line_};
  skip(length + end.size());
  if (is_triple) return std::optional(tag);
  for (const Sigil& sigil : kSigils) {
    if (!tag.name.starts_with(sigil.sign)) continue;
    tag.kind = sigil.kind;
    tag.name = trimmed(tag.name.substr(1));
    break;
  }
  return std::optional(tag);
}

}  // namespace usher::letters
