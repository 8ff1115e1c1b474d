// The verbs on the audit table: it is read here, never written.
#include "daemon/store/audit.hpp"

#include <algorithm>

#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"
#include "daemon/admin/own_records.hpp"
#include "daemon/admin/record_json.hpp"
#include "daemon/store/audit_chain.hpp"

namespace usher::admin {

Json audit_json(const store::AuditRecord& record) {
  Json row = Json::object();
  row["sequence"] = record.sequence;
  row["at"] = milliseconds(record.at);
  row["request"] = record.request;
  row["operation"] = record.operation;
  row["outcome"] = record.outcome;
  row["reason"] = record.reason;
  row["person"] = record.person;
  row["factor"] = record.factor;
  row["service"] = record.service;
  row["origin"] = record.origin;
  row["rhost"] = record.rhost;
  row["tty"] = record.tty;
  row["peer_uid"] = record.peer_uid;
  row["detail"] = record.detail;
  row["steps"] = record.steps;
  return row;
}

namespace {

// One record more than asked for says that there are further ones.
Result<std::vector<store::AuditRecord>> records(store::Database& database, const Request& request,
                                                std::int64_t limit) {
  const Parameters& parameters = request.parameters;
  const std::string person = parameters.text("name");
  const auto after = parameters.number("after");
  std::int64_t above = after.value_or(0);
  above = std::max(above, TRY(last_of_predecessor(database, request, person)));
  if (const auto since = parameters.number("since")) {
    const ports::Instant moment{std::chrono::milliseconds(*since)};
    above = std::max(above, TRY(store::last_audit_before(database, moment)));
  }
  if (after) return store::list_audit_after(database, above, limit + 1, person);
  const std::int64_t before = parameters.number("before").value_or(0);  // 0: from the end
  return store::list_audit(database, before, limit + 1, person, above);
}

}  // namespace

Result<Reply> list_audit(const Request& request) {
  const Parameters& parameters = request.parameters;
  if (parameters.number("after") && parameters.number("before")) {
    return Reply(invalid_parameter("after", "not together with before"));
  }
  const std::int64_t limit = parameters.number("limit").value_or(kDefaultPage);
  return request.context.store.read([&](store::Database& database) -> Result<Reply> {
    Page page(limit);
    bool more = false;
    for (const auto& record : TRY(records(database, request, limit))) {
      more = !TRY(page.add(audit_json(record)));
      if (more) break;
    }
    ReplyOk reply;
    reply.parameters["records"] = page.take_rows();
    // Of somebody deleted there are records; without any, a name nobody has is a mistyped one.
    const bool from_the_end = !parameters.number("after") && !parameters.number("before");
    const bool of_somebody = parameters.optional_text("name").has_value();
    if (from_the_end && of_somebody && reply.parameters["records"].empty()) {
      TRY(person_named(database, request));
    }
    reply.parameters["more"] = more;
    return Reply(std::move(reply));
  });
}

Result<Reply> verify_audit(const Request& request) {
  // At once, so that whoever signs in meanwhile does not wait for a reader.
  constexpr std::int64_t kRecordsAtOnce = 1000;
  store::ChainCheck check;
  do {
    check = TRY(request.context.store.read([&](store::Database& database) {
      return store::check_chain(database, check, kRecordsAtOnce);
    }));
  } while (!check.ended());
  ReplyOk reply;
  if (check.broken) reply.parameters["first_broken"] = *check.broken;
  return Reply(std::move(reply));
}

}  // namespace usher::admin
