// usherctl sms, against the real gate; the courier is what happens between two looks.
#include "daemon/store/outbox.hpp"
#include "tests/ctl/ctl_world.hpp"

namespace usher::ctl {
namespace {

store::Store* the_store = nullptr;

bool sent_meanwhile() {
  return the_store
      ->write([](store::Database& database) -> Result<bool> {
        const auto taken =
            TRY(store::take_message(database, store::Service::sms, admin::kStart, admin::kStart));
        return store::message_sent(database, taken->record.uuid, admin::kStart, "201 SM9f");
      })
      .release_value();
}

bool nothing_meanwhile() {
  return true;
}

class CtlSms : public CtlWorld {
 protected:
  CtlSms() {
    world_.set_gateway();
    the_store = &world_.store();
  }
  Ran test_with(bool (*meanwhile)()) {
    Host host;
    host.wait_a_moment = meanwhile;
    return usherctl({"sms", "test", "+33612345678"}, host);
  }
};

TEST_F(CtlSms, TestSaysWhatTheGatewayAnswered) {
  const Ran ran = test_with(sent_meanwhile);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, "The gateway has taken it: 201 SM9f\n");
}

TEST_F(CtlSms, TestSaysWhatKeepsItFromLeaving) {
  EXPECT_NE(test_with(nothing_meanwhile).err.find("usher-courier has not come for it"),
            std::string::npos);
  world_.status.sms.asked_at = admin::kStart;
  world_.status.sms.courier = post::CourierState::here;
  world_.status.sms.trouble =
      post::Trouble{protocol::courier::Cause::no_credit, "402 pay", admin::kStart};
  const Ran ran = test_with(nothing_meanwhile);
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_NE(ran.err.find("the text message waits: no_credit: 402 pay (usherctl mail queue)"),
            std::string::npos)
      << ran.err;
}

TEST_F(CtlSms, WaitsInTheQueueWithTheMails) {
  (void)test_with(nothing_meanwhile);
  const Ran ran = usherctl({"mail", "queue"});
  EXPECT_NE(ran.out.find("+33612345678"), std::string::npos) << ran.out;
}

TEST_F(CtlSms, StatusSaysWhetherTextMessagesLeave) {
  world_.status.sms.courier = post::CourierState::here;
  EXPECT_NE(usherctl({"status"}).out.find("none was sent yet"), std::string::npos);
  world_.status.gateway_mistake = "own.toml:1: a mistake";
  EXPECT_NE(usherctl({"status"}).out.find("does not leave: own.toml:1: a mistake"),
            std::string::npos);
  world_.config.sms = {};
  world_.status.gateway_mistake = "";
  EXPECT_EQ(usherctl({"status"}).out.find("text messages"), std::string::npos);
}

}  // namespace
}  // namespace usher::ctl
