// The test of the way out for text messages.
#include "daemon/store/outbox.hpp"
#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {
namespace {

class AdminSms : public ::testing::Test {
 protected:
  AdminSms() { world_.set_gateway(); }
  std::string refusal(const std::string& number) {
    return world_.refused("SendTestSms", {{"number", number}});
  }
  AdminWorld world_;
};

TEST_F(AdminSms, ATestIsQueuedAndRecorded) {
  const std::string id =
      world_.done("SendTestSms", {{"number", "+33 6 12 34 56 78"}}).parameters["id"];
  const Json message = world_.done("ShowMessage", {{"id", id}}).parameters["message"];
  EXPECT_EQ(message["service"], "sms");
  EXPECT_EQ(message["event"], "test");
  EXPECT_EQ(message["recipient"], "+33612345678");
  EXPECT_EQ(message["state"], "queued");
  const auto record = world_.audit().front();
  EXPECT_EQ(record.operation, "admin.SendTestSms");
  EXPECT_EQ(record.detail, "+33 ... 78");
}

TEST_F(AdminSms, TakesANumberAsItIsWrittenAtHome) {
  EXPECT_EQ(refusal("06 12 34 56 78"), "InvalidParameter") << "in no country";
  world_.config.sms.national_country = "FR";
  (void)world_.done("SendTestSms", {{"number", "06 12 34 56 78"}});
  EXPECT_EQ(world_.audit().front().detail, "+33 ... 78");
}

TEST_F(AdminSms, GoesToNothingElseThanANumber) {
  for (const char* none : {"ada", "ada@acme.example", "+33612345678,+33699999999", "+1"}) {
    EXPECT_EQ(refusal(none), "InvalidParameter") << none;
  }
}

TEST_F(AdminSms, IsRefusedWithoutAGatewayAbroadAndOverItsBudget) {
  EXPECT_EQ(refusal("+32470123456"), "Conflict");
  world_.config.sms.budget.per_day = 1;
  (void)world_.done("SendTestSms", {{"number", "+33612345678"}});
  EXPECT_EQ(refusal("+33612345678"), "Conflict");
  EXPECT_EQ(world_.log.last_failure, "") << "none of them is usherd's failure";
  world_.sms_settings.gateway.reset();
  EXPECT_EQ(refusal("+33612345678"), "Conflict");
}

TEST_F(AdminSms, StandsInTheStatusWhereAGatewayIsSet) {
  world_.status.gateway_mistake = "own.toml:1: a mistake";
  const Json status = world_.done("GetStatus").parameters;
  EXPECT_EQ(status["sms"]["queued"], 0);
  EXPECT_EQ(status["gateway_mistake"], "own.toml:1: a mistake");
  world_.config.sms = {};
  world_.status.gateway_mistake = "";
  const Json without = world_.done("GetStatus").parameters;
  EXPECT_FALSE(without.contains("sms"));
  EXPECT_FALSE(without.contains("gateway_mistake"));
}

}  // namespace
}  // namespace usher::admin
