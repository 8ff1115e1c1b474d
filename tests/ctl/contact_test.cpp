// usherctl contact and usherctl report contacts, against the real gate.
#include "daemon/store/contacts.hpp"
#include "tests/ctl/ctl_world.hpp"

namespace usher::ctl {
namespace {

class CtlContact : public CtlWorld {
 protected:
  void SetUp() override {
    CtlWorld::SetUp();
    ASSERT_EQ(usherctl({"user", "add", "ada"}).exit_code, 0);
    world_.give_password("ada");
  }
  void ask_for_contacts() {
    world_.config.mail.server.host = "mail.acme.example";
    world_.config.base.actions.demands[policy::Action::confirm_contact] =
        policy::Demand::recommended;
  }
  void confirm(const char* address, std::chrono::hours held) {
    const auto id = world_.person("ada").id;
    ASSERT_TRUE(world_.store().write([&](store::Database& database) -> Result<void> {
      const auto contact =
          TRY(store::find_contact(database, id, store::ContactKind::mail, address));
      TRY(store::confirm_contact(database, contact->id, admin::kStart, admin::kStart + held));
      return {};
    }));
  }
};

TEST_F(CtlContact, S1_AddListAndRemoveSayWhatTheyDid) {
  ask_for_contacts();
  const Ran added = usherctl({"contact", "add", "ada", "mail", "ada@ACME.example"});
  EXPECT_EQ(added.exit_code, 0) << added.err;
  EXPECT_EQ(added.out,
            "Entered ada@ACME.example for ada, who is asked to confirm it at a sign-in. Their "
            "confirmed contacts are told.\n");
  ASSERT_EQ(usherctl({"contact", "add", "ada", "mobile", "+33612345678"}).exit_code, 0);
  confirm("ada@acme.example", std::chrono::hours(0));
  EXPECT_EQ(
      usherctl({"contact", "list", "ada"}).out,
      "KIND    CONTACT           STATE        CONFIRMED                  SERVES FROM           "
      "     ENTERED BY\n"
      "mail    ada@acme.example  usable       2023-11-14T23:13:20+01:00  "
      "2023-11-14T23:13:20+01:00  admin\n"
      "mobile  +33612345678      unconfirmed  -                          -                     "
      "     admin\n");
  EXPECT_EQ(usherctl({"contact", "remove", "ada", "+33612345678"}).exit_code, 0);
  EXPECT_EQ(json({"contact", "list", "ada"})["contacts"].size(), 1U);
}

TEST_F(CtlContact, S3_AddSaysWhereNothingAsksToConfirmIt) {
  const auto is_asked = [&](const char* kind, const char* value) {
    const admin::Json reply = json({"contact", "add", "ada", kind, value});
    return reply["asked"].get<bool>();
  };
  const Ran without = usherctl({"contact", "add", "ada", "mail", "ada@acme.example"});
  EXPECT_NE(without.out.find("for ada. No sign-in asks to confirm it: that takes"),
            std::string::npos)
      << without.out;
  ask_for_contacts();
  EXPECT_FALSE(is_asked("mobile", "+33612345678")) << "no text message leaves";
  EXPECT_TRUE(is_asked("mail", "ada@home.example"));
  world_.config.base.actions.demands[policy::Action::confirm_contact].reset();
  EXPECT_FALSE(is_asked("mail", "ada@work.example"));
  const auto ada = world_.person("ada").id;
  ASSERT_TRUE(world_.store().write([&](store::Database& database) {
    return store::set_person_state(database, ada, store::PersonState::active, "");
  }));
  world_.set_gateway();
  world_.status.mail.courier = post::CourierState::here;
  ASSERT_EQ(usherctl({"campaign", "start"}).exit_code, 0);
  EXPECT_FALSE(is_asked("mobile", "+33612345699")) << "the campaign is about addresses";
  EXPECT_TRUE(is_asked("mail", "ada@acme2.example"));
}

TEST_F(CtlContact, O12_AnotherAddressTakesTheOldOnesPlace) {
  ask_for_contacts();
  ASSERT_EQ(usherctl({"user", "set-email", "ada", "old@acme.example"}).exit_code, 0);
  const Ran ran =
      usherctl({"user", "set-email", "ada", "new@acme.example", "--replace", "--reason", "moved"});
  EXPECT_EQ(
      ran.out,
      "Entered new@acme.example for ada, who is asked to confirm it at a sign-in. Their other "
      "addresses are told, and gone.\n");
  const auto contacts = json({"contact", "list", "ada"})["contacts"];
  ASSERT_EQ(contacts.size(), 1U);
  EXPECT_EQ(contacts[0]["value"], "new@acme.example");
  EXPECT_EQ(contacts[0]["state"], "unconfirmed");
}

TEST_F(CtlContact, WhatIsNoContactIsRefusedWithTheReason) {
  const Ran ran = usherctl({"contact", "add", "ada", "mail", "nobody"});
  EXPECT_NE(ran.exit_code, 0);
  EXPECT_NE(ran.err.find("a contact is a mail address as ada@acme.example"), std::string::npos)
      << ran.err;
  const Ran unknown = usherctl({"contact", "remove", "ada", "nobody@acme.example"});
  EXPECT_NE(unknown.exit_code, 0);
  EXPECT_NE(unknown.err.find("nobody@acme.example"), std::string::npos) << unknown.err;
}

TEST_F(CtlContact, O14_TheReportSaysWhomNoCodeWouldReachAndWhy) {
  ASSERT_EQ(usherctl({"user", "add", "bob"}).exit_code, 0);
  ASSERT_EQ(usherctl({"contact", "add", "ada", "mail", "ada@acme.example"}).exit_code, 0);
  confirm("ada@acme.example", std::chrono::hours(24));
  EXPECT_EQ(
      usherctl({"report", "contacts"}).out,
      "NAME  WHY                                                   UNTIL\n"
      "ada   the contact was typed at a sign-in, and serves later  2023-11-15T23:13:20+01:00\n"
      "bob   no contact of theirs is known                         -\n");
}

}  // namespace
}  // namespace usher::ctl
