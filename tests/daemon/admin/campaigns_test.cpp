// The verbs on campaigns: what they count, what they change, and what keeps one from starting.
#include "daemon/store/campaigns.hpp"

#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {
namespace {

class CampaignVerbs : public ::testing::Test {
 protected:
  void SetUp() override {
    (void)world_.done("AddGroup", {{"group", "crew"}});
    for (const char* name : {"ada", "bob", "cleo"}) {
      (void)world_.done("AddUser", {{"name", name}});
      activate(name);
    }
    (void)world_.done("AddMember", {{"group", "crew"}, {"name", "ada"}});
    add_mail("ada", "ada@acme.example");
    add_mail("bob", "bob@acme.example");
    world_.config.mail.server.host = "mail.acme.example";
    world_.config.mail.from = "usher@acme.example";
    world_.status.mail.courier = post::CourierState::here;
  }
  void activate(const char* name) {
    const auto id = world_.person(name).id;
    ASSERT_TRUE(world_.store().write([&](store::Database& database) {
      return store::set_person_state(database, id, store::PersonState::active, "");
    }));
  }
  void add_mail(const char* name, const char* address) {
    const auto person = world_.person(name).id;
    ASSERT_TRUE(world_.store().write([&](store::Database& database) -> Result<void> {
      TRY(store::add_contact(database, {.person = person, .value = address}, kStart));
      return {};
    }));
  }
  std::int64_t start(Json parameters = Json::object()) {
    parameters["kind"] = "mail";
    return world_.done("StartCampaign", std::move(parameters)).parameters["campaign"];
  }
  std::string conflict(const std::string& method, Json parameters) {
    Reply reply = world_.call(method, std::move(parameters));
    const auto* error = std::get_if<ReplyError>(&reply);
    if (error == nullptr || !error->parameters.contains("text")) return "";
    return error->parameters["text"];
  }
  Json listed() { return world_.done("ListCampaigns").parameters["campaigns"]; }
  AdminWorld world_;
};

TEST_F(CampaignVerbs, S6_ADryRunCountsAndChangesNothing) {
  const Json counted =
      world_.done("StartCampaign", {{"kind", "mail"}, {"only_check", true}}).parameters;
  EXPECT_EQ(counted, (Json{{"people", 3}, {"contacts", 2}, {"without", 1}}));
  EXPECT_EQ(listed(), Json::array());
}

TEST_F(CampaignVerbs, S6_SayHowFarTheyAreAndWhoIsLeft) {
  const std::int64_t id = start();
  const Json shown = world_.done("ShowCampaign", {{"campaign", id}, {"limit", 1}}).parameters;
  EXPECT_EQ(shown["campaign"]["asked"], 2);
  EXPECT_EQ(shown["campaign"]["left"], 2);
  EXPECT_EQ(shown["people"], Json::array({"ada"}));
  EXPECT_EQ(shown["more"], true);
  EXPECT_EQ(world_.done("ShowCampaign", {{"campaign", id}, {"after", "ada"}}).parameters["people"],
            Json::array({"bob"}));
  EXPECT_EQ(world_.audit().front().detail, "mail, everybody: 2 contacts");
  EXPECT_EQ(world_.done("StopCampaign", {{"campaign", id}}).parameters["left"], 2);
  EXPECT_TRUE(listed()[0].contains("stopped_at"));
  EXPECT_EQ(conflict("StopCampaign", {{"campaign", id}}), "it was stopped before");
  EXPECT_EQ(conflict("ShowCampaign", {{"campaign", 99}}), "there is no such campaign");
}

TEST_F(CampaignVerbs, S10_AreOfOneGroupOrOrganisation) {
  (void)start({{"group", "crew"}});
  EXPECT_EQ(listed()[0]["asked"], 1);
  EXPECT_EQ(listed()[0]["whom"], "crew");
  EXPECT_EQ(world_.refused("StartCampaign", {{"kind", "mail"}, {"group", "none"}}), "NoSuchGroup");
  EXPECT_EQ(world_.refused("StartCampaign", {{"kind", "mail"}, {"organisation", "none"}}),
            "NoSuchOrganisation");
  EXPECT_EQ(world_.refused("StartCampaign",
                           {{"kind", "mail"}, {"organisation", "acme"}, {"group", "crew"}}),
            "InvalidParameter");
}

// Whoever is asked for a code that cannot arrive is asked in vain.
TEST_F(CampaignVerbs, S4_DoNotStartWhileTheirServiceIsMissingOrInTrouble) {
  const auto refusal = [&] { return conflict("StartCampaign", {{"kind", "mail"}}); };
  world_.status.mail.trouble = post::Trouble{protocol::courier::Cause::expired, "since May"};
  EXPECT_EQ(refusal(), "no mail leaves: expired: since May");
  const Json looked =
      world_.done("StartCampaign", {{"kind", "mail"}, {"only_check", true}}).parameters;
  EXPECT_EQ(looked["missing"], "no mail leaves: expired: since May");
  for (const auto state : {post::CourierState::away, post::CourierState::never}) {
    world_.status.mail = {};
    world_.status.mail.courier = state;
    EXPECT_EQ(refusal(),
              "usher-courier does not come for mail: systemctl enable --now usher-courier");
  }
  world_.config.mail.server.host.clear();
  EXPECT_EQ(refusal(),
            "there is no mail server: set mail.server in usher.toml, then systemctl reload usherd");
  EXPECT_EQ(listed(), Json::array());
}

TEST_F(CampaignVerbs, S4_OfNumbersDoNotStartWhileNoTextMessageLeaves) {
  const auto refusal = [&] { return conflict("StartCampaign", {{"kind", "mobile"}}); };
  EXPECT_EQ(refusal(),
            "there is no gateway: set sms.gateway in usher.toml, then systemctl reload usherd");
  world_.set_gateway();
  EXPECT_EQ(refusal(),
            "usher-courier does not come for text messages: systemctl enable --now usher-courier");
  world_.status.sms.courier = post::CourierState::here;
  world_.status.sms.trouble = post::Trouble{protocol::courier::Cause::login_refused, "401"};
  EXPECT_EQ(refusal(), "no text message leaves: login_refused: 401");
  world_.sms_settings.gateway.reset();
  EXPECT_EQ(refusal(), "the gateway's file cannot be used: see usherctl status");
  EXPECT_EQ(listed(), Json::array());
}

TEST_F(CampaignVerbs, DoNotStartWhereThereIsNothingToConfirm) {
  (void)world_.done("AddGroup", {{"group", "empty"}});
  EXPECT_EQ(conflict("StartCampaign", {{"kind", "mail"}, {"group", "empty"}}),
            "there is nothing to confirm");
}

}  // namespace
}  // namespace usher::admin
