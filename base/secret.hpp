// Secret: bytes that are wiped when they end. Move-only, unprintable, compared in constant time.
// It cannot be copied by accident, streamed, or put into a JSON tree; base needs libc only.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace usher {

// Takes the same time wherever the first difference is. Lengths are not secret.
bool constant_time_equal(std::string_view left, std::string_view right);

// Overwrites memory in a way the compiler may not remove.
void wipe(void* memory, std::size_t size);

class Secret {
 public:
  Secret() = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  // Errc::exhausted when memory is out. The source stays the caller's to wipe.
  static Result<Secret> copy(std::string_view source);
  // The pieces one after the other.
  static Result<Secret> join(std::initializer_list<std::string_view> pieces);
  // Zeroed bytes, to be filled through writable().
  static Result<Secret> zeroed(std::size_t size);

  std::string_view view() const { return {bytes_, size_}; }
  std::span<char> writable() { return {bytes_, size_}; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // Keeps the first `size` bytes and wipes the rest.
  void shorten(std::size_t size);

  bool equals(const Secret& other) const { return constant_time_equal(view(), other.view()); }
  // A bare == on secrets leaks where they differ.
  friend bool operator==(const Secret&, const Secret&) = delete;

 private:
  char* bytes_ = nullptr;  // malloc'd, always one NUL longer than size_: C libraries want strings
  std::size_t size_ = 0;
};

}  // namespace usher
