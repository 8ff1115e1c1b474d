// What usherd and usher-courier read of each other: one frame, as a reply that brings work and as a
// call. What was understood is within every limit, and survives being written and read again.
#include "protocol/courier_messages.hpp"
#include "tests/fuzz/require.hpp"

using namespace usher;
using namespace usher::protocol::courier;
namespace varlink = usher::protocol::varlink;
using usher::fuzz::require;

namespace {

void read_as_work(Secret frame) {
  const auto reply = varlink::decode_reply(frame, varlink::kCallSecret);
  if (!reply) return;
  (void)read_reported(*reply);
  auto taken = read_taken(*reply);
  if (!taken) return;
  if (const auto* unsendable = std::get_if<Unsendable>(&*taken)) {
    require(is_message_id(unsendable->id));
    return;
  }
  auto* work = std::get_if<Work>(&*taken);
  if (work == nullptr) return;
  const auto* mail = std::get_if<Mail>(&work->what);
  require(mail != nullptr && check(*mail).has_value());
  for (const std::string& address : {mail->from, mail->to, mail->message_id}) {
    require(address.find_first_of("\r\n\t ,;<>()[]\"\\:") == std::string::npos);
  }
  const auto again = reply_of(std::move(*work));
  require(again.has_value());
  const auto same = read_taken(*again);
  require(same && std::holds_alternative<Work>(*same));
}

void read_as_call(Secret frame) {
  const auto call = varlink::decode_call(frame);
  if (!call) return;
  const auto read = read_call(*call);
  if (const auto* report = std::get_if<Report>(&read)) {
    require(is_message_id(report->id) && report->detail.size() <= kMaxDetail);
    require(fit_together(report->outcome, report->cause));
    const auto same = read_call(call_of(*report));
    require(std::get_if<Report>(&same)->detail == report->detail);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  read_as_work(Secret::copy(input).release_value());
  read_as_call(Secret::copy(input).release_value());
  return 0;
}
