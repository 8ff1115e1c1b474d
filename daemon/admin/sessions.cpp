// The order matters: ended before the change, the person would sign in again in between; after it
// is published that somebody is deleted, usher-reaper would know them no more.
#include "daemon/admin/sessions.hpp"

#include "daemon/store/audit.hpp"

namespace usher::admin {
namespace {

using protocol::reaper::Ended;
using protocol::reaper::Which;
using store::Database;
using store::PersonRecord;

// None: no session ends.
std::optional<protocol::reaper::Request> wish_of(const Request& request, SessionsEnd unsaid,
                                                 Uid uid) {
  const std::string_view fallback = unsaid == SessionsEnd::where_said ? "none" : "all";
  const auto said = request.parameters.optional_text("sessions");
  const std::string_view which = said ? std::string_view(*said) : fallback;
  if (which == "none") return std::nullopt;
  if (which == "all") return protocol::reaper::Request{uid, Which::all, {}};
  return protocol::reaper::Request{uid, Which::others, request.parameters.text("keep")};
}

std::string detail_of(const Ended& ended) {
  return "sessions ended: " + std::to_string(ended.sessions) +
         ", processes outside of any: " + std::to_string(ended.outside);
}

// A record of its own: the change's was written before anybody knew.
Result<void> record(const Request& request, std::string_view person, const Result<Ended>& ended) {
  store::AuditRecord record;
  record.at = request.now;
  record.request = request.id;
  record.operation = "admin.EndSessions";
  record.outcome = ended ? "accept" : "error";
  record.reason = ended ? request.by : name_of(ended.error().code());
  record.person = person;
  record.peer_uid = static_cast<std::int64_t>(request.peer.uid.number);
  record.detail = ended ? detail_of(*ended) : std::string(ended.error().text());
  return request.context.store.write([&](Database& database) -> Result<void> {
    TRY(store::append_audit(database, record));
    return {};
  });
}

void say(Json& parameters, const Result<Ended>& ended) {
  if (ended) {
    parameters["sessions_ended"] = ended->sessions;
    parameters["processes_outside"] = ended->outside;
  } else {
    parameters["sessions_not_ended"] = ended.error().text();
  }
}

void end_sessions(const Request& request, const PersonRecord& person,
                  const protocol::reaper::Request& wish, ReplyOk& reply) {
  AdminContext& context = request.context;
  const Result<Ended> ended = context.sessions.end(wish);
  say(reply.parameters, ended);
  if (!ended) context.log.failed("EndSessions", ended.error());
  const Result<void> recorded = record(request, person.name.view(), ended);
  if (!recorded) context.log.failed("EndSessions", recorded.error().in("recording it"));
}

}  // namespace

Result<Reply> change_and_end_sessions(const Request& request, SessionsEnd unsaid,
                                      const Change& change) {
  std::optional<PersonRecord> person;
  auto changed = request.context.store.write([&](Database& database) -> Result<Reply> {
    person = TRY(person_named(database, request));
    return change(database, *person);
  });
  auto* ok = changed ? std::get_if<ReplyOk>(&*changed) : nullptr;
  if (ok == nullptr) return changed;
  const auto wish = wish_of(request, unsaid, person->uid);
  if (wish) end_sessions(request, *person, *wish, *ok);
  return changed;
}

}  // namespace usher::admin
