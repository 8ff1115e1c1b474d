// The verbs on groups and accounts: whose names and numbers they refuse, and what stands
// afterwards.
#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {
namespace {

TEST(AdminGroups, NeverTakeANameOrNumberOfTheMachinesOwn) {
  AdminWorld world;
  for (const char* system : {"root", "sudo", "wheel", "adm", "docker", "shadow", "systemd-x"}) {
    EXPECT_EQ(world.refused("AddGroup", {{"group", system}}), "InvalidParameter") << system;
  }
  EXPECT_EQ(world.refused("AddGroup", {{"group", "locals"}}), "GroupExists");
  EXPECT_EQ(world.refused("AddGroup", {{"group", "local"}}), "GroupExists") << "an account's";
  EXPECT_EQ(world.refused("AddGroup", {{"group", "editors"}, {"gid", 1501}}), "GroupExists");
  EXPECT_EQ(world.refused("AddGroup", {{"group", "editors"}, {"gid", 27}}), "InvalidParameter");
  EXPECT_EQ(world.refused("AddUser", {{"name", "local"}}), "UserExists");
  EXPECT_EQ(world.refused("AddUser", {{"name", "locals"}}), "UserExists");
  EXPECT_EQ(world.refused("AddUser", {{"name", "ada"}, {"uid", 1500}}), "UserExists");
  EXPECT_EQ(world.refused("AddUser", {{"name", "ada"}, {"uid", 1501}}), "UserExists");
  EXPECT_TRUE(world.audit().empty());
}

TEST(AdminGroups, AreNotAddedWhileTheMachinesFilesCannotBeRead) {
  AdminWorld world;
  std::filesystem::remove(world.directory() + "/etc/group");
  EXPECT_EQ(world.refused("AddGroup", {{"group", "editors"}}), "Unavailable");
  EXPECT_EQ(world.refused("AddUser", {{"name", "ada"}}), "Unavailable");
  EXPECT_TRUE(world.audit().empty());
}

TEST(AdminGroups, ALineThatIsNoEntryStillKeepsItsName) {
  AdminWorld world;
  world.write_etc("ada\nbob:x\n:x:7:\n\nlast:x:1600:1600::/:/bin/sh", "");
  for (const char* name : {"ada", "bob", "last"}) {
    EXPECT_EQ(world.refused("AddUser", {{"name", name}}), "UserExists") << name;
  }
  EXPECT_EQ(world.refused("AddUser", {{"name", "eve"}}), "");
}

TEST(AdminGroups, MembershipsNeedAGroupAndAPerson) {
  AdminWorld world;
  (void)world.done("AddUser", {{"name", "ada"}});
  const Json both = {{"group", "editors"}, {"name", "ada"}};
  EXPECT_EQ(world.refused("AddMember", both), "NoSuchGroup");
  (void)world.done("AddGroup", {{"group", "editors"}});
  EXPECT_EQ(world.refused("AddMember", {{"group", "editors"}, {"name", "eve"}}), "NoSuchUser");
  EXPECT_EQ(world.refused("RemoveMember", both), "Conflict");
  (void)world.done("AddMember", both);
  EXPECT_EQ(world.refused("AddMember", both), "Conflict");
  (void)world.done("DeleteUser", {{"name", "ada"}});
  EXPECT_EQ(world.done("ShowGroup", {{"group", "editors"}}).parameters["members"], Json::array());
}

TEST(AdminGroups, EveryChangeIsAudited) {
  AdminWorld world;
  (void)world.done("AddUser", {{"name", "ada"}});
  (void)world.done("AddGroup", {{"group", "editors"}});
  (void)world.done("AddMember", {{"group", "editors"}, {"name", "ada"}});
  (void)world.done("RemoveMember", {{"group", "editors"}, {"name", "ada"}});
  (void)world.done("RemoveGroup", {{"group", "editors"}});
  const auto records = world.audit();
  ASSERT_EQ(records.size(), 5U);
  EXPECT_EQ(records[0].operation, "admin.RemoveGroup");
  EXPECT_EQ(records[1].operation, "admin.RemoveMember");
  EXPECT_EQ(records[1].person, "ada");
  EXPECT_EQ(records[1].detail, "editors");
}

TEST(AdminAccounts, HostileFieldsNeverReachTheStore) {
  AdminWorld world;
  for (const char* hostile : {"bin/sh", "/bin/sh:0:0", "/bin/sh\nroot::0:0", "", "/home/../root"}) {
    EXPECT_EQ(world.refused("AddUser", {{"name", "ada"}, {"shell", hostile}}), "InvalidParameter");
    EXPECT_EQ(world.refused("AddUser", {{"name", "ada"}, {"home", hostile}}), "InvalidParameter");
  }
  EXPECT_EQ(world.refused("AddUser", {{"name", "ada"}, {"aliases", "a@b"}}), "InvalidParameter");
  EXPECT_EQ(world.refused("AddUser", {{"name", "ada"}, {"aliases", {"a@b", 7}}}),
            "InvalidParameter");
  EXPECT_EQ(world.refused("AddUser", {{"name", "ada"}, {"aliases", {"no alias"}}}),
            "InvalidParameter");
  EXPECT_TRUE(world.audit().empty());
}

TEST(AdminAccounts, AnAliasIsOnePersons) {
  AdminWorld world;
  (void)world.done("AddUser", {{"name", "ada"}, {"aliases", {"ada@example.org"}}});
  EXPECT_EQ(world.refused("AddUser", {{"name", "eve"}, {"aliases", {"ADA@example.org"}}}),
            "UserExists");
  EXPECT_EQ(world.refused("ShowUser", {{"name", "eve"}}), "NoSuchUser");
  (void)world.done("SetUser", {{"name", "ada"}, {"remove_aliases", {"ada@example.org"}}});
  EXPECT_EQ(world.refused("AddUser", {{"name", "eve"}, {"aliases", {"ADA@example.org"}}}), "");
}

}  // namespace
}  // namespace usher::admin
