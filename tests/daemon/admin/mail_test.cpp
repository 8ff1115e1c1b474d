// Messages as administrators see them.
#include "daemon/store/outbox.hpp"
#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {
namespace {

class AdminMail : public ::testing::Test {
 protected:
  AdminMail() { world_.config.mail.server.host = "mail.acme.example"; }

  std::string send(const std::string& address = "ada@acme.example") {
    return world_.done("SendTestMail", {{"address", address}}).parameters["id"];
  }
  Json messages(Json parameters = Json::object()) {
    return world_.done("ListMessages", std::move(parameters)).parameters["messages"];
  }
  void refuse(const std::string& id) {
    ASSERT_TRUE(world_.store().write([&](store::Database& database) {
      return store::message_refused(database, id, kStart, "recipient: 550 5.1.1 unknown");
    }));
  }
  // To a person, as a notice is.
  void write_to(std::string_view name) {
    store::NewMessage message;
    message.uuid = std::string(32, 'f');
    message.person = world_.person(name).id;
    message.event = "password-changed";
    message.recipient = "ada@acme.example";
    message.sealed = "sealed";
    message.queued_at = kStart;
    message.ends_at = kStart + 24h;
    ASSERT_TRUE(world_.store().write(
        [&](store::Database& database) { return store::queue_message(database, message); }));
  }

