// What must hold for every input. The sanitizers find the rest.
#pragma once

#include <cstdlib>

namespace usher::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace usher::fuzz
