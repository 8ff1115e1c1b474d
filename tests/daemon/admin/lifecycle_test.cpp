// An account's life as administrators see and change it: states, sources, ends, and factors that
// are set aside.
#include "daemon/store/contacts.hpp"
#include "daemon/store/outbox.hpp"
#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {
namespace {

using namespace std::chrono_literals;

class Lifecycle : public ::testing::Test {
 protected:
  void SetUp() override { (void)world.done("AddUser", {{"name", "ada"}}); }

  void sign_in(const char* name) {
    world.give_password(name);
    const auto id = world.person(name).id;
    ASSERT_TRUE(world.store().write(
        [&](store::Database& database) { return store::note_sign_in(database, id, kStart); }));
  }
  Json blockers(const char* name) {
    return world.done("ShowUser", {{"name", name}}).parameters["blocked_by"];
  }
  std::string state(const char* name) {
    return world.done("ShowUser", {{"name", name}}).parameters["user"]["state"];
  }
  Json user(const char* name) {
    return world.done("ShowUser", {{"name", name}}).parameters["user"];
  }
  std::string set_password(const char* name, std::string_view password) {
    Call call;
    call.method = "io.usher.Admin.SetPassword";
    const Secret typed = Secret::copy(password).release_value();
    // As a frame brings it: what stands among the parameters is not the secret.
    call.parameters = {{"name", name}, {"secret", "****"}};
    call.secret =
        protocol::varlink::NamedSecret{"secret", protocol::varlink::to_hex(typed).release_value()};
    const Reply reply = answer(call, kRoot, world.context());
    const auto* error = std::get_if<ReplyError>(&reply);
    if (error == nullptr) return "done";
    return AdminWorld::error_name(reply) + ": " +
           *protocol::varlink::text_of(error->parameters, "text");
  }

