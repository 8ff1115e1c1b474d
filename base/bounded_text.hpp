// Text with a fixed capacity, held in place: what does not fit is cut, nothing is allocated.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace usher {

template <std::size_t Capacity>
class BoundedText {
 public:
  BoundedText() = default;
  explicit BoundedText(std::string_view text) { append(text); }

  void append(std::string_view text) {
    const std::size_t room = Capacity - size_;
    const std::size_t taken = text.size() < room ? text.size() : room;
    if (taken != 0) std::memcpy(characters_.data() + size_, text.data(), taken);
    size_ += taken;
    characters_[size_] = '\0';
  }

  std::string_view view() const { return {characters_.data(), size_}; }
  const char* c_str() const { return characters_.data(); }
  bool empty() const { return size_ == 0; }

 private:
  std::size_t size_ = 0;
  std::array<char, Capacity + 1> characters_{};
};

}  // namespace usher
