// Connect, call, read. What comes back is checked like anybody's input.
#include "daemon/reaper.hpp"

#include "protocol/varlink_connection.hpp"

namespace usher::daemon {
namespace {

using protocol::Deadline;
using protocol::reaper::Ended;
using protocol::reaper::Request;
using protocol::varlink::Client;

Result<Ended> ask(const std::string& socket, const Request& request, Deadline deadline) {
  auto client = TRY(Client::connect(socket, deadline).in("connecting to " + socket));
  const auto reply = TRY(client.call(protocol::reaper::call_of(request), "", deadline));
  return protocol::reaper::read_reply(reply);
}

}  // namespace

Result<Ended> Reaper::end(const Request& request) {
  auto ended = ask(socket_, request, Deadline::after(patience_));
  // To a caller of ours every one of these means the same: usher-reaper did not do it.
  if (!ended) return Error(Errc::unavailable, ended.error().text()).in("usher-reaper");
  return ended;
}

}  // namespace usher::daemon
