// Wiped memory by explicit_bzero; the comparison touches every byte.
#include "base/secret.hpp"

#include <cstdlib>
#include <cstring>
#include <utility>

namespace usher {

bool constant_time_equal(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  // volatile: the compiler may not turn the loop into one that stops early.
  volatile unsigned char difference = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    difference = static_cast<unsigned char>(
        difference | (static_cast<unsigned char>(left[i]) ^ static_cast<unsigned char>(right[i])));
  }
  return difference == 0;
}

void wipe(void* memory, std::size_t size) {
  if (size != 0) explicit_bzero(memory, size);
}

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::exchange(other.bytes_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    this->~Secret();
    bytes_ = std::exchange(other.bytes_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Secret::~Secret() {
  if (bytes_ == nullptr) return;
  wipe(bytes_, size_);
  std::free(bytes_);
  bytes_ = nullptr;
  size_ = 0;
}

Result<Secret> Secret::zeroed(std::size_t size) {
  Secret secret;
  secret.bytes_ = static_cast<char*>(std::calloc(size + 1, 1));
  if (secret.bytes_ == nullptr) return Error(Errc::exhausted, "out of memory for a secret");
  secret.size_ = size;
  return secret;
}

Result<Secret> Secret::copy(std::string_view source) {
  Secret secret = TRY(zeroed(source.size()));
  if (!source.empty()) std::memcpy(secret.bytes_, source.data(), source.size());
  return secret;
  // NOLINTNEXTLINE(clang-analyzer-unix.Malloc): it loses sight of TRY's move; ASan sees it
}

Result<Secret> Secret::join(std::initializer_list<std::string_view> pieces) {
  std::size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  Secret secret = TRY(zeroed(size));
  char* end = secret.bytes_;
  for (const std::string_view piece : pieces) {
    if (!piece.empty()) std::memcpy(end, piece.data(), piece.size());
    end += piece.size();
  }
  return secret;
  // NOLINTNEXTLINE(clang-analyzer-unix.Malloc): it loses sight of TRY's move; ASan sees it
}

void Secret::shorten(std::size_t size) {
  if (size >= size_) return;
  // The tail is wiped now: the destructor only knows the shorter size.
  wipe(bytes_ + size, size_ - size);
  size_ = size;
}

}  // namespace usher
