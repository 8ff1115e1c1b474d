// How every verb that changes something ends.
#include "ctl/calls.hpp"

namespace usher::ctl {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

void warn_unless_published(Session& session, const ReplyOk& reply) {
  if (protocol::varlink::truth_of(reply.parameters, "published")) return;
  print(session.streams().err,
        "usherctl: done; the machine's programs see it in a few seconds, or journalctl -u usherd "
        "says why not\n");
}

Result<void> change(Session& session, std::string_view method, Json parameters,
                    const std::string& done) {
  const ReplyOk reply = TRY(session.call(method, std::move(parameters)));
  if (protocol::varlink::member_of(reply.parameters, "published") != nullptr) {
    warn_unless_published(session, reply);
  }
  if (session.wants_json()) return print_json(session.out(), reply);
  print(session.out(), escaped(done) + "\n");
  return {};
}

}  // namespace usher::ctl
