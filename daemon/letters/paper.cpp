// Nothing grows, so no copy of a code is left where memory was too small.
#include "daemon/letters/paper.hpp"

#include <cstring>
#include <string>

namespace usher::letters {
namespace {

constexpr std::size_t kWidth = 72;

std::string_view escaped(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

bool continues_a_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

}  // namespace

Result<Paper> Paper::of_at_most(std::size_t size) {
  return Paper(TRY(Secret::zeroed(size)));
}

void Paper::append(std::string_view bytes) {
  is_full_ = is_full_ || bytes.size() > text_.size() - used_;
  if (is_full_ || bytes.empty()) return;
  std::memcpy(text_.writable().data() + used_, bytes.data(), bytes.size());
  used_ += bytes.size();
}

void Paper::put(std::string_view text, Escape escape) {
  if (escape == Escape::none) return append(text);
  for (const char& c : text) {
    const std::string_view instead = escaped(c);
    append(instead.empty() ? std::string_view(&c, 1) : instead);
  }
}

void Paper::wrap_since(std::size_t begin) {
  const std::span<char> line = text_.writable().subspan(begin, used_ - begin);
  char* blank = nullptr;  // the last one of this line
  std::size_t column = 0;
  std::size_t blank_column = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (continues_a_character(line[i])) continue;
    if (column >= kWidth && line[i] != ' ' && blank != nullptr) {
      *blank = '\n';
      column -= blank_column + 1;
      blank = nullptr;
    }
    if (line[i] == ' ') {
      blank = &line[i];
      blank_column = column;
    }
    ++column;
  }
}

Result<Secret> Paper::end(std::string_view what) {
  if (is_full_) {
    return Error(Errc::invalid_input, std::string(what) + " is too long for a mail");
  }
  text_.shorten(used_);
  return std::move(text_);
}

}  // namespace usher::letters
