// Text from outside, parsed once at the edge into types that cannot hold anything else.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bounded_text.hpp"
#include "base/result.hpp"

namespace usher {

// A login name: ^[a-z_][a-z0-9_.-]{0,31}$. No colon, no control character, no '@' (aliases are
// resolved to names before they become one).
class UserName {
 public:
  static constexpr std::size_t kMaxLength = 32;

  static Result<UserName> parse(std::string_view text);
  // The same rule, where a hundred thousand names are only looked at.
  static bool is_one(std::string_view text);

  std::string_view view() const { return text_.view(); }
  const char* c_str() const { return text_.c_str(); }
  friend bool operator==(const UserName& left, const UserName& right) {
    return left.view() == right.view();
  }

 private:
  UserName() = default;
  BoundedText<kMaxLength> text_;
};

// A kernel user id. Never an int, never a string.
struct Uid {
  std::uint32_t number = 0;
  friend bool operator==(Uid, Uid) = default;
};

// A kernel group id.
struct Gid {
  std::uint32_t number = 0;
  friend bool operator==(Gid, Gid) = default;
};

inline constexpr Uid kRootUid{0};
// What SO_PEERCRED reads inside a foreign user namespace: nobody we may trust.
inline constexpr Uid kOverflowUid{65534};

// True when the text is valid UTF-8 (RFC 3629: shortest form, no surrogates, at most U+10FFFF)
// and holds no control character (C0, DEL, C1) except those allowed by name.
enum class Newlines : std::uint8_t { refused, allowed };
bool is_plain_text(std::string_view text, Newlines newlines);

// Length in bytes of the valid UTF-8 sequence that starts the text, 0 when there is none.
std::size_t utf8_sequence_length(std::string_view text);

}  // namespace usher
