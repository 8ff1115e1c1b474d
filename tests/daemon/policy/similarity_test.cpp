// What counts as the old password with a small change, case by case; and what is another one.
#include "daemon/policy/similarity.hpp"

#include <gtest/gtest.h>

#include <string>

namespace usher::policy {
namespace {

bool similar(std::string_view fresh, std::string_view old) {
  return is_similar(Secret::copy(fresh).release_value(), Secret::copy(old).release_value());
}

struct Case {
  const char* what;
  const char* fresh;
  const char* old;
};

constexpr Case kSimilar[] = {
    {"another case", "GREEN KITES FLY", "green kites fly"},
    {"another width", "\uff47\uff52\uff45\uff45\uff4e kites fly", "green kites fly"},
    {"backwards", "ylf setik neerg", "green kites fly"},
    {"something before", "my old green kites fly here now", "green kites"},
    {"a piece of it", "green kites", "so many green kites fly over the bay"},
    {"another number", "harbour2025x", "harbour1x"},
    {"a number inside", "har3bour", "harbour"},
    {"numbers gone", "harbour", "2har0bour25"},
    {"two letters of eight", "harbaurs", "harbourz"},
    {"a letter more", "green kitess fly", "green kites fly"},
    {"an accent", "gr\u00e9en kites", "green kites"},
};

constexpr Case kDifferent[] = {
    {"another phrase", "seven blue stones", "green kites fly"},
    {"three letters of eight", "harxxxrz", "harbourz"},
    {"a short part in common", "abc and more words", "abc"},
    {"only digits, all of them other", "20250101", "97314862"},
    {"the same letters in another order", "stone blue seven", "seven blue stone"},
};

TEST(Similarity, FindsTheOldPasswordUnderASmallChange) {
  for (const Case& row : kSimilar) {
    EXPECT_TRUE(similar(row.fresh, row.old)) << row.what;
    EXPECT_TRUE(similar(row.old, row.fresh)) << row.what << ", the other way round";
  }
}

TEST(Similarity, LeavesAnotherPasswordAlone) {
  for (const Case& row : kDifferent) {
    EXPECT_FALSE(similar(row.fresh, row.old)) << row.what;
    EXPECT_FALSE(similar(row.old, row.fresh)) << row.what << ", the other way round";
  }
}

TEST(Similarity, HoldsOfNothingThatIsEmptyOrNoText) {
  EXPECT_FALSE(similar("", "green kites"));
  EXPECT_FALSE(similar("green kites", ""));
  EXPECT_FALSE(similar("green kites", "\xff"));
  EXPECT_FALSE(similar("\xff", "green kites"));
}

}  // namespace
}  // namespace usher::policy
