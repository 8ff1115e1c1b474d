// Whatever is typed where a recovery code may stand: one has sixteen hex digits, and reads back as
// itself.
#include "daemon/factors/factor.hpp"
#include "daemon/factors/recovery.hpp"
#include "tests/fuzz/require.hpp"

using namespace usher;
using namespace usher::factors;
using usher::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view typed(reinterpret_cast<const char*>(data), size);
  const std::size_t at_end = recovery_factor.code_at_end(typed);
  require(at_end <= typed.size());
  if (at_end > 0) {
    const auto code = parse_recovery_code(typed.substr(typed.size() - at_end));
    require(code.has_value() && code->has_value());
  }
  const auto digits = parse_recovery_code(typed);
  require(digits.has_value());
  if (!digits->has_value()) return 0;
  require((**digits).size() == kRecoveryDigits);
  require((**digits).view().find_first_not_of("0123456789abcdef") == std::string_view::npos);
  const auto again = parse_recovery_code((**digits).view());
  require(again.has_value() && again->has_value() && (**again).equals(**digits));
  return 0;
}
