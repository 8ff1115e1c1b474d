// Receive, check, do, answer.
#include "reaper/serve.hpp"

#include "protocol/varlink_connection.hpp"

namespace usher::reaper {
namespace {

using protocol::Deadline;
using protocol::reaper::Ended;
using protocol::reaper::Request;
using protocol::varlink::Connection;
using protocol::varlink::Reply;
using protocol::varlink::ReplyError;

Result<Ended> end_sessions(const Request& request, const Files& files, Sessions& sessions) {
  TRY(check_target(request.uid, files));
  return sessions.end(request);
}

std::string line_of(const Request& request, const Ended& ended) {
  return "uid=" + std::to_string(request.uid.number) + " ended=" + std::to_string(ended.sessions) +
         " outside=" + std::to_string(ended.outside);
}

Result<void> send(Connection& connection, const Reply& reply, const Patience& patience) {
  const Secret frame = TRY(protocol::varlink::encode(reply));
  return connection.send(frame.view(), Deadline::after(patience.reply));
}

}  // namespace

Result<std::string> serve(int socket, const Files& files, Sessions& sessions,
                          const Patience& patience) {
  Connection connection(socket, protocol::reaper::kMaxFrame);
  auto frame = TRY(connection.receive(Deadline::after(patience.call)));
  if (!frame) return std::string("no call");
  const auto call = TRY(protocol::varlink::decode_call(*frame));
  const auto read = protocol::reaper::read_request(call);
  if (const auto* refusal = std::get_if<ReplyError>(&read)) {
    TRY(send(connection, *refusal, patience));
    return std::string("a call that is not understood");
  }
  const Request& request = *std::get_if<Request>(&read);
  const Result<Ended> ended = end_sessions(request, files, sessions);
  TRY(send(connection,
           ended ? protocol::reaper::reply_of(*ended) : protocol::reaper::reply_of(ended.error()),
           patience));
  if (!ended) return ended.error().in("uid=" + std::to_string(request.uid.number));
  return line_of(request, *ended);
}

}  // namespace usher::reaper
