// usherctl report actions: who has done what is asked of them, who has not, who put it off.
#include "daemon/store/put_off.hpp"
#include "tests/ctl/ctl_world.hpp"

namespace usher::ctl {
namespace {

using policy::Action;
using policy::Demand;

class Report : public CtlWorld {
 protected:
  void SetUp() override {
    CtlWorld::SetUp();
    for (const char* name : {"ada", "bob", "eve"}) {
      ASSERT_EQ(usherctl({"user", "add", name}).exit_code, 0);
      world_.give_password(name);
    }
    ASSERT_EQ(usherctl({"org", "add", "acme"}).exit_code, 0);
    ASSERT_EQ(usherctl({"org", "member", "add", "acme", "ada"}).exit_code, 0);
    world_.config.factor_required = false;
    world_.config.base.actions.demands[Action::enrol_factor] = Demand::recommended;
  }
  void puts_off(const char* name, Action action) {
    const auto id = world_.person(name).id;
    ASSERT_TRUE(world_.store().write([&](store::Database& database) {
      return store::put_off(database, id, action, admin::kStart);
    }));
  }
  std::vector<std::string> names(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"report", "actions"});
    std::vector<std::string> found;
    const admin::Json reply = json(std::move(arguments));
    for (const admin::Json& person : reply["people"]) {
      found.push_back(person["name"]);
    }
    return found;
  }
  using Names = std::vector<std::string>;
};

TEST_F(Report, M12_SaysWhoHasDoneItWhoHasNotAndWhoPutItOff) {
  (void)world_.give_factor("ada", "phone");
  puts_off("bob", Action::enrol_factor);
  puts_off("ada", Action::enrol_factor);  // and enrolled one later
  EXPECT_EQ(usherctl({"report", "actions"}).out,
            "ACTION           DUE  PUT OFF  DONE\n"
            "change-password  0    0        3\n"
            "enrol-factor     1    1        1\n"
            "recovery-codes   1    0        0\n"
            "\n"
            "ACTION           STATE    DEMAND       NAME  PUT OFF                    WHY\n"
            "change-password  done     required     ada   -                          -\n"
            "change-password  done     required     bob   -                          -\n"
            "change-password  done     required     eve   -                          -\n"
            "enrol-factor     due      recommended  eve   -                          "
            "no second factor is enrolled\n"
            "enrol-factor     put-off  recommended  bob   2023-11-14T23:13:20+01:00  "
            "no second factor is enrolled\n"
            "enrol-factor     done     recommended  ada   -                          -\n"
            "recovery-codes   due      recommended  ada   -                          "
            "no recovery code is left\n");
}

TEST_F(Report, M12_WhatIsRequiredIsNotPutOff) {
  puts_off("bob", Action::enrol_factor);
  world_.config.base.actions.demands[Action::enrol_factor] = Demand::required;
  const admin::Json reply = json({"report", "actions"});
  EXPECT_EQ(reply["people"].size(), 3U);
  for (const admin::Json& person : reply["people"]) {
    for (const admin::Json& action : person["actions"]) EXPECT_NE(action["state"], "put-off");
  }
}

TEST_F(Report, LeavesOutWhomNothingIsAsked) {
  EXPECT_EQ(names({}), (Names{"ada", "bob", "eve"}));
  ASSERT_EQ(usherctl({"user", "suspend", "bob", "--reason", "away"}).exit_code, 0);
  ASSERT_EQ(usherctl({"user", "add", "gil", "--source", "federated:acme"}).exit_code, 0);
  EXPECT_EQ(names({}), (Names{"ada", "eve"}));
  for (const Action action : policy::kActions) {
    world_.config.base.actions.demands[action] = Demand::off;
  }
  EXPECT_EQ(names({}), Names{});
}

TEST_F(Report, KeepsToOneOrganisation) {
  EXPECT_EQ(names({"--organisation", "acme"}), (Names{"ada"}));
  EXPECT_EQ(usherctl({"report", "actions", "--organisation", "nowhere"}).exit_code, 3);
  EXPECT_EQ(usherctl({"report", "actions", "--organisation", "A b"}).exit_code, 2);
}

TEST_F(Report, GoesThroughAllPages) {
  for (int i = 100; i < 400; ++i) {
    const std::string name = "person" + std::to_string(i);
    (void)world_.done("AddUser", {{"name", name}});
    if (i % 2 == 0)
      (void)world_.done("JoinOrganisation", {{"organisation", "acme"}, {"name", name}});
  }
  EXPECT_EQ(names({}).size(), 303U);
  const Names of_acme = names({"--organisation", "acme"});
  ASSERT_EQ(of_acme.size(), 151U);
  EXPECT_EQ(of_acme.back(), "person398");
}

}  // namespace
}  // namespace usher::ctl