  AdminWorld world;
};

TEST_F(Lifecycle, P1_GoesFromInvitedToActiveToDisabledAndBack) {
  EXPECT_EQ(state("ada"), "invited");
  sign_in("ada");
  EXPECT_EQ(state("ada"), "active");
  (void)world.done("DisableUser", {{"name", "ada"}, {"reason", "left"}});
  EXPECT_EQ(state("ada"), "disabled");
  EXPECT_EQ(blockers("ada"), (Json{"disabled"}));
  (void)world.done("EnableUser", {{"name", "ada"}});
  EXPECT_EQ(state("ada"), "active");
}

TEST_F(Lifecycle, P1_BringsADisabledPersonBackByEnablingOnly) {
  (void)world.done("DisableUser", {{"name", "ada"}, {"reason", "left"}});
  EXPECT_EQ(world.refused("ResumeUser", {{"name", "ada"}}), "Conflict");
  EXPECT_EQ(world.refused("SuspendUser", {{"name", "ada"}, {"reason", "x"}}), "Conflict");
  EXPECT_EQ(world.refused("DisableUser", {{"name", "ada"}, {"reason", "x"}}), "Conflict");
  EXPECT_EQ(world.refused("HandBackUser", {{"name", "ada"}}), "Conflict");
  (void)world.done("EnableUser", {{"name", "ada"}});
  EXPECT_EQ(world.refused("EnableUser", {{"name", "ada"}}), "Conflict");
}

TEST_F(Lifecycle, ASuspendedPersonMayBeDisabledToo) {
  (void)world.done("SuspendUser", {{"name", "ada"}, {"reason", "on leave"}});
  EXPECT_EQ(world.refused("EnableUser", {{"name", "ada"}}), "Conflict");
  (void)world.done("DisableUser", {{"name", "ada"}, {"reason", "left"}});
  EXPECT_EQ(world.person("ada").state_reason, "left");
}

TEST_F(Lifecycle, DisablingVoidsWhatWasHandedOut) {
  const std::int64_t before = world.person("ada").epoch;
  (void)world.done("DisableUser", {{"name", "ada"}, {"reason", "left"}});
  EXPECT_GT(world.person("ada").epoch, before);
  const auto id = world.person("ada").id;
  const auto codes = world.store().read([&](store::Database& database) -> Result<std::int64_t> {
    auto query = TRY(database.query("SELECT count(*) FROM codes WHERE person = ?"));
    query.bind(static_cast<std::int64_t>(id));
    TRY(query.next());
    return query.integer(0);
  });
  EXPECT_EQ(*codes, 0);
}

TEST_F(Lifecycle, M2_AFederatedPersonGetsNoPasswordAndNoCode) {
  ReplyOk added = world.done("AddUser", {{"name", "gil"}, {"source", "federated:acme"}});
  EXPECT_FALSE(added.secret);
  EXPECT_FALSE(added.parameters.contains("code_expires_at"));
  EXPECT_EQ(added.parameters["user"]["source"], "federated:acme");
  EXPECT_EQ(blockers("gil"), (Json{"signed_in_elsewhere"}));
  EXPECT_EQ(world.refused("ResetUser", {{"name", "gil"}}), "Conflict");
  const auto id = world.person("gil").id;
  EXPECT_FALSE(world.store().write([&](store::Database& database) {
    return store::put_password(database, id, {"$argon2id$test", false, kStart});
  })) << "the store itself keeps none";
}

TEST_F(Lifecycle, M3_AConvertedPersonSignsInHereWithACode) {
  (void)world.done("AddUser", {{"name", "gil"}, {"source", "federated:acme"}});
  const ReplyOk converted = world.done("ConvertUser", {{"name", "gil"}});
  ASSERT_TRUE(converted.secret);
  EXPECT_EQ(converted.secret->text.size(), 14U);
  EXPECT_EQ(blockers("gil"), (Json{"first_sign_in_due"}));
  EXPECT_EQ(world.refused("ConvertUser", {{"name", "gil"}}), "Conflict");
}

TEST_F(Lifecycle, O8_AConvertedPersonIsTold) {
  world.config.mail.server.host = "mx.acme.example";
  world.config.mail.from = "no-reply@acme.example";
  (void)world.done("AddUser", {{"name", "gil"}, {"source", "federated:acme"}});
  const auto id = world.person("gil").id;
  ASSERT_TRUE(world.store().write([&](store::Database& database) -> Result<void> {
    const auto contact =
        TRY(store::add_contact(database, {.person = id, .value = "gil@acme.example"}, kStart));
    TRY(store::confirm_contact(database, contact, kStart, kStart));
    return {};
  }));
  (void)world.done("ConvertUser", {{"name", "gil"}});
  const auto mails = world.store().read(
      [](store::Database& database) { return store::list_messages(database, {}, 10); });
  ASSERT_EQ(mails->size(), 1U);
  EXPECT_EQ(mails->front().event, "account-converted");
  EXPECT_EQ(mails->front().recipient, "gil@acme.example");
}

// Nobody whom a provider signs in could confirm an address here.
TEST_F(Lifecycle, O8_AConvertedPersonIsToldAtWhatStaffEntered) {
  world.config.mail.server.host = "mx.acme.example";
  world.config.mail.from = "no-reply@acme.example";
  (void)world.done("AddUser", {{"name", "gil"}, {"source", "federated:acme"}});
  for (const char* address : {"gil@acme.example", "gil@home.example"}) {
    (void)world.done("AddContact", {{"name", "gil"}, {"kind", "mail"}, {"value", address}});
  }
  (void)world.done("ConvertUser", {{"name", "gil"}});
  const auto mails = world.store().read(
      [](store::Database& database) { return store::list_messages(database, {}, 10); });
  ASSERT_EQ(mails->size(), 2U);
  EXPECT_EQ(mails->front().event, "account-converted");
  EXPECT_EQ(mails->back().recipient, "gil@acme.example");
}

TEST_F(Lifecycle, KnowsOnlySourcesItCouldAsk) {
  for (const char* source : {"", "directory", "federated:", "federated:A", "ldap"}) {
    EXPECT_EQ(world.refused("AddUser", {{"name", "gil"}, {"source", source}}), "InvalidParameter")
        << source;
  }
}

TEST_F(Lifecycle, AnAccountEndsOnTheDayThatWasSet) {
  sign_in("ada");
  const std::int64_t end = milliseconds(kStart + 48h);
  (void)world.done("SetUser", {{"name", "ada"}, {"expires_at", end}});
  EXPECT_EQ(blockers("ada"), Json::array());
  world.clock.turn(48h);
  EXPECT_EQ(blockers("ada"), (Json{"expired"}));
  (void)world.done("SetUser", {{"name", "ada"}, {"expires_at", 0}});
  EXPECT_EQ(blockers("ada"), Json::array());
}

TEST_F(Lifecycle, AnUnusedAccountIsOpenedByEnablingIt) {
  world.config.base.inactive_after = std::chrono::days(20);
  sign_in("ada");
  world.clock.turn(20 * 24h);
  EXPECT_EQ(blockers("ada"), (Json{"inactive"}));
  (void)world.done("EnableUser", {{"name", "ada"}});
  EXPECT_EQ(blockers("ada"), Json::array());
  world.clock.turn(20 * 24h);
  EXPECT_EQ(blockers("ada"), (Json{"inactive"}));
}

TEST_F(Lifecycle, P10_AFactorThatWasFoundIsKeptDuringASuspensionAndAfterIt) {
  (void)world.give_factor("ada", "phone");
  (void)world.done("SuspendFactors", {{"name", "ada"}, {"reason", "lost"}, {"seconds", 3600}});
  world.clock.turn(2h);
  (void)world.done("ResumeFactors", {{"name", "ada"}});
  EXPECT_FALSE(user("ada").contains("factors_suspended_until"));
  // With the last one there is nothing left to be suspended.
  (void)world.done("SuspendFactors", {{"name", "ada"}, {"reason", "lost"}, {"seconds", 3600}});
  EXPECT_TRUE(user("ada").contains("factors_suspended_until"));
  (void)world.done("RemoveFactor", {{"name", "ada"}, {"factor", "phone"}});
  EXPECT_FALSE(user("ada").contains("factors_suspended_until"));
}

TEST_F(Lifecycle, AFactorIsSuspendedForAWhileAndForAReason) {
  EXPECT_EQ(world.refused("SuspendFactors", {{"name", "ada"}, {"reason", "x"}, {"seconds", 3600}}),
            "Conflict")
      << "there is none";
  (void)world.give_factor("ada", "phone");
  const Json suspended =
      world.done("SuspendFactors", {{"name", "ada"}, {"reason", "lost"}, {"seconds", 3600}})
          .parameters;
  EXPECT_EQ(suspended["until"], milliseconds(kStart + 1h));
  EXPECT_EQ(world.audit().front().detail, "lost");
  (void)world.done("ResumeFactors", {{"name", "ada"}});
  EXPECT_EQ(world.refused("ResumeFactors", {{"name", "ada"}}), "Conflict");
  for (const int seconds : {0, 59, 604801}) {
    EXPECT_EQ(
        world.refused("SuspendFactors", {{"name", "ada"}, {"reason", "x"}, {"seconds", seconds}}),
        "InvalidParameter");
  }
}

TEST_F(Lifecycle, O1_APasswordIsSetByHandOnlyWhereSettingsAllowIt) {
  EXPECT_EQ(set_password("ada", "seven green kites"),
            "Conflict: admin.may_set_password is off; use: usherctl user reset");
  world.config.may_set_password = true;
  EXPECT_EQ(set_password("ada", "seven green kites"), "done");
  EXPECT_EQ(blockers("ada"), (Json{"new_password_due"}));
}

TEST_F(Lifecycle, O1_APasswordSetByHandObeysTheRulesOfEveryDoor) {
  world.config.may_set_password = true;
  EXPECT_TRUE(set_password("ada", "short").starts_with("InvalidParameter: ")) << "too short";
  EXPECT_TRUE(set_password("ada", "password1").starts_with("InvalidParameter: ")) << "common";
  EXPECT_FALSE(world.has_password(world.person("ada").id));
}

TEST_F(Lifecycle, O1_APasswordSetByHandIsInNoRecord) {
  world.config.may_set_password = true;
  ASSERT_EQ(set_password("ada", "seven green kites"), "done");
  const store::AuditRecord last = world.audit().front();
  EXPECT_EQ(last.operation, "admin.SetPassword");
  EXPECT_EQ(last.detail, "");
}

TEST_F(Lifecycle, O1_NoPasswordIsSetOfWhomSomebodyElseSignsIn) {
  world.config.may_set_password = true;
  (void)world.done("AddUser", {{"name", "gil"}, {"source", "federated:acme"}});
  EXPECT_TRUE(set_password("gil", "seven green kites").starts_with("Conflict: "));
}

TEST_F(Lifecycle, WhoeverIsClosedOutMayDoNothingEither) {
  world.config.roles.helpdesk = {"desk"};
  (void)world.done("AddGroup", {{"group", "desk"}});
  (void)world.done("AddUser", {{"name", "hank"}, {"uid", 3002}});
  (void)world.done("AddMember", {{"group", "desk"}, {"name", "hank"}});
  const auto hanks = [&] {
    return AdminWorld::error_name(world.call("ListUsers", Json::object(), Peer{Uid{3002}}));
  };
  EXPECT_EQ(hanks(), "NotPermitted") << "invited: nothing is proven yet";
  sign_in("hank");
  EXPECT_EQ(hanks(), "");
  (void)world.done("SetUser", {{"name", "hank"}, {"expires_at", milliseconds(kStart)}});
  EXPECT_EQ(hanks(), "NotPermitted");
  (void)world.done("SetUser", {{"name", "hank"}, {"expires_at", 0}});
  (void)world.done("DisableUser", {{"name", "hank"}, {"reason", "left"}});
  EXPECT_EQ(hanks(), "NotPermitted");
}

}  // namespace
}  // namespace usher::admin
