// SipHash-2-4 with 128 bits of output (Aumasson, Bernstein, 2012; the authors' reference code of
// 2014 added the long form). A keyed hash that needs libc only. It never protects a secret: the
// key of the published file can be read by all.
#pragma once

#include <array>
#include <string_view>

namespace usher::published {

using SipKey = std::array<unsigned char, 16>;
using SipDigest = std::array<unsigned char, 16>;

SipDigest siphash128(const SipKey& key, std::string_view text);

}  // namespace usher::published
