// usherctl audit: what was decided, and whether the records are whole.
#include <fmt/format.h>

#include "ctl/calls.hpp"
#include "ctl/follow.hpp"
#include "ctl/pages.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

constexpr std::size_t kShownId = 12;  // digits that tell billions of requests apart

Result<void> list(Session& session, const Arguments& arguments) {
  if (arguments.follow) return follow_audit(session, arguments);
  const Newest newest = TRY(newest_rows(session, "ListAudit", TRY(audit_asked(session, arguments)),
                                        "records", arguments.limit));
  if (newest.more && arguments.since) {
    print(session.streams().err,
          fmt::format("usherctl: the newest {} records; --limit shows more\n", newest.rows.size()));
  }
  if (session.wants_json()) {
    ReplyOk all;
    all.parameters["records"] = newest.rows;
    return print_json(session.out(), all);
  }
  Table table({"NR", "ID", "TIME", "WHO", "WHAT", "OUTCOME", "REASON", "FACTOR", "SERVICE", "FROM",
               "BY UID", "DETAIL"});
  for (const Json& record : newest.rows) {
    table.add({number_member(record, "sequence"),
               text_member(record, "request").substr(0, kShownId), time_member(record, "at"),
               text_member(record, "person"), text_member(record, "operation"),
               text_member(record, "outcome"), text_member(record, "reason"),
               text_member(record, "factor"), text_member(record, "service"),
               text_member(record, "rhost"), number_member(record, "peer_uid"),
               text_member(record, "detail")});
  }
  table.print_to(session.out());
  return {};
}

Result<void> verify(Session& session, const Arguments&) {
  const ReplyOk reply = TRY(session.call("VerifyAudit", Json::object()));
  const auto broken = protocol::varlink::number_of(reply.parameters, "first_broken");
  if (session.wants_json()) {
    TRY(print_json(session.out(), reply));
  } else if (!broken) {
    print(session.out(), "Every audit record follows from the one before.\n");
  }
  if (!broken) return {};
  return Error(Errc::damaged, fmt::format("audit record {} does not follow from the one before; "
                                          "compare with the journal: journalctl -u usherd",
                                          *broken));
}

constexpr Verb kVerbs[] = {
    {"audit",
     "what was decided, newest first",
     list,
     {{{"--limit", "at most this many records", &Arguments::limit},
       {"--user", "only this person's", &Arguments::name},
       {"--since", "only from then on: 2h, 3d, a day, or a moment", &Arguments::since},
       {"--follow", "go on with each new record, oldest first", &Arguments::follow}}}},
    {"audit verify", "check the chain of all records", verify},
};

}  // namespace

std::span<const Verb> audit_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
