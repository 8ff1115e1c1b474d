// Recovery codes: 64 bits each, shown once as four groups of four hex digits. Makes and reads them;
// spending one is settle()'s.
#pragma once

#include <optional>

#include "base/secret.hpp"
#include "daemon/ports/entropy.hpp"

namespace usher::factors {

inline constexpr std::size_t kRecoveryCodes = 10;
inline constexpr std::size_t kRecoveryDigits = 16;
// The name of the set in the list of factors; no device may have it.
inline constexpr std::string_view kRecoveryLabel = "recovery codes";

// "3f9a-02bc-77d1-e05b"
Result<Secret> make_recovery_code(ports::Entropy& entropy);
// The sixteen digits, lower case: blanks and hyphens anywhere, either case, O for 0 and I or L
// for 1. None: it is no such code. An Error only when memory is out.
Result<std::optional<Secret>> parse_recovery_code(std::string_view typed);

}  // namespace usher::factors
