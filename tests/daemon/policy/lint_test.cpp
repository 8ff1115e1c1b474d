// Each row of the table speaks where it must, and the preset the standards want is silent.
#include "daemon/policy/lint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace usher::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> keys(const Policy& policy, BreachList breaches = BreachList::present) {
  std::vector<std::string> keys;
  for (const Finding& finding : lint(policy, breaches)) {
    EXPECT_FALSE(finding.standard.empty() || finding.says.empty());
    keys.emplace_back(finding.key);
  }
  return keys;
}

Policy nist(bool factor_required = true) {
  Settings settings = settings_of(Preset::nist);
  settings.factor_required = factor_required;
  return merge(settings, {}, {});
}

TEST(Lint, IsSilentAboutThePresetTheStandardsWant) {
  EXPECT_THAT(keys(nist()), IsEmpty());
}

TEST(Lint, G25_SaysWhatClassicCosts) {
  Settings settings = settings_of(Preset::classic);
  settings.factor_required = false;
  EXPECT_THAT(keys(merge(settings, {}, {}), BreachList::none),
              ElementsAre("password.min_length", "password.needs_lower, _upper, _digit, _special",
                          "mfa.required", "password.breach_filter"));
}

TEST(Lint, SpeaksOfEachSettingAlone) {
  const struct {
    const char* key;
    void (*spoil)(Policy& policy);
  } rows[] = {
      {"password.min_length", [](Policy& p) { p.password.min_length = 7; }},
      {"password.needs_lower, _upper, _digit, _special",
       [](Policy& p) { p.password.needs_lower = true; }},
      {"password.needs_lower, _upper, _digit, _special",
       [](Policy& p) { p.password.needs_upper = true; }},
      {"password.needs_lower, _upper, _digit, _special",
       [](Policy& p) { p.password.needs_digit = true; }},
      {"password.needs_lower, _upper, _digit, _special",
       [](Policy& p) { p.password.needs_special = true; }},
      {"password.max_age_days", [](Policy& p) { p.password.max_age = std::chrono::days(90); }},
      {"password.min_age_days", [](Policy& p) { p.password.min_age = std::chrono::days(1); }},
  };
  for (const auto& row : rows) {
    Policy policy = nist();
    row.spoil(policy);
    EXPECT_THAT(keys(policy), ElementsAre(row.key));
  }
  EXPECT_THAT(keys(nist(false)), ElementsAre("mfa.required"));
  EXPECT_THAT(keys(nist(), BreachList::none), ElementsAre("password.breach_filter"));
}

}  // namespace
}  // namespace usher::policy
