// The account_news table: what happened to an account, and whether its owner read it at a sign-in.
#pragma once

#include "daemon/store/people.hpp"

namespace usher::store {

enum class NewsId : std::int64_t {};

// The texts are cut to what the columns hold.
struct News {
  NewsId id{};  // set by the store
  std::string event{};
  ports::Instant at{};
  std::string service{};
  std::string origin{};
  std::string by{};
  std::int64_t times = 1;  // how many events it stands for
};

// More than are shown at once, and few enough for whoever makes news on purpose.
inline constexpr std::int64_t kMaxNews = 20;

Result<void> add_news(Database& database, PersonId person, const News& news);
// What was not read yet, newest first.
Result<std::vector<News>> list_news(Database& database, PersonId person);
Result<void> mark_news_read(Database& database, NewsId id);

struct Told {
  std::string_view event;
  std::optional<std::string_view> origin;  // none: from wherever
};
// How often, read or not, after `since` and not later than `now`; of more than kMaxNews, no more.
Result<std::int64_t> count_told(Database& database, PersonId person, const Told& told,
                                ports::Instant since, ports::Instant now);
Result<void> delete_news(Database& database, PersonId person);

}  // namespace usher::store
