// usherctl mail, against the real gate; the courier is what happens between two looks.
#include "daemon/store/outbox.hpp"
#include "tests/ctl/ctl_world.hpp"

namespace usher::ctl {
namespace {

store::Store* the_store = nullptr;

bool sent_meanwhile() {
  return the_store
      ->write([](store::Database& database) -> Result<bool> {
        const auto taken =
            TRY(store::take_message(database, store::Service::mail, admin::kStart, admin::kStart));
        return store::message_sent(database, taken->record.uuid, admin::kStart, "250 2.0.0 queued");
      })
      .release_value();
}

bool refused_meanwhile() {
  return the_store
      ->write([](store::Database& database) -> Result<bool> {
        const auto taken =
            TRY(store::take_message(database, store::Service::mail, admin::kStart, admin::kStart));
        return store::message_refused(database, taken->record.uuid, admin::kStart,
                                      "recipient: 550 5.1.1 unknown");
      })
      .release_value();
}

int looks = 0;
bool put_off_meanwhile() {
  ++looks;
  return the_store
      ->write([](store::Database& database) -> Result<bool> {
        const auto taken =
            TRY(store::take_message(database, store::Service::mail, admin::kStart, admin::kStart));
        return store::message_not_tried(database, taken->record.uuid, admin::kStart,
                                        "expired: certificate has expired");
      })
      .release_value();
}

bool nothing_meanwhile() {
  return true;
}

class CtlMail : public CtlWorld {
 protected:
  CtlMail() {
    world_.config.mail.server.host = "mail.acme.example";
    the_store = &world_.store();
  }
  Ran test_with(bool (*meanwhile)(), const std::string& to = "ada@acme.example") {
    Host host;
    host.wait_a_moment = meanwhile;
    return usherctl({"mail", "test", to}, host);
  }
};

TEST_F(CtlMail, G24_TestSaysWhatTheServerAnswered) {
  const Ran ran = test_with(sent_meanwhile);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, "The server has taken it: 250 2.0.0 queued\n");
}

TEST_F(CtlMail, G24_TestFailsWhereTheServerSaysNo) {
  const Ran ran = test_with(refused_meanwhile);
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find("the mail was not taken: recipient: 550 5.1.1 unknown"), std::string::npos)
      << ran.err;
}

TEST_F(CtlMail, TestSaysWhatKeepsItFromLeaving) {
  EXPECT_NE(test_with(nothing_meanwhile).err.find("usher-courier has not come for it"),
            std::string::npos);
  world_.status.mail.asked_at = admin::kStart;
  world_.status.mail.courier = post::CourierState::here;
  EXPECT_NE(test_with(nothing_meanwhile).err.find("the server has not taken it yet"),
            std::string::npos);
  world_.status.mail.trouble =
      post::Trouble{protocol::courier::Cause::wrong_name, "no name matches", admin::kStart};
  const Ran ran = test_with(nothing_meanwhile);
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_NE(ran.err.find("the mail waits: wrong_name: no name matches"), std::string::npos);
}

// What was heard before is not what it says, and nobody waits for a minute.
TEST_F(CtlMail, TestSaysAtOnceWhyItWasPutOff) {
  world_.status.mail.courier = post::CourierState::here;
  world_.status.mail.trouble =
      post::Trouble{protocol::courier::Cause::wrong_name, "long ago", admin::kStart};
  looks = 0;
  const Ran ran = test_with(put_off_meanwhile);
  EXPECT_EQ(looks, 1);
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_NE(ran.err.find("the mail waits: expired: certificate has expired"), std::string::npos)
      << ran.err;
}

TEST_F(CtlMail, QueueShowsWhatWaitsAndWhatWasGivenUp) {
  (void)test_with(refused_meanwhile);
  (void)test_with(nothing_meanwhile, "root@acme.example");
  const Ran ran = usherctl({"mail", "queue"});
  const std::size_t waits = ran.out.find("queued");
  const std::size_t dead = ran.out.find("dead");
  ASSERT_NE(waits, std::string::npos) << ran.out;
  ASSERT_NE(dead, std::string::npos) << ran.out;
  EXPECT_LT(waits, dead);
  EXPECT_NE(ran.out.find("550 5.1.1 unknown"), std::string::npos);
  const admin::Json all = json({"mail", "queue"});
  ASSERT_EQ(all["messages"].size(), 2U);
  EXPECT_EQ(usherctl({"mail", "retry", all["messages"][1]["id"]}).out, "It is queued again.\n");
  EXPECT_EQ(usherctl({"mail", "retry", std::string(32, '0')}).exit_code, 3);
  (void)test_with(refused_meanwhile);
  // This one and root's: it took the place of the one to its address that was queued once more.
  EXPECT_EQ(usherctl({"mail", "retry", "--all"}).out, "2 queued again.\n");
  EXPECT_EQ(usherctl({"mail", "retry", "--all"}).out, "0 queued again.\n");
  EXPECT_EQ(usherctl({"mail", "retry"}).exit_code, 2);
  EXPECT_EQ(usherctl({"mail", "retry", "--all", std::string(32, '0')}).exit_code, 2);
}

TEST_F(CtlMail, G24_LogShowsWhatWentToAPerson) {
  (void)usherctl({"user", "add", "ada"});
  EXPECT_EQ(usherctl({"mail", "log", "ada"}).exit_code, 0);
  EXPECT_EQ(json({"mail", "log", "ada"})["messages"].size(), 0U);
  EXPECT_EQ(usherctl({"mail", "log", "nobody"}).exit_code, 3);
}

TEST_F(CtlMail, StatusSaysWhetherMailLeaves) {
  const auto mail_line = [&] {
    const std::string out = usherctl({"status"}).out;
    const std::size_t at = out.find("\nmail ") + 1;
    return out.substr(at, out.find('\n', at) - at);
  };
  EXPECT_NE(mail_line().find("waits: usher-courier has not come for it"), std::string::npos);
  world_.status.mail.asked_at = admin::kStart;
  world_.status.mail.courier = post::CourierState::here;
  EXPECT_NE(mail_line().find("none was sent yet"), std::string::npos);
  world_.status.mail.sent_at = admin::kStart;
  EXPECT_NE(mail_line().find("leaves"), std::string::npos);
  world_.status.mail.courier = post::CourierState::away;
  EXPECT_NE(mail_line().find("has not come for it since 2023-11-14T23:13:20+01:00"),
            std::string::npos)
      << mail_line();
  world_.status.mail.courier = post::CourierState::no_socket;
  EXPECT_NE(mail_line().find("usherd-courier.socket"), std::string::npos);
  world_.status.mail.trouble =
      post::Trouble{protocol::courier::Cause::expired, "long ago", admin::kStart};
  EXPECT_NE(mail_line().find("does not leave since 2023-11-14T23:13:20+01:00: expired: long ago"),
            std::string::npos)
      << mail_line();
}

}  // namespace
}  // namespace usher::ctl
