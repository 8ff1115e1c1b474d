// Random bytes, as a port: a test may fix them to compare a whole transcript.
#pragma once

#include <span>

namespace usher::ports {

class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(std::span<char> bytes) = 0;
};

}  // namespace usher::ports