  AdminWorld world_;
};

TEST_F(AdminMail, G24_ATestIsQueuedAndRecorded) {
  const std::string id = send();
  const Json message = world_.done("ShowMessage", {{"id", id}}).parameters["message"];
  EXPECT_EQ(message["event"], "test");
  EXPECT_EQ(message["recipient"], "ada@acme.example");
  EXPECT_EQ(message["state"], "queued");
  EXPECT_EQ(message["name"], "");
  EXPECT_FALSE(message.contains("done_at"));
  const auto record = world_.audit().front();
  EXPECT_EQ(record.operation, "admin.SendTestMail");
  EXPECT_EQ(record.detail, "a...@acme.example");
}

// Whoever mended the server and asks whether mail leaves now does not want to wait for its next
// try.
TEST_F(AdminMail, G24_ATestAndARetryAreTriedAtOnce) {
  const std::string id = send();
  EXPECT_EQ(world_.status.tried_at_once[store::Service::mail], 1);
  EXPECT_EQ(world_.status.tried_at_once[store::Service::sms], 0);
  refuse(id);
  (void)world_.done("RetryMessage", {{"id", id}});
  EXPECT_EQ(world_.status.tried_at_once[store::Service::mail], 2);
  EXPECT_EQ(world_.status.tried_at_once[store::Service::sms], 1);
}

TEST_F(AdminMail, G24_ATestIsBeforeWhatNobodyWaitsFor) {
  (void)world_.done("AddUser", {{"name", "ada"}});
  write_to("ada");
  const std::string id = send();
  const auto next = world_.store().write([&](store::Database& database) {
    return store::take_message(database, store::Service::mail, kStart, kStart + 1min);
  });
  EXPECT_EQ((*next)->record.uuid, id);
}

// Whoever mends a server tests until it works, and wants one mail of it.
TEST_F(AdminMail, G24_ATestTakesThePlaceOfTheOneThatWaitsForThatAddress) {
  (void)world_.done("AddUser", {{"name", "ada"}});
  write_to("ada");
  const std::string before = send();
  const std::string elsewhere = send("root@acme.example");
  const std::string id = send();
  const Json queued = messages({{"state", "queued"}});
  ASSERT_EQ(queued.size(), 3U);
  EXPECT_EQ(queued[0]["id"], id);
  EXPECT_EQ(queued[1]["id"], elsewhere);
  EXPECT_EQ(queued[2]["name"], "ada");
  const Json shown = world_.done("ShowMessage", {{"id", before}}).parameters["message"];
  EXPECT_EQ(shown["detail"], "a newer one took its place");
  EXPECT_EQ(world_.refused("RetryMessage", {{"id", before}}), "Conflict") << "its text is gone";
  refuse(id);
  (void)send();
  EXPECT_EQ(world_.done("ShowMessage", {{"id", id}}).parameters["message"]["detail"],
            "recipient: 550 5.1.1 unknown");
  EXPECT_EQ(world_.refused("RetryMessage", {{"id", id}}), "Conflict");
}

TEST_F(AdminMail, IsNotSentWithoutAServer) {
  world_.config.mail = {};
  EXPECT_EQ(world_.refused("SendTestMail", {{"address", "ada@acme.example"}}), "Conflict");
  world_.config.mail.server.host = "mail.acme.example";
  EXPECT_EQ(messages().size(), 0U);
}

TEST_F(AdminMail, GoesToNothingElseThanAnAddress) {
  for (const char* none : {"", "ada", "a@b, c@d", "a@b\nBcc: c@d", "Ada <a@b>"}) {
    EXPECT_EQ(world_.refused("SendTestMail", {{"address", none}}), "InvalidParameter") << none;
  }
}

TEST_F(AdminMail, G24_IsListedByPersonAndByState) {
  (void)world_.done("AddUser", {{"name", "ada"}});
  (void)world_.done("AddUser", {{"name", "bob"}});
  write_to("ada");
  const std::string dead = send();
  refuse(dead);
  EXPECT_EQ(messages().size(), 2U);
  const Json hers = messages({{"name", "ada"}});
  ASSERT_EQ(hers.size(), 1U);
  EXPECT_EQ(hers[0]["name"], "ada");
  EXPECT_EQ(hers[0]["event"], "password-changed");
  EXPECT_EQ(messages({{"name", "bob"}}).size(), 0U);
  EXPECT_EQ(world_.refused("ListMessages", {{"name", "nobody"}}), "NoSuchUser");
  const Json given_up = messages({{"state", "dead"}});
  ASSERT_EQ(given_up.size(), 1U);
  EXPECT_EQ(given_up[0]["id"], dead);
  EXPECT_EQ(given_up[0]["detail"], "recipient: 550 5.1.1 unknown");
  EXPECT_EQ(world_.refused("ListMessages", {{"state", "lost"}}), "InvalidParameter");
}

TEST_F(AdminMail, IsListedInPages) {
  for (int i = 0; i < 5; ++i) (void)send();
  const auto first = world_.done("ListMessages", {{"limit", 3}}).parameters;
  EXPECT_EQ(first.at("messages").size(), 3U);
  EXPECT_EQ(first.at("more"), true);
  const auto before = first.at("messages").at(2).at("sequence");
  const auto rest = world_.done("ListMessages", {{"limit", 3}, {"before", before}}).parameters;
  EXPECT_EQ(rest.at("messages").size(), 2U);
  EXPECT_EQ(rest.at("more"), false);
}

TEST_F(AdminMail, IsSentOnceMoreOnlyWhereItWasGivenUp) {
  const std::string id = send();
  EXPECT_EQ(world_.refused("RetryMessage", {{"id", id}}), "Conflict");
  refuse(id);
  (void)world_.done("RetryMessage", {{"id", id}});
  EXPECT_EQ(messages({{"state", "queued"}}).size(), 1U);
  EXPECT_EQ(world_.audit().front().operation, "admin.RetryMessage");
  EXPECT_EQ(world_.refused("RetryMessage", {{"id", std::string(32, '0')}}), "NoSuchMessage");
  EXPECT_EQ(world_.refused("ShowMessage", {{"id", std::string(32, '0')}}), "NoSuchMessage");
  refuse(id);
  world_.clock.turn(1h);
  EXPECT_EQ(world_.refused("RetryMessage", {{"id", id}}), "Conflict") << "it is of no use now";
}

TEST_F(AdminMail, AllThatWasGivenUpIsSentOnceMoreAtOnce) {
  for (const char* to : {"bob@acme.example", "cyd@acme.example", "dan@acme.example"}) {
    refuse(send(to));
  }
  const std::string waiting = send();
  EXPECT_EQ(world_.done("RetryMessage").parameters["messages"], 3);
  EXPECT_EQ(messages({{"state", "queued"}}).size(), 4U);
  EXPECT_EQ(world_.audit().front().operation, "admin.RetryMessage");
  EXPECT_EQ(world_.audit().front().detail, "3");
  EXPECT_EQ(world_.done("RetryMessage").parameters["messages"], 0);
  refuse(waiting);
  world_.clock.turn(1h);
  EXPECT_EQ(world_.done("RetryMessage").parameters["messages"], 0) << "it is of no use now";
}

TEST_F(AdminMail, StandsInTheStatus) {
  refuse(send());
  (void)send();
  Json mail = world_.done("GetStatus").parameters["mail"];
  EXPECT_EQ(mail["queued"], 1);
  EXPECT_EQ(mail["dead"], 1);
  EXPECT_FALSE(mail.contains("trouble"));
  EXPECT_EQ(mail["courier"], "never");
  world_.status.mail = {post::CourierState::away,
                        kStart,
                        {},
                        post::Trouble{protocol::courier::Cause::expired, "x", kStart}};
  mail = world_.done("GetStatus").parameters["mail"];
  EXPECT_EQ(mail["trouble"], "expired");
  EXPECT_EQ(mail["courier"], "away");
  EXPECT_FALSE(mail.contains("sent_at"));
  world_.config.mail = {};
  EXPECT_FALSE(world_.done("GetStatus").parameters.contains("mail"));
}

}  // namespace
}  // namespace usher::admin
