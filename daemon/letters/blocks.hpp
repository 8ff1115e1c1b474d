// A letter's paragraphs. Which they are is settled before a value is put in: no value begins a
// paragraph, ends one, or turns one into another kind.
//
// A value's place is a mark of two bytes, which is in no text: kMark, and a letter for the
// variable.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/letters/letter.hpp"
#include "daemon/texts/language.hpp"

namespace usher::letters {

inline constexpr char kMark = '\x01';
// Stands for a template's empty line while Mustache is at work, which leaves empty lines of its
// own.
inline constexpr char kEmptyLine = '\x02';

constexpr char mark_of(Variable variable) {
  return static_cast<char>('A' + static_cast<int>(variable));
}
constexpr Variable marked_by(char sign) {
  return static_cast<Variable>(sign - 'A');
}

enum class BlockKind : std::uint8_t {
  prose,     // one line, to be wrapped
  verbatim,  // codes and tables: lines that began with four blanks, here without them
};

struct Block {
  BlockKind kind;
  std::string text;
};

std::string with_empty_lines_kept(std::string_view text);
// Of an expanded text.
std::vector<Block> blocks_of(std::string_view text, texts::Language language);
// French puts a blank before some signs; a line must not end there.
std::string with_signs_bound(std::string_view text, texts::Language language);

}  // namespace usher::letters
