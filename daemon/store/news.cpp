// The account_news table. Nothing unread is forgotten when it is full, but how the oldest came
// about.
#include "daemon/store/news.hpp"

#include "daemon/store/columns.hpp"

namespace usher::store {
namespace {

constexpr std::size_t kMostOfAField = 64;
constexpr std::size_t kMostOfAnOrigin = 254;

std::int64_t number_of(NewsId id) {
  return static_cast<std::int64_t>(id);
}

Result<void> delete_one(Database& database, NewsId id) {
  Query query = TRY(database.query("DELETE FROM account_news WHERE id = ?"));
  return query.bind(number_of(id)).run();
}

Result<void> delete_old_read_ones(Database& database, PersonId person) {
  Query query = TRY(
      database.query("DELETE FROM account_news WHERE person = ?1 AND is_read = 1 AND id NOT IN "
                     "(SELECT id FROM account_news WHERE person = ?1 ORDER BY id DESC LIMIT ?2)"));
  return query.bind(store::number_of(person)).bind(kMaxNews).run();
}

// The oldest one's events go over to the one after it.
Result<void> make_room(Database& database, PersonId person) {
  TRY(delete_old_read_ones(database, person));
  const std::vector<News> all = TRY(list_news(database, person));
  for (auto i = std::ssize(all) - 1; i >= kMaxNews; --i) {
    const News& oldest = all[static_cast<std::size_t>(i)];
    Query query = TRY(database.query("UPDATE account_news SET times = times + ? WHERE id = ?"));
    query.bind(oldest.times).bind(number_of(all[static_cast<std::size_t>(i - 1)].id));
    TRY(query.run());
    TRY(delete_one(database, oldest.id));
  }
  return {};
}

}  // namespace

Result<void> add_news(Database& database, PersonId person, const News& news) {
  {
    Query query = TRY(database.query(
        "INSERT INTO account_news (person, event, at, service, origin, by_whom, times) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)"));
    query.bind(store::number_of(person)).bind(news.event).bind(store::number_of(news.at));
    query.bind(std::string_view(news.service).substr(0, kMostOfAField));
    query.bind(std::string_view(news.origin).substr(0, kMostOfAnOrigin));
    query.bind(std::string_view(news.by).substr(0, kMostOfAField)).bind(news.times);
    TRY(query.run());
  }
  return make_room(database, person);
}

Result<std::vector<News>> list_news(Database& database, PersonId person) {
  Query query =
      TRY(database.query("SELECT id, event, at, service, origin, by_whom, times FROM account_news "
                         "WHERE person = ? AND is_read = 0 ORDER BY id DESC"));
  query.bind(store::number_of(person));
  std::vector<News> all;
  while (TRY(query.next())) {
    all.push_back({NewsId(query.integer(0)), query.text(1), instant_of(query.integer(2)),
                   query.text(3), query.text(4), query.text(5), query.integer(6)});
  }
  return all;
}

Result<void> mark_news_read(Database& database, NewsId id) {
  Query query = TRY(database.query("UPDATE account_news SET is_read = 1 WHERE id = ?"));
  return query.bind(number_of(id)).run();
}

Result<std::int64_t> count_told(Database& database, PersonId person, const Told& told,
                                ports::Instant since, ports::Instant now) {
  Query query =
      TRY(database.query("SELECT count(*) FROM account_news WHERE person = ? AND event = ? AND "
                         "at > ? AND at <= ? AND (? OR origin = substr(?, 1, ?))"));
  query.bind(store::number_of(person)).bind(told.event);
  query.bind(store::number_of(since)).bind(store::number_of(now));
  query.bind(std::int64_t{told.origin ? 0 : 1}).bind(told.origin.value_or(""));
  query.bind(static_cast<std::int64_t>(kMostOfAnOrigin));
  if (!TRY(query.next())) return Error(Errc::internal, "a count has no answer");
  return query.integer(0);
}

Result<void> delete_news(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM account_news WHERE person = ?"));
  return query.bind(store::number_of(person)).run();
}

}  // namespace usher::store
