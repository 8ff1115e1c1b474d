// What usherd and usher-courier read of each other: one frame, as a reply that brings work and as a
// call. What was understood is within every limit, and survives being written and read again.
#include "courier/sms_request.hpp"
#include "protocol/courier_messages.hpp"
#include "protocol/varlink_json.hpp"
#include "tests/fuzz/require.hpp"

using namespace usher;
using namespace usher::protocol::courier;
namespace varlink = usher::protocol::varlink;
using usher::fuzz::require;

namespace {

void look_at(const Mail& mail) {
  require(check(mail).has_value());
  for (const std::string& address : {mail.from, mail.to, mail.message_id}) {
    require(address.find_first_of("\r\n\t ,;<>()[]\"\\:") == std::string::npos);
  }
}

// What is made of it is one request to the host that stands there, and nothing in it ends a line.
void look_at(const Sms& sms) {
  require(check(sms).has_value());
  const auto request = usher::courier::request_of(sms, "a key");
  require(request.has_value());
  const std::string_view template_host =
      std::string_view(sms.gateway.url).substr(0, sms.gateway.url.find('/', 8) + 1);
  require(request->url.view().starts_with(template_host));
  require(request->url.view().find_first_of("\r\n \"{}<>#\\") == std::string_view::npos);
  for (const Secret& header : request->headers) {
    require(header.view().find_first_of("\r\n") == std::string_view::npos);
  }
  if (sms.gateway.form != BodyForm::json) return;
  require(varlink::parse_object(request->body.view()).has_value());
}

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
  std::visit([](const auto& message) { look_at(message); }, work->what);
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
