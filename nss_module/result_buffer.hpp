// The caller's buffer: every string and array of an answer lies in it. It gives what fits or null,
// and never writes behind its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace usher::nss_module {

class ResultBuffer {
 public:
  ResultBuffer(char* buffer, std::size_t size) : next_(buffer), left_(size) {}

  // A copy; the text brings its NULs along.
  char* put(std::string_view text) {
    if (text.size() > left_) return nullptr;
    char* at = next_;
    std::memcpy(at, text.data(), text.size());
    take(text.size());
    return at;
  }

  // Room for pointers, aligned as they need it: a caller's buffer may start anywhere.
  char** pointers(std::size_t count) {
    const std::size_t gap = -reinterpret_cast<std::uintptr_t>(next_) % alignof(char*);
    if (gap > left_ || count > (left_ - gap) / sizeof(char*)) return nullptr;
    take(gap);
    char** at = reinterpret_cast<char**>(next_);
    take(count * sizeof(char*));
    return at;
  }

 private:
  void take(std::size_t size) {
    next_ += size;
    left_ -= size;
  }

  char* next_;
  std::size_t left_;
};

}  // namespace usher::nss_module
