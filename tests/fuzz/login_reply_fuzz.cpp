// Whatever a hostile daemon may send to the module: hello, steps, verdicts. A message has one form
// only, so what was understood and is written again must be the very same bytes.
#include "protocol/messages.hpp"
#include "tests/fuzz/require.hpp"

using namespace usher;
using namespace usher::protocol;
using usher::fuzz::require;

namespace {

template <typename Message>
void require_same(std::string_view frame, const Message& message) {
  const auto header = decode_header(frame);
  require(header.has_value());
  const auto again = encode(*header, message);
  require(again.has_value() && again->view() == frame);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view frame(reinterpret_cast<const char*>(data), size);
  if (!decode_header(frame)) {
    require(!decode_server_hello(frame) && !decode_step(frame) && !decode_verdict(frame));
    return 0;
  }
  if (const auto hello = decode_server_hello(frame)) require_same(frame, *hello);
  if (const auto step = decode_step(frame)) {
    require_same(frame, *step);
    require(step->text.size() <= kMaxText);
  }
  if (const auto verdict = decode_verdict(frame)) {
    require_same(frame, *verdict);
    require(verdict->text.size() <= kMaxText && verdict->user.size() <= kMaxName);
  }
  return 0;
}
