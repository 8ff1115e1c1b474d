// Receive, answer, send; nothing is kept between two calls.
#include "daemon/admin/serve.hpp"

#include <algorithm>

#include "daemon/admin/gate.hpp"
#include "protocol/varlink_connection.hpp"

namespace usher::admin {
namespace {

using protocol::Deadline;
using protocol::varlink::Connection;

// Who may only ask for introspection needs no more; it bounds what a stranger makes us hold.
constexpr std::size_t kStrangersFrame = 1024;

std::size_t frame_limit(Peer peer, Uid daemon_uid) {
  return may_call(Caller::admin, peer, daemon_uid) ? protocol::varlink::kMaxFrame : kStrangersFrame;
}

// A stranger's connection is one of a few that all strangers share: it may not be held open.
std::chrono::milliseconds idle_limit(const AdminPatience& patience, Peer peer, Uid daemon_uid) {
  constexpr std::chrono::milliseconds kStrangersIdle{2'000};
  if (may_call(Caller::admin, peer, daemon_uid)) return patience.idle;
  return std::min(patience.idle, kStrangersIdle);
}

}  // namespace

Result<void> serve_admin(int socket, Peer peer, AdminContext& context,
                         const AdminPatience& patience) {
  Connection connection(socket, frame_limit(peer, context.daemon_uid));
  for (;;) {
    auto frame =
        connection.receive(Deadline::after(idle_limit(patience, peer, context.daemon_uid)));
    if (!frame && frame.error().code() == Errc::timed_out) return {};
    if (!frame) return frame.error();
    if (!frame->has_value()) return {};
    const auto call = TRY(protocol::varlink::decode_call((*frame)->view()));
    const Secret reply = TRY(protocol::varlink::encode(answer(call, peer, context)));
    TRY(connection.send(reply.view(), Deadline::after(patience.reply)));
  }
}

}  // namespace usher::admin
