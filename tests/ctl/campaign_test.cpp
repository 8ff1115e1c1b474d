// usherctl campaign, as text.
#include "daemon/store/contacts.hpp"
#include "tests/ctl/ctl_world.hpp"

namespace usher::ctl {
namespace {

class CampaignNoun : public CtlWorld {
 protected:
  void SetUp() override {
    CtlWorld::SetUp();
    (void)usherctl({"user", "add", "ada"});
    const auto ada = world_.person("ada").id;
    ASSERT_TRUE(world_.store().write([&](store::Database& database) -> Result<void> {
      TRY(store::set_person_state(database, ada, store::PersonState::active, ""));
      TRY(store::add_contact(database, {.person = ada, .value = "ada@acme.example"},
                             admin::kStart));
      return {};
    }));
    world_.config.mail.server.host = "mail.acme.example";
    world_.status.mail.courier = post::CourierState::here;
  }
};

constexpr std::string_view kUntilThen =
    "Until confirmed, none of these addresses gets a code for a forgotten password; a\n"
    "confirmed number does, if forgot.by names sms.\n";

TEST_F(CampaignNoun, S6_TellsHowFarItIs) {
  EXPECT_EQ(usherctl({"campaign", "status"}).exit_code, 3);
  EXPECT_EQ(
      usherctl({"campaign", "start", "--dry-run"}).out,
      "Addresses that would be asked for: 1. People who have them: 1. People without one: 0.\n" +
          std::string(kUntilThen));
  EXPECT_EQ(usherctl({"campaign", "start"}).out,
            "Addresses to be confirmed: 1. People who have them: 1. People without one: 0.\n" +
                std::string(kUntilThen) +
                "Campaign 1 runs; `usherctl campaign status 1` says how far it is.\n");
  const std::string status = usherctl({"campaign", "status"}).out;
  for (const char* part :
       {"state        runs\n", "left         1\n", "unreachable  0\n", "people left  ada\n"}) {
    EXPECT_NE(status.find(part), std::string::npos) << part << status;
  }
  EXPECT_EQ(usherctl({"campaign", "stop", "1"}).exit_code, 0);
  EXPECT_EQ(usherctl({"campaign", "stop", "1"}).exit_code, 6);
  const std::string listed = usherctl({"campaign", "list"}).out;
  EXPECT_NE(listed.find("stopped"), std::string::npos) << listed;
  EXPECT_EQ(json({"campaign", "list"})["campaigns"].size(), 1U);
}

TEST_F(CampaignNoun, S4_NamesWhatIsMissing) {
  const Ran mobile = usherctl({"campaign", "start", "--kind", "mobile"});
  EXPECT_EQ(mobile.exit_code, 6);
  EXPECT_NE(mobile.err.find("sms.gateway"), std::string::npos) << mobile.err;
  EXPECT_EQ(usherctl({"campaign", "start", "--kind", "fax"}).exit_code, 2);
  world_.status.mail.courier = post::CourierState::away;
  const std::string looked = usherctl({"campaign", "start", "--dry-run"}).out;
  EXPECT_NE(looked.find("It would not start: usher-courier does not come"), std::string::npos)
      << looked;
}

}  // namespace
}  // namespace usher::ctl
