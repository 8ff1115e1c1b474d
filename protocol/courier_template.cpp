// One row a name.
#include "protocol/courier_template.hpp"

#include <algorithm>

namespace usher::protocol::courier {
namespace {

struct Row {
  std::string_view name;
  bool in_url;
  bool in_header;
};
// In the order of the enum. In a body all of them may stand.
constexpr Row kRows[] = {
    {"to", true, true}, {"to_digits", true, true}, {"from", true, true}, {"text", true, false},
    {"id", true, true}, {"account", true, true},   {"key", false, true},
};
static_assert(std::size(kRows) == static_cast<std::size_t>(Placeholder::key) + 1);

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_of_name(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == ' ';
}

// What looks like a name was meant as one: "{ to }" is a mistake, "{ }" is JSON.
std::optional<std::string_view> name_at(std::string_view brace) {
  std::size_t end = 1;
  while (end < brace.size() && is_of_name(brace[end])) ++end;
  const std::string_view name = brace.substr(1, end - 1);
  const bool is_closed = end < brace.size() && brace[end] == '}';
  if (!is_closed || std::none_of(name.begin(), name.end(), is_letter)) return std::nullopt;
  return name;
}

bool may_stand(const Row& row, Place place) {
  switch (place) {
    case Place::url:
      return row.in_url;
    case Place::header:
      return row.in_header;
    case Place::form:
    case Place::json:
      return true;
  }
  return false;
}

}  // namespace

Result<Piece> take_piece(std::string_view& rest) {
  for (std::size_t at = 0; (at = rest.find('{', at)) != std::string_view::npos; ++at) {
    const auto name = name_at(rest.substr(at));
    if (!name) continue;
    const auto* row = std::find_if(std::begin(kRows), std::end(kRows),
                                   [&](const Row& each) { return each.name == *name; });
    if (row == std::end(kRows)) return Error(Errc::invalid_input, "a name that is not known");
    const Piece piece{rest.substr(0, at), static_cast<Placeholder>(row - std::begin(kRows))};
    rest.remove_prefix(at + name->size() + 2);
    return piece;
  }
  const Piece last{rest, std::nullopt};
  rest = {};
  return last;
}

Result<void> check_names(std::string_view text, Place place) {
  while (!text.empty()) {
    const Piece piece = TRY(take_piece(text));
    if (piece.value && !may_stand(kRows[static_cast<std::size_t>(*piece.value)], place)) {
      return Error(Errc::invalid_input, "a name that may not stand there");
    }
  }
  return {};
}

bool uses(std::string_view text, Placeholder placeholder) {
  while (!text.empty()) {
    const auto piece = take_piece(text);
    if (!piece) return false;
    if (piece->value == placeholder) return true;
  }
  return false;
}

}  // namespace usher::protocol::courier
