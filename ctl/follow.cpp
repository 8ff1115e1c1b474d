// Asks once a second for what came after the last record seen: a record is never lost, whatever
// happens to usherd or to the connection in between, and usherd keeps nothing for whoever watches.
#include "ctl/follow.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ctl/os/moment.hpp"
#include "ctl/when.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

constexpr std::int64_t kPage = 100;

class Watch {
 public:
  Watch(Session& session, const Arguments& arguments, Json asked)
      : session_(session), arguments_(arguments), asked_(std::move(asked)) {}

  // What there is, oldest first. Unlike later calls it may not fail.
  Result<void> begin() {
    if (arguments_.since) return catch_up();
    Json parameters = asked_;
    parameters["limit"] = std::min(arguments_.limit, kPage);
    const ReplyOk newest = TRY(session_.call("ListAudit", std::move(parameters)));
    const Json& rows = rows_member(newest.parameters, "records");
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) TRY(show(*row));
    return {};
  }

  // What came since.
  Result<void> go_on() {
    const Result<void> caught_up = catch_up();
    return caught_up ? caught_up : note_absence(caught_up.error());
  }

 private:
  Result<void> catch_up() {
    for (;;) {
      Json parameters = asked_;
      parameters["after"] = last_;
      parameters["limit"] = kPage;
      const ReplyOk page = TRY(session_.call("ListAudit", std::move(parameters)));
      note_presence();
      const Json& rows = rows_member(page.parameters, "records");
      for (const Json& row : rows) TRY(show(row));
      if (rows.empty() || !protocol::varlink::truth_of(page.parameters, "more")) return {};
    }
  }

  // Only an usherd that is away is waited for.
  Result<void> note_absence(const Error& error) {
    if (error.code() != Errc::unavailable) return error;
    if (!away_) print(session_.streams().err, "usherctl: usherd is away; waiting for it\n");
    away_ = true;
    return {};
  }

  void note_presence() {
    if (away_) print(session_.streams().err, "usherctl: usherd is back\n");
    away_ = false;
  }

  // A line a record, and out at once: somebody watches, or a program reads.
  Result<void> show(const Json& record) {
    last_ = protocol::varlink::number_of(record, "sequence").value_or(last_);
    if (session_.wants_json()) {
      ReplyOk line;
      line.parameters = record;
      TRY(print_json(session_.out(), line));
    } else {
      print(session_.out(), line_of(record));
    }
    if (std::fflush(session_.out()) == 0) return {};
    return Error(Errc::internal, "the output could not be written");
  }

  static std::string line_of(const Json& record) {
    std::string line = time_member(record, "at");
    for (const char* name : {"person", "operation", "outcome", "reason", "factor", "service",
                             "rhost", "detail", "request"}) {
      const std::string text = text_member(record, name);
      line += "  " + (text.empty() ? std::string("-") : escaped(text));
    }
    return line + "\n";
  }

  Session& session_;
  const Arguments& arguments_;
  Json asked_;
  std::int64_t last_ = 0;
  bool away_ = false;
};

}  // namespace

Result<Json> audit_asked(const Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  if (!arguments.name.empty()) parameters["name"] = arguments.name;
  if (arguments.since) parameters["since"] = TRY(since(*arguments.since, session.host().now()));
  return parameters;
}

Result<void> follow_audit(Session& session, const Arguments& arguments) {
  const EndedByHand ended;
  Watch watch(session, arguments, TRY(audit_asked(session, arguments)));
  TRY(watch.begin());
  while (session.host().wait_a_moment()) TRY(watch.go_on());
  return {};
}

}  // namespace usher::ctl
