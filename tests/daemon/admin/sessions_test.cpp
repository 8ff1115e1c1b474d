// Open sessions, where a verb takes somebody's access away: which end, when, and who is told.
#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {
namespace {

using protocol::reaper::Which;

class AdminSessions : public ::testing::Test {
 protected:
  AdminSessions() { world_.done("AddUser", {{"name", "ada"}}); }

  // The person's verbs, each with what it needs.
  struct Verb {
    std::string method;
    Json parameters;
    bool ends_all_unless_said;
  };
  const std::vector<Verb> verbs_ = {
      {"ResetUser", {{"name", "ada"}}, false},
      {"SuspendUser", {{"name", "ada"}, {"reason", "on leave"}}, true},
      {"DeleteUser", {{"name", "ada"}}, true},
  };
  std::vector<store::AuditRecord> records_of_ends() {
    auto records = world_.audit();
    std::erase_if(records,
                  [](const auto& record) { return record.operation != "admin.EndSessions"; });
    return records;
  }

  AdminWorld world_;
};

TEST_F(AdminSessions, EndWithTheAccessUnlessSomethingElseIsSaid) {
  const Uid uid = world_.person("ada").uid;
  for (const Verb& verb : verbs_) {
    SCOPED_TRACE(verb.method);
    world_.sessions.asked.clear();
    const ReplyOk reply = world_.done(verb.method, verb.parameters);
    ASSERT_EQ(world_.sessions.asked.size(), verb.ends_all_unless_said ? 1U : 0U);
    EXPECT_EQ(reply.parameters.contains("sessions_ended"), verb.ends_all_unless_said);
    EXPECT_FALSE(reply.parameters.contains("sessions_not_ended"));
    if (!verb.ends_all_unless_said) continue;
    EXPECT_EQ(world_.sessions.asked[0].uid, uid);
    EXPECT_EQ(world_.sessions.asked[0].which, Which::all);
    EXPECT_EQ(reply.parameters["sessions_ended"], 2);
    EXPECT_EQ(reply.parameters["processes_outside"], 1);
  }
}

TEST_F(AdminSessions, StayOpenWhereItIsSaid) {
  for (Verb verb : verbs_) {
    verb.parameters["sessions"] = "none";
    world_.done(verb.method, verb.parameters);
  }
  EXPECT_TRUE(world_.sessions.asked.empty());
  EXPECT_TRUE(records_of_ends().empty());
}

TEST_F(AdminSessions, EndButForTheOneToKeep) {
  world_.done("ResetUser", {{"name", "ada"}, {"sessions", "others"}, {"keep", "c7"}});
  world_.done("ResetUser", {{"name", "ada"}, {"sessions", "others"}});
  world_.done("ResetUser", {{"name", "ada"}, {"sessions", "all"}, {"keep", "c7"}});
  ASSERT_EQ(world_.sessions.asked.size(), 3U);
  EXPECT_EQ(world_.sessions.asked[0].which, Which::others);
  EXPECT_EQ(world_.sessions.asked[0].keep, "c7");
  EXPECT_EQ(world_.sessions.asked[1].keep, "");
  EXPECT_EQ(world_.sessions.asked[2].which, Which::all);
  EXPECT_EQ(world_.sessions.asked[2].keep, "");
}

TEST_F(AdminSessions, AreNotEndedByWhatIsRefused) {
  EXPECT_EQ(world_.refused("SuspendUser", {{"name", "eve"}, {"reason", "r"}}), "NoSuchUser");
  world_.done("SuspendUser", {{"name", "ada"}, {"reason", "r"}, {"sessions", "none"}});
  EXPECT_EQ(world_.refused("SuspendUser", {{"name", "ada"}, {"reason", "r"}}), "Conflict");
  EXPECT_EQ(world_.refused("ResetUser", {{"name", "ada"}, {"sessions", "some"}}),
            "InvalidParameter");
  EXPECT_EQ(
      world_.refused("ResetUser", {{"name", "ada"}, {"sessions", "others"}, {"keep", "../c7"}}),
      "InvalidParameter");
  EXPECT_TRUE(world_.sessions.asked.empty());
}

// A helper that is away, or hangs, never stands between an administrator and a suspension.
TEST_F(AdminSessions, ThatCannotBeEndedUndoNothing) {
  world_.sessions.answer = Error(Errc::unavailable, "usher-reaper: connecting: no such file");
  const ReplyOk reply = world_.done("SuspendUser", {{"name", "ada"}, {"reason", "r"}});
  EXPECT_EQ(reply.parameters["sessions_not_ended"], "usher-reaper: connecting: no such file");
  EXPECT_FALSE(reply.parameters.contains("sessions_ended"));
  EXPECT_EQ(reply.parameters["published"], true);
  EXPECT_EQ(world_.person("ada").state, store::PersonState::suspended);
  EXPECT_EQ(world_.log.last_failure, "usher-reaper: connecting: no such file");
  ASSERT_EQ(records_of_ends().size(), 1U);
  EXPECT_EQ(records_of_ends()[0].outcome, "error");
  EXPECT_EQ(records_of_ends()[0].reason, "unavailable");
  EXPECT_EQ(records_of_ends()[0].detail, "usher-reaper: connecting: no such file");
}

TEST_F(AdminSessions, AreInTheAuditRecordBesideTheChange) {
  world_.done("SuspendUser", {{"name", "ada"}, {"reason", "on leave"}});
  const auto records = world_.audit();  // newest first
  ASSERT_GE(records.size(), 2U);
  EXPECT_EQ(records[0].operation, "admin.EndSessions");
  EXPECT_EQ(records[0].outcome, "accept");
  EXPECT_EQ(records[0].detail, "sessions ended: 2, processes outside of any: 1");
  EXPECT_EQ(records[0].person, "ada");
  EXPECT_EQ(records[0].peer_uid, 0);
  EXPECT_EQ(records[1].operation, "admin.SuspendUser");
  EXPECT_EQ(records[1].detail, "on leave");
  EXPECT_EQ(records[0].request, records[1].request);
}

// usher-reaper asks what is published: somebody deleted must still be there when it looks.
TEST_F(AdminSessions, EndBeforeWhoIsDeletedVanishes) {
  const int before = world_.changes.asked;
  int at_the_end = -1;
  world_.sessions.on_end = [&] { at_the_end = world_.changes.asked; };
  world_.done("DeleteUser", {{"name", "ada"}});
  EXPECT_EQ(at_the_end, before);
  EXPECT_EQ(world_.changes.asked, before + 1);
}

}  // namespace
}  // namespace usher::admin
