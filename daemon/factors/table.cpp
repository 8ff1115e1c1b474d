// The explicit table: a row a factor. (Self-registration loses objects of a static library.)
#include <array>

#include "daemon/factors/factor.hpp"

namespace usher::factors {
namespace {

constexpr std::array<const FactorKind*, 2> kKinds{
    &totp_factor,      // totp.cpp
    &recovery_factor,  // recovery.cpp
};

}  // namespace

std::span<const FactorKind* const> kinds() {
  return kKinds;
}

const FactorKind* find_kind(std::string_view name) {
  for (const FactorKind* kind : kKinds) {
    if (kind->name == name) return kind;
  }
  return nullptr;
}

}  // namespace usher::factors
