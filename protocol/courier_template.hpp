// A template of a gateway's request: text with names in braces, "{to}". Which names there are,
// where each may stand, and where one begins.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace usher::protocol::courier {

enum class Placeholder : std::uint8_t { to, to_digits, from, text, id, account, key };
enum class Place : std::uint8_t { url, header, form, json };

struct Piece {
  std::string_view literal;
  std::optional<Placeholder> value;  // behind the literal
};

// Takes the first piece off `rest`, which is not empty. A brace before anything but a name and its
// closing brace is a literal, as JSON has them. Errc::invalid_input: a name that is none of ours.
Result<Piece> take_piece(std::string_view& rest);

// Errc::invalid_input: a name that is none of ours, or may not stand there: the key in no address,
// which ends in logs; the text in no header.
Result<void> check_names(std::string_view text, Place place);

bool uses(std::string_view text, Placeholder placeholder);

}  // namespace usher::protocol::courier
