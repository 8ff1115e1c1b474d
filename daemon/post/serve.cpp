// Receive, answer, send; Take is the one answer that takes its time.
#include "daemon/post/serve.hpp"

#include "protocol/caller.hpp"
#include "protocol/varlink_connection.hpp"

namespace usher::post {
namespace {

using protocol::Deadline;
using protocol::courier::Report;
using protocol::courier::Take;
using protocol::varlink::Connection;
using protocol::varlink::Reply;
using protocol::varlink::ReplyError;

// The longest thing it says is a report.
constexpr std::size_t kLongestCall = 2048;

struct Answers {
  int socket;
  Post& post;
  const CourierPatience& patience;
  std::string given{};  // the message that the reply hands over

  Result<Reply> operator()(const Take&) {
    const auto work = post.take(socket, Deadline::after(patience.take));
    if (!work) return protocol::courier::reply_of(work.error());
    if (*work) given = (*work)->id;
    return protocol::courier::reply_of(*work);
  }
  Result<Reply> operator()(const Report& report) const {
    const Result<void> heard = post.report(report);
    return heard ? protocol::courier::reported() : protocol::courier::reply_of(heard.error());
  }
  Result<Reply> operator()(const ReplyError& refusal) const { return Reply(refusal); }
};

Result<void> answer(Connection& connection, const protocol::varlink::Call& call, Answers& answers) {
  Reply reply = TRY(std::visit(answers, protocol::courier::read_call(call)));
  const Secret bytes = TRY(protocol::varlink::encode(reply));
  return connection.send(bytes.view(), Deadline::after(answers.patience.reply));
}

}  // namespace

Result<void> serve_courier(int socket, Post& post, const CourierPatience& patience) {
  const Uid peer = TRY(protocol::peer_of(socket));
  if (!protocol::may_call(peer, TRY(protocol::owner_of(socket)))) {
    return Error(Errc::not_permitted, "not usher-courier");
  }
  Connection connection(socket, kLongestCall);
  for (;;) {
    auto frame = TRY(connection.receive(Deadline::after(patience.idle)));
    if (!frame) return {};
    const auto call = TRY(protocol::varlink::decode_call(*frame));
    Answers answers{socket, post, patience};
    const Result<void> answered = answer(connection, call, answers);
    if (answered) continue;
    // What it would have sent waits for the next one, and not for word of it.
    if (!answers.given.empty()) TRY(post.not_given(answers.given));
    return answered.error();
  }
}

}  // namespace usher::post
