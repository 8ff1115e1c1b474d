// The one wrapper of kainjow's Mustache. It never sees a value: a tag becomes a mark, and what the
// mark stands for is put in by those who keep secrets in memory that is wiped.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace usher::letters {

struct Substitute {
  std::string_view name;
  std::string text;  // of no character that HTML gives a meaning to
};

// Sections of names that are not among the substitutes are left out, and their opposites kept.
// Errc::internal: a text that was not checked, or the library's memory is out.
Result<std::string> expand(const std::string& text, std::span<const Substitute> substitutes);

}  // namespace usher::letters
