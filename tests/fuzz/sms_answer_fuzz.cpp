// An SMS gateway's answer is anybody's bytes: the first is the status, the rest the body. Whatever
// it is, there is an outcome whose detail is printable and bounded; what no gateway lists is never
// "sent".
#include <algorithm>

#include "courier/sms_answer.hpp"
#include "tests/fuzz/require.hpp"

using namespace usher;
using usher::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr int kStatuses[] = {0, 200, 201, 202, 301, 400, 401, 403, 404, 422, 429, 500, 503, 999};
  const int status = kStatuses[data[0] % std::size(kStatuses)];
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  protocol::courier::Gateway gateway;
  gateway.url = "https://sms.acme.example/?to={to}&text={text}";
  gateway.statuses = {200, 201};
  gateway.sent.pointer = "/messages/0/status";
  gateway.sent.values = {"0", "queued"};
  gateway.bad_number.pointer = "/code";
  gateway.bad_number.values = {"21211"};
  const std::string_view secrets[] = {"Your code is 90417265."};
  const courier::Sent sent = courier::outcome_of(gateway, {status, body, {}}, secrets);
  require(sent.outcome != protocol::courier::Outcome::sent || status == 200 || status == 201);
  require(sent.detail.size() <= protocol::courier::kMaxDetail);
  require(std::all_of(sent.detail.begin(), sent.detail.end(),
                      [](char c) { return c >= ' ' && c <= '~'; }));
  require(sent.detail.find("90417265") == std::string::npos);
  return 0;
}
