// The merge, as tables: which sources apply, who wins, and what the presets are.
#include "daemon/policy/policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace usher::policy {
namespace {

using std::chrono::days;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Settings base(bool factor_required = true) {
  Settings settings = settings_of(Preset::nist);
  settings.factor_required = factor_required;
  return settings;
}

Source everybody(const std::string& name, const Settings& settings) {
  return {.name = name, .settings = settings};
}
Source of_organisation(const std::string& whom, const Settings& settings) {
  return {.name = whom, .scope = Scope::organisation, .whom = whom, .settings = settings};
}
Source of_group(const std::string& whom, std::int64_t priority, const Settings& settings) {
  return {.name = whom,
          .scope = Scope::group,
          .whom = whom,
          .priority = priority,
          .settings = settings};
}

TEST(Preset, NistIsTheDefaultAndAsksForNoClasses) {
  const Policy policy = merge(base(), {}, {});
  EXPECT_EQ(policy.password.min_length, 8U);
  EXPECT_EQ(merge(base(false), {}, {}).password.min_length, 15U);
  EXPECT_EQ(policy.password.max_length, 400U);
  EXPECT_FALSE(policy.password.needs_lower || policy.password.needs_upper ||
               policy.password.needs_digit || policy.password.needs_special);
  EXPECT_EQ(policy.password.history, 10U);
  EXPECT_EQ(policy.password.min_age, days(0));
  EXPECT_EQ(policy.password.max_age, days(0));
  EXPECT_EQ(name_of(Preset::nist), "nist");
}

TEST(Preset, M8_G25_ClassicIsEightTo400AllClassesAndTenPasswords) {
  for (const bool factor_required : {true, false}) {
    Settings settings = settings_of(Preset::classic);
    settings.factor_required = factor_required;
    const PasswordRules rules = merge(settings, {}, {}).password;
    EXPECT_EQ(rules.min_length, 8U);
    EXPECT_EQ(rules.max_length, 400U);
    EXPECT_TRUE(rules.needs_lower && rules.needs_upper && rules.needs_digit && rules.needs_special);
    EXPECT_EQ(rules.history, 10U);
    EXPECT_EQ(rules.max_age, days(0));
  }
  EXPECT_EQ(name_of(Preset::classic), "classic");
}

TEST(Preset, GivesWayToWhatTheFileSaysItself) {
  const Settings own{.min_length = MinLength{.number = 12}, .needs_special = false, .history = 3};
  const Settings all = over(own, settings_of(Preset::classic));
  EXPECT_EQ(all.min_length, MinLength{.number = 12});
  EXPECT_EQ(all.needs_special, false);
  EXPECT_EQ(all.history, 3U);
  EXPECT_EQ(all.needs_digit, true);
}

TEST(Merge, AppliesToWhomASourceIsFor) {
  const std::vector<Source> sources = {of_group("staff", 5, {}),    everybody("house", {}),
                                       of_group("admins", 9, {}),   of_organisation("acme", {}),
                                       of_organisation("beta", {}), of_group("temps", 5, {})};
  EXPECT_THAT(merge(base(), sources, {}).sources, ElementsAre("house"));
  EXPECT_THAT(merge(base(), sources, {{"acme"}, {}}).sources, ElementsAre("house", "acme"));
  // Groups by rising priority, then by name; a group is no organisation of that name.
  EXPECT_THAT(
      merge(base(), sources, {{"beta", "acme"}, {"admins", "temps", "staff", "acme"}}).sources,
      ElementsAre("house", "acme", "beta", "staff", "temps", "admins"));
  EXPECT_THAT(merge(base(), {}, {{"acme"}, {"staff"}}).sources, IsEmpty());
}

TEST(Merge, G26_AnOrganisationSetsItsOwnLimits) {
  const std::vector<Source> sources = {
      of_organisation("acme", {.min_length = MinLength{.number = 10}, .history = 4})};
  const Policy acme = merge(base(false), sources, {{"acme"}, {}});
  EXPECT_EQ(acme.password.min_length, 10U);
  EXPECT_EQ(acme.password.history, 4U);
  // Others keep theirs.
  EXPECT_EQ(merge(base(false), sources, {{"beta"}, {}}).password.min_length, 15U);
}

struct Floor {
  const char* what;
  Settings one, other, strictest;
};

TEST(Merge, G26_TheStrictestWinsOfSecurityFloors) {
  const MinLength ten{.number = 10}, twelve{.number = 12}, automatic{.automatic = true};
  const Floor floors[] = {
      {"length", {.min_length = ten}, {.min_length = twelve}, {.min_length = twelve}},
      {"auto", {.min_length = ten}, {.min_length = automatic}, {.min_length = MinLength{10, true}}},
      {"lower", {.needs_lower = false}, {.needs_lower = true}, {.needs_lower = true}},
      {"upper", {.needs_upper = false}, {.needs_upper = true}, {.needs_upper = true}},
      {"digit", {.needs_digit = false}, {.needs_digit = true}, {.needs_digit = true}},
      {"special", {.needs_special = false}, {.needs_special = true}, {.needs_special = true}},
      {"history", {.history = 3}, {.history = 5}, {.history = 5}},
      {"least age", {.min_age = days(1)}, {.min_age = days(2)}, {.min_age = days(2)}},
      {"age", {.max_age = days(90)}, {.max_age = days(30)}, {.max_age = days(30)}},
      {"no age", {.max_age = days(0)}, {.max_age = days(30)}, {.max_age = days(30)}},
      {"disuse",
       {.inactive_after = days(0)},
       {.inactive_after = days(20)},
       {.inactive_after = days(20)}},
      {"factor", {.factor_required = false}, {.factor_required = true}, {.factor_required = true}},
  };
  const Memberships both{{"acme"}, {"staff"}};
  for (const Floor& row : floors) {
    const std::vector<Source> alone = {of_organisation("acme", row.strictest)};
    const Policy wanted = merge(base(false), alone, both);
    for (const bool swapped : {false, true}) {
      const std::vector<Source> two = {of_organisation("acme", swapped ? row.other : row.one),
                                       of_group("staff", 1, swapped ? row.one : row.other)};
      const Policy merged = merge(base(false), two, both);
      EXPECT_EQ(merged.password.min_length, wanted.password.min_length) << row.what;
      EXPECT_EQ(merged.password.needs_lower, wanted.password.needs_lower) << row.what;
      EXPECT_EQ(merged.password.needs_upper, wanted.password.needs_upper) << row.what;
      EXPECT_EQ(merged.password.needs_digit, wanted.password.needs_digit) << row.what;
      EXPECT_EQ(merged.password.needs_special, wanted.password.needs_special) << row.what;
      EXPECT_EQ(merged.password.history, wanted.password.history) << row.what;
      EXPECT_EQ(merged.password.min_age, wanted.password.min_age) << row.what;
      EXPECT_EQ(merged.password.max_age, wanted.password.max_age) << row.what;
      EXPECT_EQ(merged.inactive_after, wanted.inactive_after) << row.what;
      EXPECT_EQ(merged.factor_required, wanted.factor_required) << row.what;
    }
  }
}

TEST(Merge, TheGroupWithTheHighestPriorityWinsOfTheRest) {
  const std::vector<Source> sources = {of_group("high", 9, {.max_length = 100}),
                                       of_group("low", 1, {.max_length = 200}),
                                       of_organisation("acme", {.max_length = 300})};
  EXPECT_EQ(merge(base(), sources, {{"acme"}, {"low", "high"}}).password.max_length, 100U);
  EXPECT_EQ(merge(base(), sources, {{"acme"}, {"low"}}).password.max_length, 200U);
  EXPECT_EQ(merge(base(), sources, {{"acme"}, {}}).password.max_length, 300U);
}

TEST(Merge, WordsAddUp) {
  Settings house = base();
  house.words = {"house"};
  const std::vector<Source> sources = {everybody("all", {.words = {{"rocket"}}}),
                                       of_organisation("acme", {.words = {{"anvil"}}})};
  EXPECT_THAT(merge(house, sources, {{"acme"}, {}}).words, ElementsAre("rocket", "anvil", "house"));
  EXPECT_THAT(merge(house, sources, {}).words, ElementsAre("rocket", "house"));
  EXPECT_THAT(merge(house, {}, {}).words, ElementsAre("house"));
}

TEST(Merge, AutoFollowsTheFactorThatHoldsForThePerson) {
  const std::vector<Source> sources = {of_group("staff", 1, {.factor_required = true}),
                                       of_group("temps", 1, {.factor_required = false})};
  EXPECT_EQ(merge(base(false), sources, {{}, {"staff"}}).password.min_length, 8U);
  EXPECT_EQ(merge(base(false), sources, {}).password.min_length, 15U);
  EXPECT_EQ(merge(base(true), sources, {{}, {"temps"}}).password.min_length, 15U);
  EXPECT_EQ(merge(base(true), sources, {{}, {"temps", "staff"}}).password.min_length, 8U);
}

TEST(Merge, KeepsTheLongestHistoryAnybodyMayNeed) {
  const std::vector<Source> sources = {of_group("staff", 1, {.history = 12}),
                                       of_organisation("acme", {.history = 2})};
  EXPECT_EQ(longest_history(base(), sources), 12U);
  EXPECT_EQ(longest_history(base(), {}), 10U);
}

}  // namespace
}  // namespace usher::policy
