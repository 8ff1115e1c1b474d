// The reset_requests, resets_asked and letters_asked tables.
#include "daemon/store/reset_requests.hpp"

#include "daemon/store/columns.hpp"

namespace usher::store {
namespace {

#define USHER_REQUEST_COLUMNS "id, asked_for, origin, service, rhost, request, asked_at, tries"

ResetRequest request_in(const Query& query) {
  return {.id = query.integer(0),
          .asked_for = query.text(1),
          .origin = query.text(2),
          .service = query.text(3),
          .rhost = query.text(4),
          .request = query.text(5),
          .asked_at = instant_of(query.integer(6)),
          .tries = query.integer(7)};
}

}  // namespace

Result<void> put_reset_request(Database& database, const ResetRequest& request) {
  Query query = TRY(database.query(
      "INSERT INTO reset_requests (asked_for, origin, service, rhost, request, asked_at) "
      "SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE (SELECT count(*) FROM reset_requests WHERE origin = ?2) "
      "< ?7 ON CONFLICT (asked_for, origin) DO UPDATE SET asked_at = excluded.asked_at, "
      "service = excluded.service, rhost = excluded.rhost, request = excluded.request"));
  query.bind(request.asked_for).bind(request.origin).bind(request.service).bind(request.rhost);
  query.bind(request.request).bind(number_of(request.asked_at)).bind(kMostWaiting);
  return query.run();
}

Result<std::optional<ResetRequest>> next_reset_request(Database& database,
                                                       std::string_view first_origin,
                                                       ports::Instant now) {
  Query query = TRY(
      database.query("SELECT " USHER_REQUEST_COLUMNS
                     " FROM reset_requests WHERE due_at <= ? ORDER BY origin <> ?, id LIMIT 1"));
  query.bind(number_of(now)).bind(first_origin);
  if (!TRY(query.next())) return std::optional<ResetRequest>();
  return std::optional(request_in(query));
}

Result<void> put_off_reset_request(Database& database, std::int64_t id, ports::Instant due_at) {
  Query query =
      TRY(database.query("UPDATE reset_requests SET tries = tries + 1, due_at = ? WHERE id = ?"));
  return query.bind(number_of(due_at)).bind(id).run();
}

Result<bool> delete_reset_request(Database& database, std::int64_t id) {
  Query query = TRY(database.query("DELETE FROM reset_requests WHERE id = ?"));
  TRY(query.bind(id).run());
  return database.changed_rows() == 1;
}

Result<std::vector<ResetRequest>> list_stale_reset_requests(Database& database,
                                                            ports::Instant oldest,
                                                            ports::Instant now, std::int64_t most) {
  Query query = TRY(database.query("SELECT " USHER_REQUEST_COLUMNS " FROM reset_requests "
                                   "WHERE asked_at < ? OR asked_at > ? ORDER BY id LIMIT ?"));
  query.bind(number_of(oldest)).bind(number_of(now)).bind(most);
  std::vector<ResetRequest> stale;
  while (TRY(query.next())) stale.push_back(request_in(query));
  return stale;
}

Result<std::int64_t> count_resets(Database& database, PersonId person, std::string_view origin,
                                  policy::Span since) {
  Query query = TRY(database.query(
      "SELECT count(*) FROM resets_asked WHERE person = ? AND origin = ? AND at > ?"));
  query.bind(number_of(person)).bind(origin).bind(since.count());
  if (!TRY(query.next())) return Error(Errc::internal, "a count has no answer");
  return query.integer(0);
}

Result<void> note_reset(Database& database, PersonId person, std::string_view origin,
                        policy::Span at, policy::Span forget) {
  {
    Query query =
        TRY(database.query("DELETE FROM resets_asked WHERE person = ? AND origin = ? AND at <= ?"));
    TRY(query.bind(number_of(person)).bind(origin).bind(forget.count()).run());
  }
  Query query =
      TRY(database.query("INSERT INTO resets_asked (person, origin, at) VALUES (?, ?, ?)"));
  return query.bind(number_of(person)).bind(origin).bind(at.count()).run();
}

Result<void> delete_resets(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM resets_asked WHERE person = ?"));
  return query.bind(number_of(person)).run();
}

Result<std::int64_t> count_letters(Database& database, std::string_view whose,
                                   std::string_view origin, policy::Span since) {
  Query query = TRY(database.query(
      "SELECT count(*) FROM letters_asked WHERE whose = ? AND origin = ? AND at > ?"));
  query.bind(whose).bind(origin).bind(since.count());
  if (!TRY(query.next())) return Error(Errc::internal, "a count has no answer");
  return query.integer(0);
}

Result<void> note_letter(Database& database, std::string_view whose, std::string_view origin,
                         policy::Span at, policy::Span forget) {
  {
    Query query = TRY(database.query("DELETE FROM letters_asked WHERE at <= ?"));
    TRY(query.bind(forget.count()).run());
  }
  Query query =
      TRY(database.query("INSERT INTO letters_asked (whose, origin, at) VALUES (?, ?, ?)"));
  return query.bind(whose).bind(origin).bind(at.count()).run();
}

}  // namespace usher::store
