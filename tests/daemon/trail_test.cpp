// The words of an audit record's steps.
#include "daemon/trail.hpp"

#include <gtest/gtest.h>

#include <set>

namespace usher::daemon {
namespace {

TEST(Trail, IsReadBackAsItWasNoted) {
  Trail trail;
  trail.note(Step::front_end, "sshd");
  trail.note(Step::password_wrong);
  trail.note(Step::wrong_passwords, std::int64_t{3});
  EXPECT_EQ(trail.text(), "front-end=sshd password-wrong wrong-passwords=3");
  const std::vector<Noted> noted = read_trail(trail.text());
  ASSERT_EQ(noted.size(), 3U);
  EXPECT_EQ(noted[0].step, Step::front_end);
  EXPECT_EQ(noted[0].value, "sshd");
  EXPECT_EQ(noted[1].step, Step::password_wrong);
  EXPECT_EQ(noted[1].value, "");
  EXPECT_EQ(noted[2].value, "3");
}

TEST(Trail, LeavesOutWordsItDoesNotKnow) {
  const std::vector<Noted> noted = read_trail("from-the-future=1 password-right  =x password-righ");
  ASSERT_EQ(noted.size(), 1U);
  EXPECT_EQ(noted[0].step, Step::password_right);
  EXPECT_TRUE(read_trail("").empty());
}

TEST(Trail, NamesHoldNothingThatCouldBeAnotherWord) {
  Trail trail;
  trail.note(Step::front_end, "a b=c\n\"d");
  EXPECT_EQ(trail.text(), "front-end=a?b?c??d");
  Trail cut;
  cut.note(Step::front_end, std::string(1000, 'x'));
  EXPECT_EQ(cut.text().size(), std::string("front-end=").size() + 64);
}

TEST(Trail, IsNeverLongerThanARecordMayHold) {
  Trail trail;
  for (int i = 0; i < 1000; ++i) trail.note(Step::factor_wrong, std::string(64, 'x'));
  const std::size_t two_words = std::string("front-end= started-by= ").size() + 64 + 64;
  EXPECT_LE(trail.text().size() + two_words, 1024U);
  for (const Noted& noted : read_trail(trail.text())) EXPECT_EQ(noted.value.size(), 64U);
}

TEST(Trail, HasAWordOfItsOwnForEachStep) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kSteps; ++i) {
    const auto step = static_cast<Step>(i);
    names.insert(name_of(step));
    EXPECT_EQ(name_of(step).find_first_of(" ="), std::string_view::npos);
    EXPECT_EQ(shown_as(step) == Shown::as_time, step == Step::refused_until);
  }
  EXPECT_EQ(names.size(), kSteps);
}

}  // namespace
}  // namespace usher::daemon
