// Hours stand in the table as blobs of one byte an hour, newest first.
#include "daemon/store/tries.hpp"

#include <algorithm>

#include "daemon/store/columns.hpp"

namespace usher::store {
namespace {

std::int64_t number_of(TriesOf account) {
  return static_cast<std::int64_t>(account);
}

policy::Hours hours_of(std::string_view blob) {
  policy::Hours hours{};
  std::copy_n(blob.begin(), std::min(blob.size(), hours.size()), hours.begin());
  return hours;
}

std::string_view blob_of(const policy::Hours& hours) {
  return {reinterpret_cast<const char*>(hours.data()), hours.size()};
}

policy::Tries read_tries(const Query& row) {
  return {.hour = row.integer(0),
          .all = hours_of(row.view(1)),
          .standing = hours_of(row.view(2)),
          .strikes = row.text(3)};
}

}  // namespace

Result<policy::Tries> find_tries(Database& database, TriesOf account, std::string_view origin) {
  Query query =
      TRY(database.query("SELECT hour, every_hour, standing, strikes FROM tries "
                         "WHERE account = ? AND origin = ?"));
  query.bind(number_of(account)).bind(origin);
  if (!TRY(query.next())) return policy::Tries{};
  return read_tries(query);
}

Result<void> put_tries(Database& database, TriesOf account, std::string_view origin,
                       const policy::Tries& tries) {
  Query query = TRY(database.query(
      "INSERT INTO tries (account, origin, hour, every_hour, standing, strikes) "
      "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account, origin) DO UPDATE SET "
      "hour = excluded.hour, every_hour = excluded.every_hour, standing = excluded.standing, "
      "strikes = excluded.strikes"));
  return query.bind(number_of(account))
      .bind(origin)
      .bind(tries.hour)
      .bind_blob(blob_of(tries.all))
      .bind_blob(blob_of(tries.standing))
      .bind_blob(tries.strikes)
      .run();
}

Result<std::vector<TriesFrom>> list_tries(Database& database, PersonId person) {
  Query query =
      TRY(database.query("SELECT hour, every_hour, standing, strikes, origin FROM tries "
                         "WHERE account = ? ORDER BY origin"));
  query.bind(number_of(person));
  std::vector<TriesFrom> list;
  while (TRY(query.next())) list.push_back({query.text(4), read_tries(query)});
  return list;
}

Result<void> forgive_tries(Database& database, PersonId person) {
  Query query =
      TRY(database.query("UPDATE tries SET standing = zeroblob(25) "
                         "WHERE account = ? AND standing <> zeroblob(25)"));
  return query.bind(number_of(person)).run();
}

Result<void> delete_tries(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM tries WHERE account = ?"));
  return query.bind(number_of(person)).run();
}

Result<policy::Timepiece> read_timepiece(Database& database, const policy::ClockReading& now) {
  Query query = TRY(database.query("SELECT at, boot, since_boot, wall FROM timepiece"));
  if (!TRY(query.next())) return policy::Timepiece{policy::Span(0), now};
  const policy::Timepiece stored{policy::Span(query.integer(0)),
                                 {.boot = query.text(1),
                                  .since_boot = policy::Span(query.integer(2)),
                                  .wall = policy::Span(query.integer(3))}};
  return policy::advanced(stored, now);
}

Result<void> put_timepiece(Database& database, const policy::Timepiece& piece) {
  Query query = TRY(database.query(
      "INSERT INTO timepiece (only_row, at, boot, since_boot, wall) VALUES (1, ?, ?, ?, ?) "
      "ON CONFLICT (only_row) DO UPDATE SET at = excluded.at, boot = excluded.boot, "
      "since_boot = excluded.since_boot, wall = excluded.wall"));
  return query.bind(piece.at.count())
      .bind(piece.last.boot)
      .bind(piece.last.since_boot.count())
      .bind(piece.last.wall.count())
      .run();
}

}  // namespace usher::store
