// Whatever a caller may send to usherd: hello, begin, answers. A message has one form only, so what
// was understood and is written again must be the very same bytes.
#include "daemon/front_end.hpp"
#include "daemon/origin.hpp"
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

// What the daemon makes of a begin frame before it asks the first question.
void receive(const Begin& begin, Uid peer) {
  constexpr Uid kUsher{990};
  const daemon::Facts facts = daemon::gather_facts(begin, peer, kUsher);
  require(facts.user == begin.user);
  require(facts.trusted || facts.service.empty());
  const daemon::Origin origin = daemon::origin_of(facts);
  require((origin == daemon::Origin::non_root_self) == !facts.trusted);
  const daemon::FrontEnd front_end = daemon::front_end_of(facts, {});
  require(facts.trusted || front_end.lifecycle == daemon::Lifecycle::refused);
  const auto name = UserName::parse(facts.user);
  if (!name) return;
  require(name->view() == begin.user && is_plain_text(name->view(), Newlines::refused));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view frame(reinterpret_cast<const char*>(data), size);
  if (!decode_header(frame)) {
    require(!decode_client_hello(frame) && !decode_begin(frame) && !decode_answer(frame));
    return 0;
  }
  if (const auto hello = decode_client_hello(frame)) require_same(frame, *hello);
  if (const auto answer = decode_answer(frame)) {
    require_same(frame, *answer);
    require(answer->text.size() <= kMaxAnswer);
  }
  if (const auto begin = decode_begin(frame)) {
    require_same(frame, *begin);
    receive(*begin, kRootUid);
    receive(*begin, Uid{1000});
  }
  return 0;
}
