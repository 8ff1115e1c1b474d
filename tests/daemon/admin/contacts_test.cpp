// The verbs on contacts: what staff enter is unconfirmed, and every confirmed contact hears of it.
#include "daemon/store/contacts.hpp"

#include <gmock/gmock.h>

#include "daemon/store/codes.hpp"
#include "daemon/store/outbox.hpp"
#include "tests/daemon/admin/admin_world.hpp"
#include "tests/daemon/store/doubt.hpp"

namespace usher::admin {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Contacts : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.config.mail.server.host = "mx.acme.example";
    world_.config.mail.from = "no-reply@acme.example";
    world_.done("AddUser", {{"name", "ada"}});
    world_.give_password("ada");
    const auto id = world_.person("ada").id;
    ASSERT_TRUE(world_.store().write(
        [&](store::Database& database) { return store::note_sign_in(database, id, kStart); }));
  }
  void confirm(const std::string& address, std::chrono::hours held = 0h) {
    const auto id = world_.person("ada").id;
    ASSERT_TRUE(world_.store().write([&](store::Database& database) -> Result<void> {
      auto contact = TRY(store::find_contact(database, id, store::ContactKind::mail, address));
      if (!contact) {
        TRY(store::add_contact(database, {.person = id, .value = address}, kStart));
        contact = TRY(store::find_contact(database, id, store::ContactKind::mail, address));
      }
      TRY(store::confirm_contact(database, contact->id, kStart, kStart + held));
      return {};
    }));
  }
  void doubt(const std::string& address) {
    const auto id = world_.person("ada").id;
    ASSERT_TRUE(world_.store().write([&](store::Database& database) -> Result<void> {
      const auto contact =
          TRY(store::find_contact(database, id, store::ContactKind::mail, address));
      TRY(store::doubt_contact(database, contact->id, kStart));
      return {};
    }));
  }
  // "mail ada@acme.example unconfirmed"
  std::vector<std::string> listed() {
    const Json contacts = world_.done("ListContacts", {{"name", "ada"}}).parameters["contacts"];
    std::vector<std::string> lines;
    for (const Json& row : contacts) {
      lines.push_back(row["kind"].get<std::string>() + " " + row["value"].get<std::string>() + " " +
                      row["state"].get<std::string>());
    }
    return lines;
  }
  std::vector<std::string> mails() {
    const auto messages = world_.store().read(
        [](store::Database& database) { return store::list_messages(database, {}, 100); });
    std::vector<std::string> lines;
    for (const auto& message : *messages) {
      lines.insert(lines.begin(), message.event + " " + message.recipient);
    }
    return lines;
  }
  std::string why() {
    const Json people = world_.done("ReportContacts").parameters["people"];
    return people.empty() ? "" : people[0]["why"].get<std::string>();
  }
  static Json mail(const std::string& address) {
    return {{"name", "ada"}, {"kind", "mail"}, {"value", address}};
  }
  AdminWorld world_;
};

TEST_F(Contacts, O12_WhatStaffEnterIsUnconfirmedAndTheConfirmedOnesAreTold) {
  confirm("old@acme.example");
  world_.done("AddContact", mail("Ada@ACME.example"));
  EXPECT_THAT(listed(),
              ElementsAre("mail old@acme.example usable", "mail Ada@acme.example unconfirmed"));
  EXPECT_THAT(mails(), ElementsAre("contact-changed old@acme.example"));
  const auto record = world_.audit().front();
  EXPECT_EQ(record.operation, "admin.AddContact");
  EXPECT_EQ(record.person, "ada");
  EXPECT_EQ(record.detail, "mail A...@acme.example");
}

TEST_F(Contacts, O12_TheOldOnesAreToldAndGiveWayWhereStaffSaySo) {
  confirm("old@acme.example");
  confirm("older@acme.example");
  world_.done("AddContact", {{"name", "ada"}, {"kind", "mobile"}, {"value", "+33612345678"}});
  Json parameters = mail("ada@acme.example");
  parameters["replace"] = true;
  world_.done("AddContact", parameters);
  EXPECT_THAT(listed(),
              ElementsAre("mobile +33612345678 unconfirmed", "mail ada@acme.example unconfirmed"));
  const auto told = mails();
  for (const char* address : {"old@acme.example", "older@acme.example"}) {
    EXPECT_THAT(told, testing::Contains(std::string("contact-changed ") + address));
    EXPECT_THAT(told, testing::Contains(std::string("contact-removed ") + address));
  }
  // Once more changes nothing, and is no mistake.
  world_.done("AddContact", parameters);
  EXPECT_EQ(mails(), told);
  EXPECT_EQ(listed().size(), 2U);
}

// What lies in a mailbox that was given up for lost is no code; a number that goes ends none.
TEST_F(Contacts, CodesOfNoticesEndWithTheMailboxesTheyLieIn) {
  confirm("ada@acme.example");
  const auto live = [&] {
    const auto id = world_.person("ada").id;
    return world_.store()
        .read([&](store::Database& database) {
          return store::list_codes(database, id, "not-you", world_.clock.now());
        })
        ->size();
  };
  Json number = {{"name", "ada"}, {"kind", "mobile"}, {"value", "+33612345678"}};
  world_.done("AddContact", number);
  number["value"] = "+33698765432";
  number["replace"] = true;
  world_.done("AddContact", number);
  EXPECT_EQ(live(), 3U) << "two changes and a removal were told";
  Json address = mail("new@acme.example");
  address["replace"] = true;
  world_.done("AddContact", address);
  EXPECT_EQ(live(), 0U);
}

