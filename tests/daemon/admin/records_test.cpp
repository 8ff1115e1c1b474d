// Factors, audit records and figures as an admin sees them.
#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {
namespace {

class AdminRecords : public ::testing::Test {
 protected:
  void SetUp() override { (void)world.done("AddUser", {{"name", "ada"}}); }
  AdminWorld world;
};

TEST_F(AdminRecords, ListsFactorsWithoutTheirSecrets) {
  const std::string id = world.give_factor("ada", "Ada's phone");
  const Json factors = world.done("ListFactors", {{"name", "ada"}}).parameters["factors"];
  EXPECT_EQ(factors, Json::array({{{"id", id},
                                   {"kind", "totp"},
                                   {"label", "Ada's phone"},
                                   {"created_at", milliseconds(kStart)}}}));
}

TEST_F(AdminRecords, RemovesAFactorByLabelOrById) {
  const std::string id = world.give_factor("ada", "phone");
  const auto epoch = world.person("ada").epoch;
  (void)world.done("RemoveFactor", {{"name", "ada"}, {"factor", "phone"}});
  EXPECT_GT(world.person("ada").epoch, epoch);
  EXPECT_EQ(world.audit().front().detail, "totp " + id);
  const std::string other = world.give_factor("ada", "key");
  (void)world.done("RemoveFactor", {{"name", "ada"}, {"factor", other}});
  EXPECT_EQ(world.done("ListFactors", {{"name", "ada"}}).parameters["factors"].size(), 0U);
}

TEST_F(AdminRecords, G18_RenamesADeviceToAnyNameNoneOfThePersonsOthersHas) {
  const std::string id = world.give_factor("ada", "phone");
  (void)world.give_factor("ada", "key");
  const auto rename = [&](const char* factor, const std::string& label) {
    const Reply reply =
        world.call("RenameFactor", {{"name", "ada"}, {"factor", factor}, {"label", label}});
    return AdminWorld::error_name(reply);
  };
  EXPECT_EQ(rename("phone", "blue téléphone"), "");
  EXPECT_EQ(world.audit().front().detail, "totp " + id);
  EXPECT_EQ(rename("blue téléphone", "blue téléphone"), "") << "its own name is free";
  EXPECT_EQ(rename("phone", "other"), "NoSuchFactor") << "the old name is no name any more";
  for (const std::string& label :
       {std::string("key"), std::string("recovery codes"), id, std::string(41, 'x'),
        std::string(" key"), std::string("a\tb")}) {
    EXPECT_EQ(rename("blue téléphone", label), "InvalidParameter") << label;
  }
  const Json factors = world.done("ListFactors", {{"name", "ada"}}).parameters["factors"];
  EXPECT_EQ(factors[0]["label"], "blue téléphone");
  (void)world.done("RemoveFactor", {{"name", "ada"}, {"factor", "blue téléphone"}});
  EXPECT_EQ(world.done("ListFactors", {{"name", "ada"}}).parameters["factors"].size(), 1U);
}

TEST_F(AdminRecords, G16_RecoveryCodesAreCountedAndGoWithTheLastSecondFactor) {
  (void)world.give_factor("ada", "phone");
  (void)world.give_factor("ada", "key");
  (void)world.give_factor("ada", "recovery codes", "recovery");
  const auto factors = [&] {
    return world.done("ListFactors", {{"name", "ada"}}).parameters["factors"];
  };
  EXPECT_EQ(factors()[2]["codes_left"], 0);
  EXPECT_FALSE(factors()[0].contains("codes_left"));
  (void)world.done("RemoveFactor", {{"name", "ada"}, {"factor", "phone"}});
  EXPECT_EQ(factors().size(), 2U) << "they stand in for the other device";
  (void)world.done("RemoveFactor", {{"name", "ada"}, {"factor", "key"}});
  EXPECT_EQ(factors().size(), 0U);
}

TEST_F(AdminRecords, NamesTheFactorItDoesNotFind) {
  const Reply reply = world.call("RemoveFactor", {{"name", "ada"}, {"factor", "phone"}});
  const auto* refused = std::get_if<ReplyError>(&reply);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(refused->error, "io.usher.Admin.NoSuchFactor");
  EXPECT_EQ(refused->parameters["factor"], "phone");
  EXPECT_EQ(world.audit().size(), 1U);
}

TEST_F(AdminRecords, LeavesOneRecordAChange) {
  (void)world.give_factor("ada", "phone");
  const std::pair<const char*, Json> changes[] = {
      {"SuspendUser", {{"name", "ada"}, {"reason", "away"}, {"sessions", "none"}}},
      {"ResumeUser", {{"name", "ada"}}},
      {"LiftThrottle", {{"name", "ada"}}},
      {"ResetUser", {{"name", "ada"}, {"reason", "desk"}}},
      {"RemoveFactor", {{"name", "ada"}, {"factor", "phone"}}},
      {"DeleteUser", {{"name", "ada"}, {"sessions", "none"}}},
  };
  for (const auto& [method, parameters] : changes) {
    const auto before = world.audit().size();
    world.clock.turn(1s);
    const Reply reply = world.call(method, parameters, kDaemon);
    ASSERT_EQ(AdminWorld::error_name(reply), "") << method;
    const auto records = world.audit();
    ASSERT_EQ(records.size(), before + 1) << method;
    const store::AuditRecord& record = records.front();
    EXPECT_EQ(record.operation, std::string("admin.") + method);
    EXPECT_EQ(record.outcome, "accept");
    EXPECT_EQ(record.person, "ada");
    EXPECT_EQ(record.peer_uid, 990);
    EXPECT_EQ(record.at, world.clock.now());
    EXPECT_EQ(record.request.size(), 32U);
    const Json given = parameters;
    EXPECT_EQ(record.detail, given.value("reason", record.detail));
  }
}

TEST_F(AdminRecords, LeavesNoRecordForLooking) {
  for (const char* method : {"ListUsers", "GetStatus", "ListAudit", "VerifyAudit"}) {
    (void)world.done(method);
  }
  (void)world.done("ShowUser", {{"name", "ada"}});
  (void)world.done("ListFactors", {{"name", "ada"}});
  EXPECT_EQ(world.audit().size(), 1U);
}

TEST_F(AdminRecords, ListsRecordsNewestFirstAndByPerson) {
  (void)world.done("AddUser", {{"name", "bob"}});
  (void)world.done("SuspendUser", {{"name", "ada"}, {"reason", "away"}, {"sessions", "none"}});
  const Json newest = world.done("ListAudit", {{"limit", 2}}).parameters;
  ASSERT_EQ(newest["records"].size(), 2U);
  EXPECT_EQ(newest["records"][0]["operation"], "admin.SuspendUser");
  EXPECT_EQ(newest["records"][0]["detail"], "away");
  EXPECT_EQ(newest["records"][0]["peer_uid"], 0);
  EXPECT_EQ(newest["more"], true);
  const Json rest =
      world.done("ListAudit", {{"before", newest["records"][1]["sequence"]}}).parameters;
  ASSERT_EQ(rest["records"].size(), 1U);
  EXPECT_EQ(rest["more"], false);
  const Json of_ada = world.done("ListAudit", {{"name", "ada"}}).parameters["records"];
  EXPECT_EQ(of_ada.size(), 2U);
}

TEST_F(AdminRecords, VerifiesAChainThatHolds) {
  EXPECT_EQ(world.done("VerifyAudit").parameters, Json::object());
}

TEST_F(AdminRecords, NamesTheFirstRecordThatWasTamperedWith) {
  (void)world.done("SuspendUser", {{"name", "ada"}, {"reason", "away"}});
  (void)world.done("ResumeUser", {{"name", "ada"}});
  ASSERT_TRUE(world.store().write([](store::Database& database) {
    return database.execute(
        "DROP TRIGGER audit_is_never_changed;"
        "UPDATE audit SET detail = 'on leave' WHERE sequence = 2;");
  }));
  EXPECT_EQ(world.done("VerifyAudit").parameters["first_broken"], 2);
}

TEST_F(AdminRecords, NoVerbChangesWhatItCannotRecord) {
  (void)world.give_factor("ada", "phone");
  world.give_password("ada");
  ASSERT_TRUE(world.store().write([](store::Database& database) {
    return database.execute(
        "CREATE TRIGGER no_records BEFORE INSERT ON audit "
        "BEGIN SELECT RAISE(ABORT, 'no more records'); END;");
  }));
  const auto before = world.person("ada");
  const std::pair<const char*, Json> changes[] = {
      {"AddUser", {{"name", "bob"}}},    {"SuspendUser", {{"name", "ada"}, {"reason", "away"}}},
      {"ResetUser", {{"name", "ada"}}},  {"RemoveFactor", {{"name", "ada"}, {"factor", "phone"}}},
      {"DeleteUser", {{"name", "ada"}}},
  };
  for (const auto& [method, parameters] : changes) {
    EXPECT_EQ(world.refused(method, parameters), "Unavailable") << method;
    EXPECT_NE(world.log.last_failure, "") << method;
    world.log.last_failure.clear();
  }
  const auto after = world.person("ada");
  EXPECT_EQ(after.state, before.state);
  EXPECT_EQ(after.epoch, before.epoch);
  EXPECT_TRUE(world.has_password(after.id));
  EXPECT_EQ(world.done("ListFactors", {{"name", "ada"}}).parameters["factors"].size(), 1U);
  EXPECT_EQ(world.refused("ShowUser", {{"name", "bob"}}), "NoSuchUser");
}

TEST_F(AdminRecords, TellsHowUsherdIs) {
  const Json status = world.done("GetStatus").parameters;
  EXPECT_EQ(status, Json({{"version", "9.9.9"},
                          {"pid", 4711},
                          {"started_at", milliseconds(kStart)},
                          {"conversations", 3},
                          {"refused_frames", 2},
                          {"schema", store::newest_schema()},
                          {"key_source", "credential"},
                          {"unknown_names", "decoy"},
                          {"people", 1}}));
}

}  // namespace
}  // namespace usher::admin
