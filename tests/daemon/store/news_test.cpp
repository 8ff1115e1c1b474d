// News in the store: how much of it is kept, and that none of it is lost from the count.
#include "daemon/store/news.hpp"

#include "daemon/store/warnings.hpp"
#include "tests/daemon/store/fixture.hpp"

namespace usher::store {
namespace {

class NewsOfAPerson : public Tables {
 protected:
  void SetUp() override { ada_ = add("ada").id; }
  void happens(std::string_view event, ports::Instant at = kNow) {
    ASSERT_OK(add_news(database_, ada_, {.event = std::string(event), .at = at}));
  }
  PersonId ada_{};
};

TEST_F(NewsOfAPerson, IsListedNewestFirst) {
  happens("password-changed");
  happens("factor-added");
  const auto news = *list_news(database_, ada_);
  ASSERT_EQ(news.size(), 2U);
  EXPECT_EQ(news[0].event, "factor-added");
  EXPECT_EQ(news[1].event, "password-changed");
}

TEST_F(NewsOfAPerson, IsBoundedAndCountsWhatItLeavesOut) {
  happens("password-changed");
  for (int i = 0; i < 99; ++i) happens("factor-added");
  const auto news = *list_news(database_, ada_);
  ASSERT_EQ(std::ssize(news), kMaxNews);
  std::int64_t events = 0;
  for (const News& one : news) events += one.times;
  EXPECT_EQ(events, 100);
}

TEST_F(NewsOfAPerson, IsCutToWhatTheTableHolds) {
  ASSERT_OK(add_news(database_, ada_,
                     {.event = "password-changed",
                      .at = kNow,
                      .service = std::string(300, 's'),
                      .origin = std::string(300, 'o'),
                      .by = std::string(300, 'b')}));
  const News news = list_news(database_, ada_)->front();
  EXPECT_EQ(news.service.size(), 64U);
  EXPECT_EQ(news.origin.size(), 254U);
  EXPECT_EQ(news.by.size(), 64U);
}

TEST_F(NewsOfAPerson, WasToldWhereAndWhenItHappened) {
  const std::string origin(300, 'o');
  ASSERT_OK(
      add_news(database_, ada_, {.event = "second-factor-failed", .at = kNow, .origin = origin}));
  const auto was = [&](std::optional<std::string_view> from, ports::Instant since,
                       ports::Instant now) {
    return *count_told(database_, ada_, {"second-factor-failed", from}, since, now) == 1;
  };
  EXPECT_TRUE(was(std::nullopt, kNow - kMinute, kNow));
  EXPECT_TRUE(was(origin, kNow - kMinute, kNow)) << "cut as the row is";
  EXPECT_FALSE(was("elsewhere", kNow - kMinute, kNow));
  EXPECT_FALSE(was("", kNow - kMinute, kNow)) << "the console is a place, too";
  EXPECT_FALSE(was(origin, kNow, kNow + kMinute));
  EXPECT_FALSE(was(origin, kNow - 2 * kMinute, kNow - kMinute)) << "the clock was set back";
}

TEST_F(NewsOfAPerson, IsReadOnceAndRememberedForAWhile) {
  happens("password-changed");
  happens("factor-added");
  ASSERT_OK(mark_news_read(database_, list_news(database_, ada_)->back().id));
  ASSERT_EQ(list_news(database_, ada_)->size(), 1U);
  EXPECT_EQ(list_news(database_, ada_)->front().event, "factor-added");
  const auto was_told_of = [&](std::string_view event) {
    return *count_told(database_, ada_, {event, std::nullopt}, kNow - kMinute, kNow) == 1;
  };
  EXPECT_TRUE(was_told_of("password-changed"));
  // What is read counts for nothing that is shown, and gives its place up.
  for (std::int64_t i = 0; i < kMaxNews; ++i) happens("factor-added");
  EXPECT_FALSE(was_told_of("password-changed"));
  std::int64_t events = 0;
  const auto unread = *list_news(database_, ada_);
  for (const News& one : unread) events += one.times;
  EXPECT_EQ(events, kMaxNews + 1);
}

TEST_F(NewsOfAPerson, GoesWithThem) {
  happens("password-changed");
  ASSERT_TRUE(*put_breach_warning(database_, ada_, kNow));
  ASSERT_OK(set_person_state(database_, ada_, PersonState::deleted, ""));
  EXPECT_TRUE(list_news(database_, ada_)->empty());
  EXPECT_TRUE(*put_breach_warning(database_, ada_, kNow)) << "the mark is gone";
}

TEST_F(NewsOfAPerson, OfABreachedPasswordIsOneAPassword) {
  EXPECT_TRUE(*put_breach_warning(database_, ada_, kNow));
  EXPECT_FALSE(*put_breach_warning(database_, ada_, kNow));
  EXPECT_TRUE(*put_breach_warning(database_, ada_, kNow + kMinute));
}

}  // namespace
}  // namespace usher::store
