// SipHash-2-4-128 as its paper and reference code define it; every word is little-endian.
#include "published/siphash.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>

namespace usher::published {
namespace {

std::uint64_t load_word(const unsigned char* bytes) {
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 8; ++i) word |= std::uint64_t{bytes[i]} << (8 * i);
  return word;
}

void store_word(std::uint64_t word, unsigned char* bytes) {
  for (unsigned i = 0; i < 8; ++i) bytes[i] = static_cast<unsigned char>(word >> (8 * i));
}

struct State {
  std::uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }

  void take(std::uint64_t word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }

  std::uint64_t half_of_digest() {
    for (int i = 0; i < 4; ++i) round();
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

}  // namespace

SipDigest siphash128(const SipKey& key, std::string_view text) {
  const std::uint64_t k0 = load_word(key.data());
  const std::uint64_t k1 = load_word(key.data() + 8);
  // "somepseudorandomlygeneratedbytes"; 0xee tells the long form from the short one.
  State state{0x736f6d6570736575 ^ k0, 0x646f72616e646f6d ^ k1 ^ 0xee, 0x6c7967656e657261 ^ k0,
              0x7465646279746573 ^ k1};

  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const std::size_t whole = text.size() / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8) state.take(load_word(bytes + i));
  std::uint64_t last = std::uint64_t{text.size() & 0xFFU} << 56U;
  for (std::size_t i = whole; i < text.size(); ++i) {
    last |= std::uint64_t{bytes[i]} << (8 * (i - whole));
  }
  state.take(last);

  SipDigest digest;
  state.v2 ^= 0xee;
  store_word(state.half_of_digest(), digest.data());
  state.v1 ^= 0xdd;
  store_word(state.half_of_digest(), digest.data() + 8);
  return digest;
}

}  // namespace usher::published
