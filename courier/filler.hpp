// Fills a Secret from left to right, whose size is the most there can be.
#pragma once

#include <cstring>

#include "base/secret.hpp"

namespace usher::courier {

class Filler {
 public:
  explicit Filler(Secret& target) : target_(target) {}
  void put(std::string_view text) {
    if (!text.empty()) std::memcpy(target_.writable().data() + used_, text.data(), text.size());
    used_ += text.size();
  }
  void put(char c) { put(std::string_view(&c, 1)); }
  void end() { target_.shorten(used_); }

 private:
  Secret& target_;
  std::size_t used_ = 0;
};

}  // namespace usher::courier
