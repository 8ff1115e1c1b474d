// What a letter is written on: memory of a fixed size that is wiped, and never a part of a letter.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace usher::letters {

enum class Escape : std::uint8_t { none, html };

class Paper {
 public:
  static Result<Paper> of_at_most(std::size_t size);

  // What does not fit is not written, and nothing after it.
  void put(std::string_view text, Escape escape = Escape::none);
  std::size_t size() const { return used_; }
  // Breaks the lines written since `begin` at blanks, so that each has at most 72 characters.
  void wrap_since(std::size_t begin);
  // Errc::invalid_input: it was too long. The paper is used up.
  Result<Secret> end(std::string_view what);

 private:
  explicit Paper(Secret text) : text_(std::move(text)) {}
  void append(std::string_view bytes);

  Secret text_;
  std::size_t used_ = 0;
  bool is_full_ = false;
};

}  // namespace usher::letters
