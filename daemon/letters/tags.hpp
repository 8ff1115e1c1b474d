// Finds the tags of a Mustache text, as kainjow would, each with its line.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace usher::letters {

enum class TagKind : std::uint8_t {
  value,       // {{name}}
  unescaped,   // {{{name}}}, {{&name}}
  section,     // {{#name}}
  absent,      // {{^name}}
  end,         // {{/name}}
  comment,     // {{! ... }}
  partial,     // {{>name}}
  delimiters,  // {{=<% %>=}}
};

struct Tag {
  TagKind kind;
  std::string_view name;
  std::size_t line;  // from 1
};

class Tags {
 public:
  explicit Tags(std::string_view text) : rest_(text) {}

  // None: there are no more. Errc::invalid_input: it is not closed on its line.
  Result<std::optional<Tag>> next();
  std::size_t line() const { return line_; }

 private:
  void skip(std::size_t count);

  std::string_view rest_;
  std::size_t line_ = 1;
};

}  // namespace usher::letters
