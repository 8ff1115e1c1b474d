// A mail server's replies are anybody's bytes: the first line is a secret that it was told, the
// rest are lines as they came. What is reported is printable, bounded, and holds nothing of the
// secret.
#include <algorithm>

#include "base/text.hpp"
#include "courier/server_reply.hpp"
#include "protocol/courier_messages.hpp"
#include "tests/fuzz/require.hpp"

using namespace usher;
using usher::fuzz::require;

namespace {

bool is_word(std::string_view text) {
  constexpr std::size_t kTellsSomething = 4;
  return text.size() >= kTellsSomething &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t first = std::min(input.find('\n'), input.size());
  const std::string_view secret = input.substr(0, first);
  input.remove_prefix(std::min(first + 1, input.size()));
  courier::ServerReply reply;
  while (!input.empty()) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    reply.add_line(input.substr(0, end));
    input.remove_prefix(std::min(end + 1, input.size()));
  }
  require(reply.code() >= 0 && reply.code() <= 999);
  require(!reply.is_refusal() || reply.code() >= 400);
  const std::string_view secrets[] = {secret};
  const std::string told = courier::reportable(reply.text(), secrets);
  require(told.size() <= protocol::courier::kMaxDetail);
  require(std::all_of(told.begin(), told.end(), [](char c) { return c >= ' ' && c <= '~'; }));
  require(!is_word(secret) || told.find(secret) == std::string::npos);
  return 0;
}
