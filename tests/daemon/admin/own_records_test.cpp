// Whose records are whose where a name is given twice, which calls leave none, and what a record
// says of the caller. Who may call what is roles_test.cpp's.
#include <algorithm>

#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {
namespace {

class OwnRecords : public ::testing::Test {
 protected:
  void SetUp() override {
    world.config.roles = {{"it"}, {"desk"}, {"leads"}, {"audit"}, {}};
    for (const char* group : {"it", "desk", "leads"}) {
      (void)world.done("AddGroup", {{"group", group}});
    }
    add("mia", 3003);
    (void)world.done("AddMember", {{"group", "leads"}, {"name", "mia"}});
    add("ada", 3000);
  }
  void add(const char* name, std::uint32_t uid) {
    (void)world.done("AddUser", {{"name", name}, {"uid", uid}});
    (void)world.done("SetUser", {{"name", name}, {"set_attributes", {{"manager", "mia"}}}});
    const auto id = world.person(name).id;
    ASSERT_TRUE(world.store().write([&](store::Database& database) {
      return store::set_person_state(database, id, store::PersonState::active, "");
    }));
  }
  void sign_in(const char* name, const char* outcome, const char* from,
               const char* reason = "wrong-password") {
    store::AuditRecord record;
    record.at = world.clock.now();
    record.request = std::string(32, 'a');
    record.operation = "authenticate";
    record.outcome = outcome;
    record.reason = reason;
    record.person = name;
    record.service = "sshd";
    record.rhost = from;
    ASSERT_TRUE(world.store().write(
        [&](store::Database& database) { return store::append_audit(database, record); }));
  }
  // The first ada is deleted, and another one hired.
  void give_the_name_again(std::uint32_t uid) {
    (void)world.done("DeleteUser", {{"name", "ada"}});
    world.clock.turn(1min);
    add("ada", uid);
  }
  Json by(Peer peer, const char* method, Json parameters) {
    Reply reply = world.call(method, std::move(parameters), peer);
    auto* ok = std::get_if<ReplyOk>(&reply);
    EXPECT_NE(ok, nullptr) << method << ": " << AdminWorld::error_name(reply);
    return ok == nullptr ? Json::object() : std::move(ok->parameters);
  }
  std::string refused(Peer peer, const char* method) {
    const Reply reply = world.call(method, {{"name", "ada"}, {"reason", "a test"}}, peer);
    return AdminWorld::error_name(reply);
  }

