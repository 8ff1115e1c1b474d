// How fields become one string that is hashed or bound: numbers as eight bytes, the highest first,
// and the length before each text, so that ("ab","c") and ("a","bc") differ. Stored values depend
// on it: never change it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace usher::crypto {

inline void append_number(std::string& out, std::uint64_t number) {
  for (unsigned shift = 64; shift > 0; shift -= 8) {
    out.push_back(static_cast<char>((number >> (shift - 8)) & 0xFFU));
  }
}

inline void append_text(std::string& out, std::string_view text) {
  append_number(out, text.size());
  out.append(text);
}

}  // namespace usher::crypto
