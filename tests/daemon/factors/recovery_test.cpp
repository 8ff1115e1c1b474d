// Recovery codes as they are made, shown and typed.
#include "daemon/factors/recovery.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "daemon/factors/device_name.hpp"
#include "daemon/factors/factor.hpp"
#include "tests/fakes/entropy.hpp"

namespace usher::factors {
namespace {

std::string parsed(std::string_view typed) {
  const auto digits = parse_recovery_code(typed);
  EXPECT_TRUE(digits.has_value());
  return *digits ? std::string((**digits).view()) : "";
}

TEST(RecoveryCode, G16_Has64BitsInFourGroups) {
  fakes::SeededEntropy entropy;
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const Secret code = make_recovery_code(entropy).release_value();
    ASSERT_EQ(code.size(), 19U);
    EXPECT_EQ(parsed(code.view()).size(), 16U);
    EXPECT_TRUE(seen.insert(std::string(code.view())).second);
  }
}

TEST(RecoveryCode, IsReadAsPeopleType) {
  for (const char* typed : {"3f9a-02bc-77d1-e05b", "3F9A02BC77D1E05B", "3f9a 02bc 77d1 e05b",
                            " 3f9a-o2bc-77dl-eO5b", "3f9a-02bc-77dI-e05b-"}) {
    EXPECT_EQ(parsed(typed), "3f9a02bc77d1e05b") << typed;
  }
  for (const char* typed : {"", "123456", "3f9a-02bc-77d1-e05", "3f9a-02bc-77d1-e05b0",
                            "3f9a-02bc-77d1-e05g", "7K3M-9QPD-XW2R", "seven green kites"}) {
    EXPECT_EQ(parsed(typed), "") << typed;
  }
}

TEST(RecoveryCode, IsKnownAloneHoweverItIsTyped) {
  EXPECT_TRUE(recovery_factor.is_code("3F9A 02BC 77D1 EO5B"));
  EXPECT_FALSE(recovery_factor.is_code("123456"));
  EXPECT_FALSE(recovery_factor.is_code(""));
}

TEST(RecoveryCode, IsFoundBehindAPasswordOnlyAsItIsShown) {
  const auto at_end = [](std::string_view answer) { return recovery_factor.code_at_end(answer); };
  EXPECT_EQ(at_end("seven green kites3f9a-02bc-77d1-e05b"), 19U);
  EXPECT_EQ(at_end("seven green kites3f9a02bc77d1e05b"), 0U);
  EXPECT_EQ(at_end("seven green kites123456"), 0U);
  EXPECT_EQ(at_end("3f9a02bc77d1e05b"), 0U);
  EXPECT_EQ(at_end("cold office123456"), 0U) << "a password of such letters, and the app's code";
  EXPECT_EQ(at_end("3f9a-02bc-77d1-e05b"), 19U) << "all of it";
  EXPECT_EQ(at_end(""), 0U);
}

store::FactorRecord enrolled(int id, const std::string& label) {
  store::FactorRecord factor;
  factor.id = store::FactorId{id};
  factor.kind = "totp";
  factor.label = label;
  return factor;
}

TEST(DeviceName, G18_IsTextThatNoOtherDeviceHas) {
  const std::vector<store::FactorRecord> devices{enrolled(1, "phone"), enrolled(2, "tablet")};
  EXPECT_EQ(fault_of("watch", devices), std::nullopt);
  std::string long_name;
  for (int i = 0; i < 40; ++i) long_name += "\u00e9";
  EXPECT_EQ(fault_of(long_name, devices), std::nullopt) << "40 letters, 80 bytes";
  EXPECT_EQ(fault_of(long_name + "e", devices), NameFault::not_usable);
  EXPECT_EQ(fault_of("phone", devices), NameFault::taken);
  EXPECT_EQ(fault_of("phone", devices, store::FactorId{1}), std::nullopt);
  EXPECT_EQ(fault_of("phone", devices, store::FactorId{2}), NameFault::taken);
  for (const std::string& name :
       {std::string(), std::string(" "), std::string("a "), std::string(41, 'x'),
        std::string("a\nb"), std::string(32, 'f'), std::string(kRecoveryLabel)}) {
    EXPECT_EQ(fault_of(name, devices), NameFault::not_usable) << name;
  }
}

TEST(FactorTable, AskForTheOldestSecondFactorAndNeverForWhatStandsIn) {
  store::FactorRecord set = enrolled(1, "recovery codes");
  set.kind = "recovery";
  store::FactorRecord unknown = enrolled(2, "from a later release");
  unknown.kind = "carrier-pigeon";
  EXPECT_EQ(asked_factor(std::vector{set}), nullptr);
  const std::vector<store::FactorRecord> all{set, enrolled(3, "phone")};
  ASSERT_NE(asked_factor(all), nullptr);
  EXPECT_EQ(asked_factor(all)->label, "phone");
  EXPECT_TRUE(is_second_factor(unknown)) << "it must deny, not be passed over";
  EXPECT_EQ(code_at_end(all, "password3f9a-02bc-77d1-e05b"), 19U);
  EXPECT_EQ(code_at_end(all, "password123456"), 6U);
  EXPECT_EQ(code_at_end(all, "cold office123456"), 6U);
  EXPECT_EQ(code_at_end(std::vector{set}, "password3f9a-02bc-77d1-e05b"), 0U);
}

}  // namespace
}  // namespace usher::factors