  static constexpr Peer kMia{Uid{3003}};
  AdminWorld world;
};

// --- A name that is given again ---

TEST_F(OwnRecords, AManagerSeesThemOfWhoHasTheNameNow) {
  sign_in("ada", "refuse", "203.0.113.1");
  const auto list = [&](Peer peer) { return by(peer, "ListAudit", {{"name", "ada"}})["records"]; };
  EXPECT_EQ(list(kMia), list(kRoot)) << "while there is one ada, they are hers";
  give_the_name_again(3010);
  for (const Json& record : list(kMia)) EXPECT_NE(record["rhost"], "203.0.113.1") << record;
  EXPECT_EQ(list(kMia).size(), 2U) << "added, and changed";
  EXPECT_EQ(list(kRoot).size(), 7U) << "who sees everybody's sees the dead one's too";
  const auto onwards = by(kMia, "ListAudit", {{"name", "ada"}, {"after", 0}})["records"];
  EXPECT_EQ(onwards.size(), 2U);
}

// The clock ran ahead while the first ada was there, or was ahead when the second came.
TEST_F(OwnRecords, AClockThatWasSetDividesThemNoOtherwise) {
  const auto seen = [&] { return by(kMia, "ListAudit", {{"name", "ada"}})["records"].dump(); };
  world.clock.turn(48h);
  sign_in("ada", "refuse", "203.0.113.1");
  world.clock.turn(-48h);
  give_the_name_again(3010);
  EXPECT_EQ(seen().find("203.0.113.1"), std::string::npos);
  world.clock.turn(-48h);
  sign_in("ada", "refuse", "203.0.113.2");
  EXPECT_NE(seen().find("203.0.113.2"), std::string::npos);
  EXPECT_EQ(by(kMia, "ExplainRefusal", {{"name", "ada"}})["explanations"].size(), 1U);
}

TEST_F(OwnRecords, ADeletionThatWasRefusedEndsNobodysRecords) {
  (void)world.done("AddMember", {{"group", "desk"}, {"name", "mia"}});
  sign_in("ada", "refuse", "203.0.113.1");
  EXPECT_EQ(refused(kMia, "DeleteUser"), "NotPermitted");
  EXPECT_EQ(by(kMia, "ExplainRefusal", {{"name", "ada"}})["explanations"].size(), 1U);
}

TEST_F(OwnRecords, AManagerWhoIsAuditorTooSeesWhatAnAuditorSees) {
  give_the_name_again(3010);
  const auto count = [&] { return by(kMia, "ListAudit", {{"name", "ada"}})["records"].size(); };
  const std::size_t as_manager = count();
  (void)world.done("AddGroup", {{"group", "audit"}});
  (void)world.done("AddMember", {{"group", "audit"}, {"name", "mia"}});
  EXPECT_GT(count(), as_manager);
}

TEST_F(OwnRecords, NobodyIsToldWhyAPredecessorWasSuspended) {
  (void)world.done("SuspendUser", {{"name", "ada"}, {"reason", "dismissed for theft"}});
  const auto told = [&] {
    const Json explained = by(kRoot, "ExplainRefusal", {{"name", "ada"}})["explanations"];
    return explained.at(0)["why"].get<std::string>();
  };
  sign_in("ada", "refuse", "203.0.113.1", "suspended");
  EXPECT_NE(told().find("dismissed for theft"), std::string::npos) << told();
  give_the_name_again(3010);
  sign_in("ada", "refuse", "203.0.113.2", "suspended");
  EXPECT_EQ(told().find("theft"), std::string::npos) << told();
}

TEST_F(OwnRecords, AManagerIsExplainedNoRefusalOfAPredecessor) {
  sign_in("ada", "refuse", "203.0.113.1");
  const auto explained = [&](Peer peer) {
    return by(peer, "ExplainRefusal", {{"name", "ada"}})["explanations"].size();
  };
  EXPECT_EQ(explained(kMia), 1U);
  give_the_name_again(3010);
  EXPECT_EQ(explained(kMia), 0U);
  EXPECT_EQ(explained(kRoot), 1U);
  sign_in("ada", "refuse", "203.0.113.2");
  EXPECT_EQ(explained(kMia), 1U);
}

// Root sees them all, and must not take one ada for the other.
TEST_F(OwnRecords, ARefusalOfAPredecessorSaysWhoseItIs) {
  sign_in("ada", "refuse", "203.0.113.1");
  const auto explained = [&] {
    return by(kRoot, "ExplainRefusal", {{"name", "ada"}})["explanations"].at(0);
  };
  const auto is_marked = [&] {
    const Json story = explained()["story"];
    return std::find(story.begin(), story.end(),
                     "This is about an earlier ada, who was deleted since.") != story.end();
  };
  EXPECT_FALSE(is_marked());
  EXPECT_NE(explained()["remedy"], "");
  give_the_name_again(3010);
  EXPECT_TRUE(is_marked());
  EXPECT_EQ(explained()["remedy"], "");
  sign_in("ada", "refuse", "203.0.113.2");
  EXPECT_FALSE(is_marked());
}

TEST_F(OwnRecords, G10_APersonSeesNoSignInsOfAPredecessor) {
  sign_in("ada", "accept", "203.0.113.1");
  const auto own = [&](std::uint32_t uid) {
    const Peer peer{Uid{uid}};
    const Json listed = by(peer, "ListOwnSignIns", Json::object())["sign_ins"];
    EXPECT_EQ(by(peer, "ShowSelf", Json::object())["sign_ins"], listed);
    return listed;
  };
  EXPECT_EQ(own(3000).size(), 1U);
  give_the_name_again(3010);
  EXPECT_EQ(own(3010), Json::array());
  sign_in("ada", "accept", "203.0.113.2");
  ASSERT_EQ(own(3010).size(), 1U);
  EXPECT_EQ(own(3010)[0]["rhost"], "203.0.113.2");
}

// --- What changes nothing ---

TEST_F(OwnRecords, AChangeThatChangesNothingLeavesNone) {
  const std::string phone = world.give_factor("ada", "phone");
  const Peer ada{Uid{3000}};
  const std::pair<const char*, Json> changes[] = {
      {"SetOwnLanguage", {{"language", "fr"}}},
      {"SetOwnGreeting", {{"greeting", false}}},
      {"RenameOwnFactor", {{"factor", phone}, {"label", "tablet"}}},
  };
  for (const auto& [method, parameters] : changes) {
    const std::size_t before = world.audit().size();
    (void)by(ada, method, parameters);
    EXPECT_EQ(world.audit().size(), before + 1) << method;
    (void)by(ada, method, parameters);
    EXPECT_EQ(world.audit().size(), before + 1) << method << ", which is as it was";
  }
  (void)by(ada, "SetOwnLanguage", {{"language", "en"}});
  EXPECT_EQ(world.person("ada").language, texts::Language::english);
}

// --- Who was refused ---

TEST_F(OwnRecords, ARefusalNamesTheRolesThatDidNotReach) {
  (void)world.done("AddMember", {{"group", "desk"}, {"name", "mia"}});
  (void)world.done("AddMember", {{"group", "it"}, {"name", "ada"}});
  EXPECT_EQ(refused(kMia, "ResetUser"), "NotPermitted");
  EXPECT_EQ(world.audit().front().detail,
            "helpdesk, manager: that person may do more than your role; ask an administrator");
}

TEST_F(OwnRecords, WhoeverIsShutOutWithARoleIsRecordedToo) {
  (void)world.done("AddMember", {{"group", "it"}, {"name", "mia"}});
  (void)world.done("SuspendUser", {{"name", "mia"}, {"reason", "a test"}});
  EXPECT_EQ(refused(kMia, "ResetUser"), "NotPermitted");
  const store::AuditRecord last = world.audit().front();
  EXPECT_EQ(last.operation, "admin.ResetUser");
  EXPECT_EQ(last.reason, "not-permitted");
  EXPECT_EQ(last.person, "ada");
  EXPECT_EQ(last.peer_uid, 3003);
  EXPECT_EQ(last.detail, "admin, manager: your account may not sign in");
  EXPECT_FALSE(is_staff(world.context(), kMia)) << "and gets a stranger's room and patience";
}

TEST_F(OwnRecords, WhoeverIsShutOutWithoutARoleLeavesNone) {
  (void)world.done("SuspendUser", {{"name", "ada"}, {"reason", "a test"}});
  const std::size_t before = world.audit().size();
  EXPECT_EQ(refused(Peer{Uid{3000}}, "ResetUser"), "NotPermitted");
  EXPECT_EQ(world.audit().size(), before);
}

// --- A hash out of a shadow file ---

TEST_F(OwnRecords, AdoptTakesAHashAsTheCallsSecretAndABearableOneOnly) {
  const auto adopt = [&](std::string_view hash) {
    Call call;
    call.method = "io.usher.Admin.AdoptUser";
    call.parameters = {{"name", "bob"},       {"uid", 1600},        {"gid", 1600},
                       {"home", "/home/bob"}, {"shell", "/bin/sh"}, {"secret", "****"}};
    const Secret bytes = Secret::copy(hash).release_value();
    call.secret =
        protocol::varlink::NamedSecret{"secret", protocol::varlink::to_hex(bytes).release_value()};
    return AdminWorld::error_name(answer(call, kRoot, world.context()));
  };
  EXPECT_EQ(adopt("$6$rounds=999999999$a$b"), "InvalidParameter");
  EXPECT_EQ(adopt("seven green kites"), "InvalidParameter");
  EXPECT_EQ(adopt("$6$salt$" + std::string(86, 'a')), "");
  EXPECT_TRUE(world.has_password(world.person("bob").id));
}

}  // namespace
}  // namespace usher::admin