TEST_F(Contacts, AMobileNumberIsEnteredInOneForm) {
  world_.done("AddContact", {{"name", "ada"}, {"kind", "mobile"}, {"value", "+33 6 12 34 56 78"}});
  EXPECT_THAT(listed(), ElementsAre("mobile +33612345678 unconfirmed"));
  EXPECT_THAT(mails(), IsEmpty());
}

TEST_F(Contacts, WhatIsNoContactOrOneTooManyIsRefused) {
  EXPECT_EQ(world_.refused("AddContact", mail("ada")), "InvalidParameter");
  EXPECT_EQ(world_.refused("AddContact", mail("a@x.example\r\nBcc: eve@x.example")),
            "InvalidParameter");
  EXPECT_EQ(world_.refused("AddContact", mail("+33612345678")), "InvalidParameter");
  EXPECT_EQ(world_.refused("AddContact", {{"name", "ada"}, {"kind", "fax"}, {"value", "a@b.c"}}),
            "InvalidParameter");
  for (char c = 'a'; c < 'i'; ++c)
    world_.done("AddContact", mail(std::string(1, c) + "@x.example"));
  EXPECT_EQ(world_.refused("AddContact", mail("A@x.example")), "Conflict");
  EXPECT_EQ(world_.refused("AddContact", mail("z@x.example")), "Conflict");
  EXPECT_EQ(listed().size(), 8U);
}

TEST_F(Contacts, OneThatIsRemovedHearsOfItIfItWasConfirmed) {
  confirm("old@acme.example");
  confirm("ada@acme.example");
  world_.done("AddContact", mail("typo@acme.example"));
  world_.done("RemoveContact", {{"name", "ada"}, {"value", "typo@acme.example"}});
  world_.done("RemoveContact",
              {{"name", "ada"}, {"value", " OLD@acme.example "}, {"reason", "left the house"}});
  EXPECT_THAT(listed(), ElementsAre("mail ada@acme.example usable"));
  EXPECT_THAT(mails(),
              ElementsAre("contact-changed old@acme.example", "contact-changed ada@acme.example",
                          "contact-removed old@acme.example", "contact-removed ada@acme.example",
                          "contact-removed ada@acme.example", "contact-removed old@acme.example"));
  EXPECT_EQ(world_.audit().front().detail, "mail o...@acme.example: left the house");
  EXPECT_EQ(world_.refused("RemoveContact", {{"name", "ada"}, {"value", "old@acme.example"}}),
            "NoSuchContact");
}

TEST_F(Contacts, AreChangedWithoutAMailServerToo) {
  world_.config.mail = {};
  confirm("old@acme.example");
  world_.done("AddContact", mail("ada@acme.example"));
  world_.done("RemoveContact", {{"name", "ada"}, {"value", "old@acme.example"}});
  EXPECT_THAT(mails(), IsEmpty());
  EXPECT_EQ(world_.done("ReportContacts").parameters["mail_is_set"], false);
}

TEST_F(Contacts, O14_TheReportSaysWhomNoCodeWouldReachAndWhy) {
  EXPECT_EQ(why(), "none");
  world_.done("AddContact", mail("ada@acme.example"));
  EXPECT_EQ(why(), "unconfirmed");
  confirm("ada@acme.example");
  EXPECT_EQ(why(), "");
  doubt("ada@acme.example");
  EXPECT_EQ(why(), "doubted");
  confirm("ada@home.example", 24h);
  EXPECT_EQ(why(), "held");
  const Json row = world_.done("ReportContacts").parameters["people"][0];
  EXPECT_EQ(row["until"], (kStart + 24h).time_since_epoch().count());
  world_.clock.turn(24h);
  EXPECT_EQ(why(), "");
}

TEST_F(Contacts, O14_TheReportLeavesOutWhoSignsInElsewhereOrNotAtAll) {
  world_.done("AddUser", {{"name", "bob"}, {"source", "federated:acme"}});
  world_.done("SuspendUser", {{"name", "ada"}, {"reason", "away"}, {"sessions", "none"}});
  EXPECT_TRUE(world_.done("ReportContacts").parameters["people"].empty());
}

TEST_F(Contacts, G10_PeopleSeeTheirOwn) {
  confirm("ada@acme.example");
  const Peer ada{world_.person("ada").uid};
  const Reply reply = world_.call("ShowSelf", Json::object(), ada);
  const auto* ok = std::get_if<ReplyOk>(&reply);
  ASSERT_NE(ok, nullptr) << AdminWorld::error_name(reply);
  ASSERT_EQ(ok->parameters["contacts"].size(), 1U);
  EXPECT_EQ(ok->parameters["contacts"][0]["state"], "usable");
  EXPECT_EQ(ok->parameters["contacts"][0]["value"], "ada@acme.example");
}

}  // namespace
}  // namespace usher::admin
