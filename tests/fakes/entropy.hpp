// Bytes that look random and are the same in every run of the same seed.
#pragma once

#include <mutex>
#include <random>

#include "daemon/ports/entropy.hpp"

namespace usher::fakes {

class SeededEntropy final : public ports::Entropy {
 public:
  // NOLINTNEXTLINE(cert-msc51-cpp): the same bytes in every run is what it is for
  explicit SeededEntropy(unsigned seed = 1) : engine_(seed) {}

  void fill(std::span<char> bytes) override {
    const std::lock_guard lock(mutex_);
    for (char& byte : bytes) byte = static_cast<char>(engine_() & 0xFFU);
  }

 private:
  std::mutex mutex_;
  std::mt19937 engine_;
};

}  // namespace usher::fakes
