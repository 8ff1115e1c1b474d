// The verbs on organisations and attributes.
#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {
namespace {

TEST(AdminOrganisations, AreAddedChangedListedAndRemoved) {
  AdminWorld world;
  (void)world.done("AddOrganisation", {{"organisation", "acme"}, {"display_name", "Acme"}});
  EXPECT_EQ(world.refused("AddOrganisation", {{"organisation", "acme"}}), "Conflict");
  (void)world.done("SetOrganisation", {{"organisation", "acme"}, {"support", "the desk"}});
  (void)world.done("AddOrganisation", {{"organisation", "globex"}});
  const Json first = world.done("ListOrganisations", {{"limit", 1}}).parameters;
  EXPECT_EQ(first["organisations"][0]["name"], "acme");
  EXPECT_EQ(first["organisations"][0]["support"], "the desk");
  EXPECT_EQ(first["more"], true);
  const Json rest = world.done("ListOrganisations", {{"after", "acme"}}).parameters;
  EXPECT_EQ(rest["organisations"][0]["name"], "globex");
  EXPECT_EQ(rest["more"], false);
  (void)world.done("RemoveOrganisation", {{"organisation", "acme"}});
  EXPECT_EQ(world.refused("RemoveOrganisation", {{"organisation", "acme"}}), "NoSuchOrganisation");
}

TEST(AdminOrganisations, HoldThePeopleThatAreShown) {
  AdminWorld world;
  const Json both = {{"organisation", "acme"}, {"name", "ada"}};
  (void)world.done("AddUser", {{"name", "ada"}});
  EXPECT_EQ(world.refused("JoinOrganisation", both), "NoSuchOrganisation");
  (void)world.done("AddOrganisation", {{"organisation", "acme"}});
  EXPECT_EQ(world.refused("LeaveOrganisation", both), "Conflict");
  EXPECT_EQ(world.refused("JoinOrganisation", {{"organisation", "acme"}, {"name", "eve"}}),
            "NoSuchUser");
  (void)world.done("JoinOrganisation", both);
  EXPECT_EQ(world.refused("JoinOrganisation", both), "Conflict");
  EXPECT_EQ(world.done("ShowOrganisation", {{"organisation", "acme"}}).parameters["people"],
            Json::array({"ada"}));
  EXPECT_EQ(world.done("ShowUser", {{"name", "ada"}}).parameters["organisations"],
            Json::array({"acme"}));
  (void)world.done("LeaveOrganisation", both);
  EXPECT_EQ(world.audit().front().operation, "admin.LeaveOrganisation");
  EXPECT_EQ(world.audit().front().detail, "acme");
}

TEST(AdminOrganisations, AttributesAreSetAndTakenAway) {
  AdminWorld world;
  (void)world.done("AddUser", {{"name", "ada"}});
  (void)world.done("SetUser",
                   {{"name", "ada"}, {"set_attributes", {{"manager", "bob"}, {"team", "blue"}}}});
  (void)world.done("SetUser", {{"name", "ada"},
                               {"set_attributes", {{"manager", "carol"}}},
                               {"remove_attributes", {"team"}}});
  EXPECT_EQ(world.done("ShowUser", {{"name", "ada"}}).parameters["attributes"],
            Json({{"manager", "carol"}}));
  EXPECT_EQ(world.refused("SetUser", {{"name", "ada"}, {"remove_attributes", {"team"}}}),
            "Conflict");
}

}  // namespace
}  // namespace usher::admin
