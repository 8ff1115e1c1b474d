// Account is a conversation of its own: whether it belongs to the sign-in in which something was
// done is told by the door, the host and the time.
#include "daemon/sign_in/news.hpp"

#include <algorithm>

#include "daemon/letters/value.hpp"
#include "daemon/notices/tell.hpp"
#include "daemon/store/news.hpp"
#include "daemon/store/organisations.hpp"
#include "daemon/texts/events.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using letters::Variable;
using store::Database;
using store::News;
using texts::Text;

// What is more than these is a number.
constexpr std::size_t kLines = 5;
// sshd's LoginGraceTime: no sign-in takes longer.
constexpr std::chrono::minutes kOneSignIn{2};
// Said at every session of whoever proves nothing here, sftp's among them, which shows none of it.
constexpr std::chrono::days kSaidAgain{7};

bool is_recent(const Context& c, ports::Instant at) {
  const ports::Instant now = c.services.clock.now();
  return at <= now && now - at < kOneSignIn;
}

bool is_of_this_sign_in(const Context& c, const News& news) {
  const bool here = news.service == c.facts.service && news.origin == c.facts.rhost;
  return news.by.empty() && (here || news.service.empty()) && is_recent(c, news.at);
}

// As a letter would have it: a host's name is chosen by whoever owns the address.
Result<std::string> cleaned(texts::Language language, Variable variable, std::string_view text) {
  return std::string(TRY(letters::read_as(language, {variable, text})).view());
}

Result<std::string> place_of(texts::Language language, const News& news) {
  std::string place;
  if (!news.service.empty()) {
    place += ", " + TRY(cleaned(language, Variable::service, news.service));
  }
  if (!news.origin.empty()) {
    const std::string origin = TRY(cleaned(language, Variable::origin, news.origin));
    place += texts::fill(language, Text::news_from, fmt::arg("origin", origin));
  }
  if (!news.by.empty()) {
    const std::string by = TRY(cleaned(language, Variable::by, news.by));
    place += texts::fill(language, Text::news_by, fmt::arg("by", by));
  }
  return place;
}

// "New password: 22 November 2026, 20:41 (UTC+01:00), sshd, from 192.0.2.7"
Result<std::string> line_of(const Context& c, texts::Language language, const News& news) {
  const auto words = texts::event_named(language, news.event);
  if (!words) return Error(Errc::unsupported, "an event of another version");
  const std::string when =
      TRY(letters::written(language, notices::moment_of(c.services.clock, news.at)));
  return texts::fill(language, Text::news_line, fmt::arg("event", *words), fmt::arg("time", when)) +
         TRY(place_of(language, news));
}

// A clock that was ahead makes nothing unread for ever.
bool is_worn(const Context& c, ports::Instant at) {
  const ports::Instant now = c.services.clock.now();
  return at > now || now - at > kSaidAgain;
}

}  // namespace

Result<std::string> take_news(const Context& c, Database& database,
                              const store::PersonRecord& person) {
  std::vector<News> news = TRY(store::list_news(database, person.id));
  std::erase_if(news, [&](const News& one) { return is_of_this_sign_in(c, one); });
  if (news.empty()) return std::string();
  const texts::Language language = person.language.value_or(c.services.config.language);
  std::string told(texts::of(language, Text::news));
  std::size_t lines = 0;
  std::int64_t more = 0;
  const bool proven = has_just_proven(c, person);
  for (const News& one : news) {
    if (proven || is_worn(c, one.at)) TRY(store::mark_news_read(database, one.id));
    // What has no words, or no date that could be written, still happened; and keeps nobody out.
    const Result<std::string> line = line_of(c, language, one);
    const bool shown = line.has_value() && lines < kLines;
    more += shown ? one.times - 1 : one.times;
    if (!shown) continue;
    ++lines;
    told += "\n - " + *line;
  }
  if (more > 0) {
    told += "\n - " + texts::fill(language, Text::news_more, fmt::arg("count", more));
  }
  const auto theirs = TRY(store::list_organisations_of(database, person.id));
  const std::string_view support =
      texts::support_in(language, store::support_of(theirs, c.services.config.support));
  return told + "\n" + texts::fill(language, Text::news_not_you, fmt::arg("support", support));
}

bool has_just_proven(const Context& c, const store::PersonRecord& person) {
  return person.last_proven && is_recent(c, *person.last_proven);
}

}  // namespace usher::sign_in
