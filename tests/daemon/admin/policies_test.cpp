// The verbs on policies: what holds for whom, what it costs, and whom another one would ask.
#include "daemon/config_policies.hpp"
#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {
namespace {

class Policies : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"ada", "bob", "cleo"}) (void)world_.done("AddUser", {{"name", name}});
    for (const char* name : {"ada", "bob"}) world_.give_password(name);
    (void)world_.done("AddGroup", {{"group", "crew"}});
    (void)world_.done("AddMember", {{"group", "crew"}, {"name", "ada"}});
    world_.config.factor_required = false;
    world_.config.breach_filter = "/a/filter";
  }
  void in_force(const std::string& name, const std::string& toml) {
    auto source = daemon::parse_policy(toml, name, name);
    ASSERT_TRUE(source) << source.error().text();
    world_.config.policies.push_back(source.release_value());
  }
  Json simulated(const std::string& toml, std::int64_t limit = 100, const std::string& after = "") {
    Json parameters = {{"policy", "acme"}, {"text", toml}, {"limit", limit}};
    if (!after.empty()) parameters["after"] = after;
    return world_.done("SimulatePolicy", std::move(parameters)).parameters;
  }
  static Json effect(const char* name, bool new_password, bool factor) {
    return {{"name", name},
            {"new_password", new_password},
            {"enrol_factor", factor},
            {"only_at_console", factor}};
  }
  AdminWorld world_;
};

TEST_F(Policies, G26_ShowWhatHoldsForAPerson) {
  in_force("night", "for = \"group crew\"\npreset = \"classic\"\n");
  const Json of_ada = world_.done("ShowPolicy", {{"name", "ada"}}).parameters["policy"];
  EXPECT_EQ(of_ada["min_length"], 8);
  EXPECT_EQ(of_ada["needs_digit"], true);
  EXPECT_EQ(of_ada["sources"], Json::array({"night"}));
  for (const Json& other : {Json{{"name", "bob"}}, Json::object()}) {
    const Json policy = world_.done("ShowPolicy", other).parameters["policy"];
    EXPECT_EQ(policy["min_length"], 15);
    EXPECT_EQ(policy["sources"], Json::array());
  }
  EXPECT_EQ(world_.refused("ShowPolicy", {{"name", "eve"}}), "NoSuchUser");
}

TEST_F(Policies, LintNamesTheFileOfEachFinding) {
  in_force("night", "for = \"group crew\"\n[password]\nneeds_digit = true\n");
  in_force("house", "for = \"everybody\"\nmfa.required = true\n");
  in_force("acme", "for = \"organisation acme\"\n[password]\nmax_age_days = 90\n");
  std::vector<std::string> found;
  const Json reply = world_.done("LintPolicies").parameters;
  for (const Json& row : reply["findings"]) {
    found.push_back(row["policy"].get<std::string>() + " " + row["key"].get<std::string>());
  }
  const std::vector<std::string> wanted = {"usher.toml mfa.required",
                                           "night password.needs_lower, _upper, _digit, _special",
                                           "acme password.max_age_days"};
  EXPECT_EQ(found, wanted);
}

TEST_F(Policies, SimulateNamesWhomAPolicyWouldAsk) {
  EXPECT_EQ(simulated("for = \"everybody\"\n")["effects"], Json::array());
  EXPECT_EQ(simulated("for = \"group crew\"\nmfa.required = true\n")["effects"],
            Json::array({effect("ada", false, true)}));
  // Whoever has no password chooses one anyway; whoever has a factor needs no other.
  (void)world_.give_factor("bob", "phone");
  world_.clock.turn(std::chrono::hours(24));
  EXPECT_EQ(
      simulated(
          "for = \"everybody\"\nmfa.required = true\n[password]\nmax_age_days = 1\n")["effects"],
      Json::array(
          {effect("ada", true, true), effect("bob", true, false), effect("cleo", false, true)}));
  EXPECT_EQ(simulated("for = \"everybody\"\n[password]\nmax_age_days = 2\n")["effects"],
            Json::array());
}

TEST_F(Policies, SimulateReplacesAPolicyOfThatName) {
  in_force("acme", "for = \"everybody\"\nmfa.required = true\n");
  EXPECT_EQ(simulated("for = \"everybody\"\nmfa.required = true\n")["effects"], Json::array());
  world_.config.policies.clear();
  in_force("other", "for = \"everybody\"\nmfa.required = false\n");
  EXPECT_EQ(simulated("for = \"everybody\"\nmfa.required = true\n")["effects"].size(), 3U);
}

TEST_F(Policies, SimulateLeavesOutTheSuspendedAndComesInPages) {
  (void)world_.done("SuspendUser", {{"name", "bob"}, {"reason", "a test"}});
  const std::string toml = "for = \"everybody\"\nmfa.required = true\n";
  const Json first = simulated(toml, 1);
  EXPECT_EQ(first["effects"], Json::array({effect("ada", false, true)}));
  EXPECT_EQ(first["more"], true);
  const Json second = simulated(toml, 1, "ada");
  EXPECT_EQ(second["effects"], Json::array({effect("cleo", false, true)}));
  EXPECT_EQ(second["more"], false);
}

TEST_F(Policies, SimulateSaysWhatIsWrongWithTheFileAndChangesNothing) {
  const std::size_t audited = world_.audit().size();
  Reply reply = world_.call("SimulatePolicy", {{"policy", "acme"}, {"text", "for = 3\n"}});
  const auto* error = std::get_if<ReplyError>(&reply);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->parameters["text"],
            "acme.toml:1: for must be \"everybody\", \"organisation NAME\", \"attribute "
            "NAME=VALUE\" or \"group NAME\"");
  EXPECT_EQ(
      world_.refused("SimulatePolicy", {{"policy", "acme"}, {"text", std::string(32769, '#')}}),
      "InvalidParameter");
  EXPECT_EQ(world_.audit().size(), audited);
  EXPECT_TRUE(world_.config.policies.empty());
}

}  // namespace
}  // namespace usher::admin
