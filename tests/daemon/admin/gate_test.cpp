// Who may call what on admin.sock: every verb times every kind of caller, and what the gate
// refuses before a handler runs.
#include "daemon/admin/gate.hpp"

#include <set>

#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {
namespace {

struct Expected {
  const char* method;
  bool root, daemon, other, overflow;
};

constexpr Expected kMatrix[] = {
    {"io.usher.Admin.AddUser", true, true, false, false},
    {"io.usher.Admin.ListUsers", true, true, false, false},
    {"io.usher.Admin.ShowUser", true, true, false, false},
    {"io.usher.Admin.SetUser", true, true, false, false},
    {"io.usher.Admin.SuspendUser", true, true, false, false},
    {"io.usher.Admin.ResumeUser", true, true, false, false},
    {"io.usher.Admin.ResetUser", true, true, false, false},
    {"io.usher.Admin.DeleteUser", true, true, false, false},
    {"io.usher.Admin.AdoptUser", true, true, false, false},
    {"io.usher.Admin.HandBackUser", true, true, false, false},
    {"io.usher.Admin.AddGroup", true, true, false, false},
    {"io.usher.Admin.RemoveGroup", true, true, false, false},
    {"io.usher.Admin.ListGroups", true, true, false, false},
    {"io.usher.Admin.ShowGroup", true, true, false, false},
    {"io.usher.Admin.AddMember", true, true, false, false},
    {"io.usher.Admin.RemoveMember", true, true, false, false},
    {"io.usher.Admin.AddOrganisation", true, true, false, false},
    {"io.usher.Admin.SetOrganisation", true, true, false, false},
    {"io.usher.Admin.RemoveOrganisation", true, true, false, false},
    {"io.usher.Admin.ListOrganisations", true, true, false, false},
    {"io.usher.Admin.ShowOrganisation", true, true, false, false},
    {"io.usher.Admin.JoinOrganisation", true, true, false, false},
    {"io.usher.Admin.LeaveOrganisation", true, true, false, false},
    {"io.usher.Admin.ListFactors", true, true, false, false},
    {"io.usher.Admin.RemoveFactor", true, true, false, false},
    {"io.usher.Admin.LiftThrottle", true, true, false, false},
    {"io.usher.Admin.GetStatus", true, true, false, false},
    {"io.usher.Admin.ListAudit", true, true, false, false},
    {"io.usher.Admin.VerifyAudit", true, true, false, false},
    {"io.usher.Admin.ReloadConfiguration", true, true, false, false},
    {"io.usher.Admin.ShowPolicy", true, true, false, false},
    {"io.usher.Admin.LintPolicies", true, true, false, false},
    {"io.usher.Admin.SimulatePolicy", true, true, false, false},
    {"org.varlink.service.GetInfo", true, true, true, false},
    {"org.varlink.service.GetInterfaceDescription", true, true, true, false},
};

// Parameters with which the verb does what it is for, so that a gap would do harm here.
Json full_parameters(const Row& row) {
  Json parameters = Json::object();
  for (const Parameter& parameter : row.allowed()) {
    if (parameter.need == Need::optional) continue;
    const std::string name(parameter.name);
    if (name == "name") parameters[name] = "ada";
    if (name == "organisation") parameters[name] = "acme";
    if (name == "group") parameters[name] = "editors";
    if (name == "uid" || name == "gid") parameters[name] = 1000;
    if (name == "home" || name == "shell") parameters[name] = "/bin/sh";
    if (name == "reason") parameters[name] = "a reason";
    if (name == "policy") parameters[name] = "house";
    if (name == "text") parameters[name] = "for = \"everybody\"\n";
    if (name == "factor") parameters[name] = "phone";
    if (name == "interface") parameters[name] = "io.usher.Admin";
  }
  return parameters;
}

TEST(AdminGate, HasARowInTheMatrixForEveryMethod) {
  std::set<std::string_view> expected;
  for (const Expected& row : kMatrix) expected.insert(row.method);
  std::set<std::string_view> served;
  for (const Row& row : gate_table()) served.insert(row.method);
  EXPECT_EQ(served, expected);
}

TEST(AdminGate, LetsInExactlyWhomTheMatrixNames) {
  int cells = 0;
  for (const Expected& expected : kMatrix) {
    AdminWorld world;
    if (std::string_view(expected.method) != "io.usher.Admin.AddUser") {
      (void)world.done("AddUser", {{"name", "ada"}});
    }
    // Those who may come last: what they do changes the world.
    const std::pair<Peer, bool> peers[] = {{kOverflow, expected.overflow},
                                           {kOther, expected.other},
                                           {kDaemon, expected.daemon},
                                           {kRoot, expected.root}};
    for (const auto& [peer, allowed] : peers) {
      world.log.denied = 0;
      const auto before = world.audit().size();
      Call call;
      call.method = expected.method;
      for (const Row& row : gate_table()) {
        if (row.method == call.method) call.parameters = full_parameters(row);
      }
      const std::string error = AdminWorld::error_name(answer(call, peer, world.context()));
      EXPECT_EQ(error != "NotPermitted", allowed) << expected.method << " by " << peer.uid.number;
      EXPECT_EQ(world.log.denied, allowed ? 0 : 1);
      if (!allowed) {
        EXPECT_EQ(world.audit().size(), before) << "nothing may have changed";
      }
      ++cells;
    }
  }
  EXPECT_EQ(cells, 34 * 4);
}

TEST(AdminGate, HasEachPublishedChangePublishedBeforeItAnswers) {
  const std::set<std::string> changing = {"AddUser",      "SetUser",   "SuspendUser", "ResumeUser",
                                          "DeleteUser",   "AddGroup",  "RemoveGroup", "AddMember",
                                          "RemoveMember", "AdoptUser", "HandBackUser"};
  for (const Row& row : gate_table()) {
    const std::string member(row.method.substr(row.method.rfind('.') + 1));
    EXPECT_EQ(row.changes != Changes::nothing_published, changing.count(member) == 1) << row.method;
    EXPECT_EQ(row.changes == Changes::handed_over, member == "AdoptUser") << row.method;
  }
  AdminWorld world;
  EXPECT_EQ(world.done("AddUser", {{"name", "ada"}}).parameters["published"], true);
  EXPECT_EQ(world.changes.asked, 1);
  EXPECT_EQ(world.changes.waited_for, directory::Wait::if_soon);
  EXPECT_EQ(world.refused("AddUser", {{"name", "ada"}}), "UserExists");
  (void)world.done("ShowUser", {{"name", "ada"}});
  EXPECT_EQ(world.changes.asked, 1) << "what changed nothing publishes nothing";
  world.changes.succeeds = false;
  EXPECT_EQ(world.done("SuspendUser", {{"name", "ada"}, {"reason", "x"}}).parameters["published"],
            false);
}

TEST(AdminGate, NeverLetsTheOverflowUidAdminister) {
  EXPECT_FALSE(may_call(Caller::admin, kOverflow, kOverflowUid));
  EXPECT_FALSE(may_call(Caller::anyone, kOverflow, kOverflowUid));
}

TEST(AdminGate, RefusesUnknownMethodsByTheirKind) {
  AdminWorld world;
  const std::pair<const char*, const char*> cases[] = {
      {"io.usher.Admin.Nonsense", "org.varlink.service.MethodNotFound"},
      {"org.varlink.service.Nonsense", "org.varlink.service.MethodNotFound"},
      {"io.usher.Other.AddUser", "org.varlink.service.InterfaceNotFound"},
      {"AddUser", "org.varlink.service.InterfaceNotFound"},
      {".", "org.varlink.service.InterfaceNotFound"},
  };
  for (const auto& [method, error] : cases) {
    Call call;
    call.method = method;
    for (const Peer peer : {kRoot, kOther}) {
      const Reply reply = answer(call, peer, world.context());
      const auto* refused = std::get_if<ReplyError>(&reply);
      ASSERT_NE(refused, nullptr);
      EXPECT_EQ(refused->error, error) << method;
    }
    EXPECT_EQ(AdminWorld::error_name(answer(call, kOverflow, world.context())), "NotPermitted");
  }
}

TEST(AdminGate, RefusesMoreReplies) {
  AdminWorld world;
  Call call;
  call.method = "io.usher.Admin.GetStatus";
  call.more = true;
  const Reply reply = answer(call, kRoot, world.context());
  const auto* refused = std::get_if<ReplyError>(&reply);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(refused->error, "org.varlink.service.InvalidParameter");
}

std::string faulty_parameter(AdminWorld& world, const std::string& method, Json parameters) {
  const Reply reply = world.call(method, std::move(parameters));
  const auto* refused = std::get_if<ReplyError>(&reply);
  if (refused == nullptr || refused->error != "io.usher.Admin.InvalidParameter") {
    return "not faulty: " + AdminWorld::error_name(reply);
  }
  return *protocol::varlink::text_of(refused->parameters, "parameter");
}

TEST(AdminGate, NamesTheFaultyParameter) {
  AdminWorld world;
  const std::string long_text(201, 'x');
  struct Faulty {
    const char* method;
    Json parameters;
    const char* parameter;
  };
  const Faulty cases[] = {
      {"AddUser", Json::object(), "name"},
      {"AddUser", {{"name", nullptr}}, "name"},
      {"AddUser", {{"name", 7}}, "name"},
      {"AddUser", {{"name", ""}}, "name"},
      {"AddUser", {{"name", "Ada"}}, "name"},
      {"AddUser", {{"name", "ada:x"}}, "name"},
      {"AddUser", {{"name", "ada"}, {"uid", "7"}}, "uid"},
      {"AddUser", {{"name", "ada"}, {"uid", -1}}, "uid"},
      {"AddUser", {{"name", "ada"}, {"uid", 1.5}}, "uid"},
      {"AddUser", {{"name", "ada"}, {"uid", 4294967296}}, "uid"},
      {"AddUser", {{"name", "ada"}, {"uid", 18446744073709551615ULL}}, "uid"},
      {"AddUser", {{"name", "ada"}, {"display_name", "a:b"}}, "display_name"},
      {"AddUser", {{"name", "ada"}, {"display_name", "a\nb"}}, "display_name"},
      {"AddUser", {{"name", "ada"}, {"display_name", "\xC2\x9B"}}, "display_name"},
      {"AddUser", {{"name", "ada"}, {"display_name", long_text}}, "display_name"},
      {"AddUser", {{"name", "ada"}, {"shell", "/bin/sh:"}}, "shell"},
      {"AddUser", {{"name", "ada"}, {"home", "ada"}}, "home"},
      {"AddUser", {{"name", "ada"}, {"aliases", {"ada"}}}, "aliases"},
      {"AddUser", {{"name", "ada"}, {"password", "x"}}, "password"},
      {"AddUser", {{"name", "ada"}, {"language", "de"}}, "language"},
      {"SetUser", {{"name", "ada"}, {"language", "fr-FR"}}, "language"},
      {"SetUser", {{"name", "ada"}, {"set_attributes", {{"Manager", "bob"}}}}, "set_attributes"},
      {"SetUser", {{"name", "ada"}, {"set_attributes", {{"manager", ""}}}}, "set_attributes"},
      {"SetUser", {{"name", "ada"}, {"set_attributes", {"manager"}}}, "set_attributes"},
      {"SetUser", {{"name", "ada"}, {"remove_attributes", {7}}}, "remove_attributes"},
      {"AddOrganisation", {{"organisation", "Acme"}}, "organisation"},
      {"AddOrganisation", {{"organisation", "-acme"}}, "organisation"},
      {"AddOrganisation", {{"organisation", "acme"}, {"support", "a\nb"}}, "support"},
      {"AdoptUser",
       {{"name", "ada"},
        {"uid", 1000},
        {"gid", 1000},
        {"home", "/h"},
        {"shell", "/s"},
        {"password", "$6$rounds=999999999$a$b"}},
       "password"},
      {"SuspendUser", {{"name", "ada"}}, "reason"},
      {"SuspendUser", {{"name", "ada"}, {"reason", ""}}, "reason"},
      {"SuspendUser", {{"name", "ada"}, {"reason", long_text}}, "reason"},
      {"SuspendUser", {{"name", "ada"}, {"reason", "a\x1B[31m"}}, "reason"},
      {"RemoveFactor", {{"name", "ada"}}, "factor"},
      {"ListUsers", {{"limit", 0}}, "limit"},
      {"ListUsers", {{"limit", 501}}, "limit"},
      {"ListUsers", {{"after", "A"}}, "after"},
      {"ListAudit", {{"before", 0}}, "before"},
      {"GetStatus", {{"verbose", true}}, "verbose"},
  };
  for (const Faulty& faulty : cases) {
    EXPECT_EQ(faulty_parameter(world, faulty.method, faulty.parameters), faulty.parameter)
        << faulty.method << faulty.parameters;
  }
  EXPECT_TRUE(world.audit().empty());
}

TEST(AdminGate, TakesANullForAMissingOptionalParameter) {
  AdminWorld world;
  (void)world.done("AddUser", {{"name", "ada"}, {"display_name", nullptr}, {"uid", nullptr}});
}

}  // namespace
}  // namespace usher::admin
