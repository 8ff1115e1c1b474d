// The verb that invites by mail: the code goes to its owner alone, and the reply says where it
// went.
#include <gmock/gmock.h>

#include "daemon/store/codes.hpp"
#include "daemon/store/contacts.hpp"
#include "daemon/store/outbox.hpp"
#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Invitation : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.config.mail.server.host = "mx.acme.example";
    world_.config.mail.from = "no-reply@acme.example";
    world_.done("AddUser", {{"name", "ada"}});
  }
  static Json to(const std::string& address) { return {{"name", "ada"}, {"mail", address}}; }
  std::vector<std::string> mails() {
    const auto messages = world_.store().read(
        [](store::Database& database) { return store::list_messages(database, {}, 100); });
    std::vector<std::string> lines;
    for (const auto& message : *messages) {
      lines.insert(lines.begin(), message.event + " " + message.recipient);
    }
    return lines;
  }
  // "ada@acme.example unconfirmed"
  std::vector<std::string> contacts() {
    const Json rows = world_.done("ListContacts", {{"name", "ada"}}).parameters["contacts"];
    std::vector<std::string> lines;
    for (const Json& row : rows) {
      lines.push_back(row["value"].get<std::string>() + " " + row["state"].get<std::string>());
    }
    return lines;
  }
  std::size_t live_codes() {
    const auto id = world_.person("ada").id;
    return world_.store()
        .read([&](store::Database& database) {
          return store::list_codes(database, id, "first-sign-in", world_.clock.now());
        })
        ->size();
  }
  // The refusal's text.
  std::string why_not(Json parameters = {{"name", "ada"}}) {
    const Reply reply = world_.call("InviteUser", std::move(parameters));
    const auto* error = std::get_if<ReplyError>(&reply);
    return error == nullptr ? "" : error->parameters.value("text", "");
  }
  AdminWorld world_;
};

TEST_F(Invitation, M4_TheCodeIsMailedForThreeDaysAndNotInTheReply) {
  const ReplyOk reply = world_.done("InviteUser", to("Ada@ACME.example"));
  EXPECT_FALSE(reply.secret.has_value());
  EXPECT_EQ(reply.parameters["contact"], "Ada@acme.example");
  EXPECT_EQ(reply.parameters["sender"], "no-reply@acme.example");
  EXPECT_EQ(reply.parameters["code_expires_at"], (kStart + 72h).time_since_epoch().count());
  EXPECT_THAT(mails(), ElementsAre("invitation Ada@acme.example"));
  EXPECT_THAT(contacts(), ElementsAre("Ada@acme.example unconfirmed"));
  const auto record = world_.audit().front();
  EXPECT_EQ(record.operation, "admin.InviteUser");
  EXPECT_EQ(record.person, "ada");
  EXPECT_EQ(record.detail, "mail A...@acme.example");
}

TEST_F(Invitation, WithoutAnAddressItGoesToTheOnlyOneThereIs) {
  EXPECT_THAT(why_not(), ::testing::HasSubstr("no mail address"));
  world_.done("AddContact", {{"name", "ada"}, {"kind", "mobile"}, {"value", "+33612345678"}});
  world_.done("AddContact", {{"name", "ada"}, {"kind", "mail"}, {"value", "ada@acme.example"}});
  EXPECT_EQ(world_.done("InviteUser", {{"name", "ada"}}).parameters["contact"], "ada@acme.example");
  world_.done("AddContact", {{"name", "ada"}, {"kind", "mail"}, {"value", "ada@home.example"}});
  EXPECT_THAT(why_not(), ::testing::HasSubstr("several mail addresses"));
  EXPECT_THAT(mails(), ElementsAre("invitation ada@acme.example"));
}

TEST_F(Invitation, VoidsTheCodeBeforeIt) {
  EXPECT_EQ(live_codes(), 1);
  world_.done("InviteUser", to("ada@acme.example"));
  world_.done("InviteUser", to("ada@acme.example"));
  EXPECT_EQ(live_codes(), 1);
  EXPECT_THAT(contacts(), ElementsAre("ada@acme.example unconfirmed"));
}

// Its owner would be asked to confirm it at a sign-in, by a code that goes to a stranger.
TEST_F(Invitation, TakesOutTheAddressThatTheOneBeforeWasMistypedWith) {
  world_.done("AddContact", {{"name", "ada"}, {"kind", "mail"}, {"value", "ada@home.example"}});
  world_.done("InviteUser", to("aad@acme.example"));
  const ReplyOk reply = world_.done("InviteUser", to("ada@acme.example"));
  EXPECT_EQ(reply.parameters["removed"], "aad@acme.example");
  EXPECT_THAT(contacts(),
              ElementsAre("ada@home.example unconfirmed", "ada@acme.example unconfirmed"));
  EXPECT_EQ(live_codes(), 1);
  EXPECT_EQ(world_.audit().front().detail, "mail a...@acme.example, without a...@acme.example");
  EXPECT_FALSE(world_.done("InviteUser", to("ada@acme.example")).parameters.contains("removed"));
}

