// Whatever arrives on a Varlink socket: cut into frames, read as calls and as replies. What was
// understood must survive being written and read again.
#include "protocol/reaper_messages.hpp"
#include "protocol/varlink.hpp"
#include "tests/fuzz/require.hpp"

using namespace usher;
using namespace usher::protocol::varlink;
using usher::fuzz::require;
namespace reaper = usher::protocol::reaper;

namespace {

void read_as_call(std::string_view frame) {
  auto copy = Secret::copy(frame);
  require(copy.has_value());
  auto call = decode_call(*copy);
  if (!call) return;
  call->parameters.erase("secret");  // where it stood
  auto again = encode(*call);
  if (!again) return;  // escaping may take it over the limit
  again->shorten(again->size() - 1);
  auto same = decode_call(*again);
  require(same.has_value());
  same->parameters.erase("secret");
  require(same->method == call->method && same->parameters == call->parameters &&
          same->secret.has_value() == call->secret.has_value());
  // usher-reaper takes it from here.
  const auto read = reaper::read_request(*call);
  if (const auto* request = std::get_if<reaper::Request>(&read)) {
    require(request->keep.empty() || reaper::is_session_id(request->keep));
    const auto back = reaper::read_request(reaper::call_of(*request));
    require(std::get_if<reaper::Request>(&back)->uid == request->uid);
  }
}

void read_as_reply(std::string_view frame) {
  auto copy = Secret::copy(frame);
  require(copy.has_value());
  auto reply = decode_reply(*copy, "code");
  if (!reply) return;
  (void)reaper::read_reply(*reply);
  auto again = encode(*reply);
  if (!again) return;
  again->shorten(again->size() - 1);
  auto same = decode_reply(*again, "code");
  require(same && same->index() == reply->index());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  // The first byte says how the stream is cut into reads.
  const std::size_t step =
      input.empty() ? 1 : static_cast<unsigned char>(input[0]) + std::size_t{1};
  FrameBuffer buffer(kMaxFrame);
  for (std::size_t at = 1; at < input.size(); at += step) {
    if (!buffer.append(input.substr(at, step))) return 0;
    for (;;) {
      auto frame = buffer.next();
      if (!frame || !frame->has_value()) break;
      read_as_call((*frame)->view());
      read_as_reply((*frame)->view());
    }
  }
  return 0;
}
