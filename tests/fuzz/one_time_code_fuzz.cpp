// Whatever is typed where a one-time code may stand: a code has twelve characters of its alphabet,
// and reads back as shown.
#include "daemon/sign_in/one_time_code.hpp"
#include "tests/fuzz/require.hpp"

using namespace usher;
using namespace usher::sign_in;
using usher::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const auto code = parse_code({reinterpret_cast<const char*>(data), size});
  require(code.has_value());
  if (!code->has_value()) return 0;
  const OneTimeCode& typed = **code;
  require(typed.text.size() == kCodeLength && typed.text.view().starts_with(typed.handle));
  require(typed.handle.size() == kHandleLength);
  require(typed.text.view().find_first_not_of(kAlphabet) == std::string_view::npos);
  const auto text = shown(typed);
  require(text.has_value());
  const auto again = parse_code(text->view());
  require(again.has_value() && again->has_value() && (**again).text.equals(typed.text));
  return 0;
}
