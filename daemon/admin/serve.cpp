// Receive, answer, send; nothing is kept between two calls.
#include "daemon/admin/serve.hpp"

#include <algorithm>

#include "daemon/admin/gate.hpp"
#include "protocol/varlink_connection.hpp"

namespace usher::admin {
namespace {

using protocol::Deadline;
using protocol::varlink::Connection;

// What somebody without a role may ask is short; it bounds what a stranger makes us hold.
constexpr std::size_t kStrangersFrame = 1024;
// A stranger's connection is one of a few that all strangers share: it may not be held open.
constexpr std::chrono::milliseconds kStrangersIdle{2'000};

}  // namespace

Result<void> serve_admin(int socket, Peer peer, const WithContext& with_context,
                         const AdminPatience& patience) {
  bool staff = false;
  with_context([&](AdminContext& context) { staff = is_staff(context, peer); });
  Connection connection(socket, staff ? protocol::varlink::kMaxFrame : kStrangersFrame);
  const auto idle = staff ? patience.idle : std::min(patience.idle, kStrangersIdle);
  for (;;) {
    auto frame = connection.receive(Deadline::after(idle));
    if (!frame && frame.error().code() == Errc::timed_out) return {};
    if (!frame) return frame.error();
    if (!frame->has_value()) return {};
    const auto call = TRY(protocol::varlink::decode_call(**frame));
    Result<Secret> reply = Error(Errc::internal, "no context");
    with_context([&](AdminContext& context) {
      reply = protocol::varlink::encode(answer(call, peer, context));
    });
    TRY(connection.send(TRY(std::move(reply)).view(), Deadline::after(patience.reply)));
  }
}

}  // namespace usher::admin
