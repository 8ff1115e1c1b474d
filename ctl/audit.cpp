// usherctl audit: what was decided, and whether the records are whole.
#include <fmt/format.h>

#include <algorithm>

#include "ctl/calls.hpp"
#include "ctl/follow.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

constexpr std::int64_t kPage = 100;
constexpr std::size_t kShownId = 12;  // digits that tell billions of requests apart

Result<Json> newest_records(Session& session, const Arguments& arguments) {
  Json records = Json::array();
  Json parameters = Json::object();
  if (!arguments.name.empty()) parameters["name"] = arguments.name;
  for (;;) {
    const auto left = arguments.limit - static_cast<std::int64_t>(records.size());
    if (left <= 0) return records;
    parameters["limit"] = std::min(left, kPage);
    const ReplyOk page = TRY(session.call("ListAudit", parameters));
    const Json& rows = rows_member(page.parameters, "records");
    for (const Json& row : rows) records.push_back(row);
    if (rows.empty() || !protocol::varlink::truth_of(page.parameters, "more")) return records;
    parameters["before"] = protocol::varlink::number_of(rows.back(), "sequence").value_or(1);
  }
}

Result<void> list(Session& session, const Arguments& arguments) {
  if (arguments.follow) return follow_audit(session, arguments);
  const Json records = TRY(newest_records(session, arguments));
  if (session.wants_json()) {
    ReplyOk all;
    all.parameters["records"] = records;
    return print_json(session.out(), all);
  }
  Table table({"NR", "ID", "TIME", "WHO", "WHAT", "OUTCOME", "REASON", "FACTOR", "SERVICE", "FROM",
               "BY UID", "DETAIL"});
  for (const Json& record : records) {
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
       {"--follow", "go on with each new record, oldest first", &Arguments::follow}}}},
    {"audit verify", "check the chain of all records", verify},
};

}  // namespace

std::span<const Verb> audit_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
