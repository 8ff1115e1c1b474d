// The one wrapper of liboath: RFC 6238 codes and base32. Pure; knows no store and no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace usher::factors {

enum class Algorithm : std::uint8_t { sha1 = 0, sha256 = 1, sha512 = 2 };

struct TotpParameters {
  Algorithm algorithm = Algorithm::sha1;
  unsigned digits = 6;   // 6, 7 or 8
  unsigned period = 30;  // seconds
};

// The time step `code` belongs to, among the one of `unix_time` and one each side (RFC 6238
// section 5.2); none when it belongs to neither. Every candidate is computed and compared in
// constant time. A code of another length is never accepted. Times before the second step fail
// with Errc::invalid_input: such a clock is wrong.
Result<std::optional<std::int64_t>> matching_step(const Secret& seed,
                                                  const TotpParameters& parameters,
                                                  std::int64_t unix_time, std::string_view code);

// RFC 4648 base32, upper case, without padding: as authenticator apps take it.
Result<Secret> to_base32(const Secret& bytes);

}  // namespace usher::factors