TEST_F(Invitation, KeepsAConfirmedAddressThatTheOneBeforeWentTo) {
  world_.done("InviteUser", to("ada@acme.example"));
  const auto id = world_.person("ada").id;
  ASSERT_TRUE(world_.store().write([&](store::Database& database) -> Result<void> {
    const auto contact = TRY(store::list_contacts(database, id)).front();
    TRY(store::confirm_contact(database, contact.id, kStart, kStart));
    return {};
  }));
  EXPECT_FALSE(world_.done("InviteUser", to("ada@home.example")).parameters.contains("removed"));
  EXPECT_THAT(contacts(), ElementsAre("ada@acme.example usable", "ada@home.example unconfirmed"));
}

TEST_F(Invitation, IsTheOnlyOneThatWaitsOrCanBeSentAgain) {
  world_.done("InviteUser", to("ada@acme.example"));
  world_.done("InviteUser", to("ada@acme.example"));
  const Json queued = world_.done("ListMessages", {{"state", "queued"}}).parameters["messages"];
  ASSERT_EQ(queued.size(), 1U) << "the code of the other one is void";
  ASSERT_TRUE(world_.store().write([&](store::Database& database) {
    return store::message_refused(database, queued[0]["id"].get<std::string>(), kStart, "550");
  }));
  world_.done("InviteUser", to("ada@home.example"));
  EXPECT_EQ(world_.refused("RetryMessage", {{"id", queued[0]["id"]}}), "Conflict");
}

TEST_F(Invitation, IsNotSentOnceStaffHasMadeItsCodeVoid) {
  for (const char* verb : {"ResetUser", "DisableUser"}) {
    world_.done("InviteUser", to("ada@acme.example"));
    (void)world_.done(verb, {{"name", "ada"}, {"reason", "asked at the desk"}});
    const Json all = world_.done("ListMessages", {{"name", "ada"}}).parameters["messages"];
    EXPECT_EQ(all[0]["event"], "invitation") << verb;
    EXPECT_EQ(all[0]["detail"], "its code is void") << verb;
  }
}

TEST_F(Invitation, EndsWithItsAddress) {
  world_.done("InviteUser", to("ada@acme.example"));
  world_.done("RemoveContact", {{"name", "ada"}, {"value", "ada@acme.example"}});
  EXPECT_EQ(live_codes(), 0);
}

TEST_F(Invitation, OnlyWhoHasNotChosenAPasswordIsInvited) {
  world_.done("AddUser", {{"name", "gil"}, {"source", "federated:acme"}});
  EXPECT_THAT(why_not({{"name", "gil"}, {"mail", "gil@acme.example"}}),
              ::testing::HasSubstr("user convert"));
  world_.done("SuspendUser", {{"name", "ada"}, {"reason", "away"}, {"sessions", "none"}});
  EXPECT_THAT(why_not(to("ada@acme.example")), ::testing::HasSubstr("closed: suspended"));
  world_.done("ResumeUser", {{"name", "ada"}});
  const auto id = world_.person("ada").id;
  ASSERT_TRUE(world_.store().write([&](store::Database& database) {
    return store::set_person_state(database, id, store::PersonState::active, "");
  }));
  EXPECT_THAT(why_not(to("ada@acme.example")), ::testing::HasSubstr("usherctl user reset"));
  EXPECT_THAT(mails(), IsEmpty());
  EXPECT_THAT(contacts(), IsEmpty());
}

TEST_F(Invitation, IsRefusedWithoutAMailServerAndWaitsForOneInTrouble) {
  world_.status.mail.courier = post::CourierState::here;
  EXPECT_FALSE(world_.done("InviteUser", to("ada@acme.example")).parameters.contains("trouble"));
  world_.status.mail.courier = {};
  EXPECT_TRUE(world_.done("InviteUser", to("ada@acme.example")).parameters.contains("trouble"));
  world_.config.mail = {};
  EXPECT_THAT(why_not(to("ada@acme.example")), ::testing::HasSubstr("no mail server"));
  EXPECT_EQ(live_codes(), 1);
}

TEST_F(Invitation, WhatIsNoAddressIsRefused) {
  EXPECT_EQ(world_.refused("InviteUser", to("+33612345678")), "InvalidParameter");
  EXPECT_EQ(world_.refused("InviteUser", to("a@x.example\r\nBcc: eve@x.example")),
            "InvalidParameter");
  EXPECT_EQ(live_codes(), 1);
}

TEST_F(Invitation, OfAnAccountThatWasUsedBeforeTheConfirmedContactsAreTold) {
  const auto id = world_.person("ada").id;
  ASSERT_TRUE(world_.store().write([&](store::Database& database) -> Result<void> {
    const auto old =
        TRY(store::add_contact(database, {.person = id, .value = "old@acme.example"}, kStart));
    TRY(store::confirm_contact(database, old, kStart, kStart));
    return {};
  }));
  world_.done("InviteUser", to("ada@acme.example"));
  EXPECT_THAT(mails(),
              ElementsAre("contact-changed old@acme.example", "invitation ada@acme.example"));
}

}  // namespace
}  // namespace usher::admin
