// The reset_requests and resets_asked tables.
#include "daemon/store/reset_requests.hpp"

#include "daemon/store/columns.hpp"

namespace usher::store {

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
                                                       std::string_view first_origin) {
  Query query = TRY(database.query(
      "SELECT id, asked_for, origin, service, rhost, request, asked_at FROM reset_requests "
      "ORDER BY origin <> ?, id LIMIT 1"));
  query.bind(first_origin);
  if (!TRY(query.next())) return std::optional<ResetRequest>();
  return std::optional(ResetRequest{.id = query.integer(0),
                                    .asked_for = query.text(1),
                                    .origin = query.text(2),
                                    .service = query.text(3),
                                    .rhost = query.text(4),
                                    .request = query.text(5),
                                    .asked_at = instant_of(query.integer(6))});
}

Result<bool> delete_reset_request(Database& database, std::int64_t id) {
  Query query = TRY(database.query("DELETE FROM reset_requests WHERE id = ?"));
  TRY(query.bind(id).run());
  return database.changed_rows() == 1;
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

}  // namespace usher::store
