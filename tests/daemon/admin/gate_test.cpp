// What the gate refuses before a handler runs, and publishes after it. Who may call what is
// roles_test.cpp's.
#include "daemon/admin/gate.hpp"

#include <set>

#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {
namespace {

TEST(AdminGate, HasEachPublishedChangePublishedBeforeItAnswers) {
  const std::set<std::string> changing = {
      "AddUser",      "SetUser",    "SuspendUser", "ResumeUser",  "DeleteUser",
      "DisableUser",  "EnableUser", "AddGroup",    "RemoveGroup", "AddMember",
      "RemoveMember", "AdoptUser",  "HandBackUser"};
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
        {"secret", "2436246124622463"}},
       "secret"},
      {"SuspendUser", {{"name", "ada"}}, "reason"},
      {"SuspendUser", {{"name", "ada"}, {"reason", ""}}, "reason"},
      {"SuspendUser", {{"name", "ada"}, {"reason", long_text}}, "reason"},
      {"SuspendUser", {{"name", "ada"}, {"reason", "a\x1B[31m"}}, "reason"},
      {"RemoveFactor", {{"name", "ada"}}, "factor"},
      {"RenameFactor", {{"name", "ada"}, {"factor", "phone"}}, "label"},
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
