// Codes that confirm an address: how long they live, how often they are sent, what they do, and who
// is told.
#include <gmock/gmock.h>

#include "daemon/store/lifecycle.hpp"
#include "tests/daemon/contacts/desk.hpp"
#include "tests/daemon/store/doubt.hpp"

namespace usher::contacts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Confirmation : public Desk {};

TEST_F(Confirmation, S2_WhatStaffEnteredServesAtOnceWhenItsCodeCameBack) {
  enter("ada@acme.example");
  EXPECT_EQ(send("ada@acme.example"), Sending::sent);
  EXPECT_THAT(usable(), IsEmpty());
  EXPECT_EQ(take(code()), Taken::confirmed);
  EXPECT_THAT(usable(), ElementsAre("ada@acme.example"));
  EXPECT_EQ(take(code()), Taken::dead);
}

TEST_F(Confirmation, ACodeMayBeTypedWithBlanksAndHyphens) {
  send("ada@acme.example");
  EXPECT_EQ(take(" " + code().substr(0, 4) + "-" + code().substr(4) + " "), Taken::confirmed);
}

TEST_F(Confirmation, S7_WhatWasTypedIsHeldForADayUnlessAFactorWasShown) {
  send("ada@acme.example");
  EXPECT_EQ(take(code(), Proof::helpdesk_code), Taken::confirmed);
  EXPECT_EQ(at("ada@acme.example")->source, ContactSource::person);
  clock_.turn(24h - 1ms);
  EXPECT_THAT(usable(), IsEmpty());
  clock_.turn(1ms);
  EXPECT_THAT(usable(), ElementsAre("ada@acme.example"));
  send("ada@home.example");
  EXPECT_EQ(take(code(), Proof::second_factor), Taken::confirmed);
  EXPECT_THAT(usable(), ElementsAre("ada@acme.example", "ada@home.example"));
}

TEST_F(Confirmation, ADoubtedOneKeepsTheTimeItHad) {
  send("ada@acme.example");
  ASSERT_EQ(take(code()), Taken::confirmed);
  const auto from = *at("ada@acme.example")->counts_from;
  clock_.turn(1h);
  ASSERT_TRUE(*store::doubt_contact(database_, at("ada@acme.example")->id, now()));
  send("ada@acme.example");
  ASSERT_EQ(take(code(), Proof::second_factor), Taken::confirmed);
  EXPECT_EQ(*at("ada@acme.example")->counts_from, from);
}

TEST_F(Confirmation, EveryOtherConfirmedContactIsTold) {
  confirmed("old@acme.example");
  const auto doubted = confirmed("older@acme.example");
  ASSERT_TRUE(*store::doubt_contact(database_, doubted, now()));
  enter("unconfirmed@acme.example");
  send("ada@home.example");
  ASSERT_EQ(take(code()), Taken::confirmed);
  EXPECT_THAT(mails(),
              ElementsAre("confirm-address ada@home.example", "contact-confirmed old@acme.example",
                          "contact-confirmed older@acme.example"));
  const std::string text = mailed()[1].text;
  EXPECT_THAT(text, HasSubstr("a...@home.example"));
  EXPECT_THAT(text, HasSubstr("Recovery: from 15 November 2023, 23:13 (UTC+01:00)"));
}

TEST_F(Confirmation, OnlyWhoShowedMoreThanThePasswordReplacesAConfirmedOne) {
  const auto old = confirmed("old@acme.example");
  send("ada@home.example", old);
  // The code was sent in a conversation that had shown more than this one.
  EXPECT_EQ(take(code(), Proof::password), Taken::dead);
  EXPECT_EQ(take(code(), Proof::helpdesk_code), Taken::confirmed);
  EXPECT_FALSE(at("old@acme.example").has_value());
  EXPECT_THAT(usable(), IsEmpty());
  EXPECT_THAT(mails(),
              ElementsAre("confirm-address ada@home.example", "contact-changed old@acme.example"));
}

TEST_F(Confirmation, WhatWasNeverConfirmedGivesWayToThePasswordAlone) {
  const auto wrong = enter("aad@acme.example");
  send("ada@acme.example", wrong);
  EXPECT_EQ(take(code()), Taken::confirmed);
  EXPECT_FALSE(at("aad@acme.example").has_value());
  EXPECT_THAT(mails(),
              ElementsAre("confirm-address ada@acme.example", "contact-changed aad@acme.example"));
}

TEST_F(Confirmation, ACodeLivesForTenMinutesHoweverTheClockIsSet) {
  send("ada@acme.example");
  clock_.turn(10min);
  clock_.set(now() + 1000h);
  EXPECT_TRUE(open_code(database_, means(), ada_, ContactKind::mail, Proof::password)->has_value());
  clock_.set(now() - 5000h);
  clock_.turn(1ms);
  EXPECT_FALSE(
      open_code(database_, means(), ada_, ContactKind::mail, Proof::password)->has_value());
  EXPECT_EQ(take(code()), Taken::dead);
}

TEST_F(Confirmation, ACodeIsDeadAfterFiveWrongOnes) {
  send("ada@acme.example");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(take(wrong_code()), Taken::wrong);
  EXPECT_EQ(take(wrong_code()), Taken::dead);
  EXPECT_EQ(take(code()), Taken::dead);
  EXPECT_THAT(usable(), IsEmpty());
}

TEST_F(Confirmation, WhatIsNoCodeIsATryToo) {
  send("ada@acme.example");
  for (const char* typed : {"1", "123456789", "abcdefgh", "1234567 "}) {
    EXPECT_EQ(take(typed), Taken::wrong) << typed;
  }
  EXPECT_EQ(take("x"), Taken::dead);
}

TEST_F(Confirmation, CodesAreAMinuteApartAndFiveAnHour) {
  EXPECT_EQ(send("ada@acme.example"), Sending::sent);
  clock_.turn(60s);
  EXPECT_EQ(send("ada@acme.example"), Sending::too_soon);
  for (int i = 0; i < 4; ++i) {
    clock_.turn(61s);
    EXPECT_EQ(send("ada@acme.example"), Sending::sent);
  }
  clock_.turn(61s);
  EXPECT_EQ(send("ada@home.example"), Sending::too_many);
  clock_.turn(1h);
  EXPECT_EQ(send("ada@home.example"), Sending::sent);
}

TEST_F(Confirmation, OnlyTheLastCodeCounts) {
  send("ada@acme.example");
  const std::string first = code();
  clock_.turn(61s);
  send("ada@home.example");
  EXPECT_EQ(take(first), Taken::wrong);
  EXPECT_EQ(take(code()), Taken::confirmed);
  EXPECT_FALSE(at("ada@acme.example").has_value());
  EXPECT_TRUE(at("ada@home.example").has_value());
}

TEST_F(Confirmation, ACodeIsOfOnePersonAndOneAddress) {
  const store::PersonRecord bob = add("bob");
  send("ada@acme.example");
  const std::string adas = code();
  // Whoever writes the store without the key moves her row to him, or to another address.
  ASSERT_OK(database_.execute("UPDATE contact_codes SET person = 2"));
  EXPECT_EQ(
      take_code(database_, means(), bob, ContactKind::mail, adas, Proof::password, now())->taken,
      Taken::wrong);
  ASSERT_OK(database_.execute("UPDATE contact_codes SET person = 1, value = 'eve@evil.example'"));
  EXPECT_EQ(take(adas), Taken::wrong);
}

TEST_F(Confirmation, AResetKillsTheCode) {
  send("ada@acme.example");
  ada_.epoch = *store::raise_epoch(database_, ada_.id);
  EXPECT_EQ(take(code()), Taken::dead);
}

TEST_F(Confirmation, TheLetterIsInTheirLanguageAndSaysWhereItIsAsked) {
  ada_.language = texts::Language::french;
  send("ada@acme.example");
  const std::string text = mailed().front().text;
  EXPECT_THAT(text, HasSubstr("sshd"));
  EXPECT_THAT(text, HasSubstr("192.0.2.7"));
  EXPECT_THAT(text, HasSubstr("calculon"));
  EXPECT_THAT(text, HasSubstr("14 novembre 2023 à 23:23")) << "the code's end";
}

// --- Notices ---

class Notices : public Desk {
 protected:
  Result<void> tell_of_a_reset() {
    const letters::Value values[] = {{letters::Variable::by, std::string_view("helpdesk")}};
    return notices::tell(database_, means(), ada_, letters::Letter::reset_by_staff, values, now());
  }
};

TEST_F(Notices, GoToEveryConfirmedAddressAndToNoOther) {
  confirmed("ada@acme.example");
  enter("ada@unconfirmed.example");
  const auto number = store::add_contact(
      database_, {.person = ada_.id, .kind = ContactKind::mobile, .value = "+33612345678"}, now());
  ASSERT_OK(store::confirm_contact(database_, *number, now(), now()));
  ASSERT_OK(tell_of_a_reset());
  EXPECT_THAT(mails(), ElementsAre("reset-by-staff ada@acme.example"));
}

TEST_F(Notices, WithoutAMailServerNothingIsQueuedAndNothingFails) {
  confirmed("ada@acme.example");
  config_.mail = {};
  ASSERT_OK(tell_of_a_reset());
  auto rows = database_.query("SELECT count(*) FROM outbox");
  ASSERT_TRUE(*rows->next());
  EXPECT_EQ(rows->integer(0), 0);
}

TEST_F(Notices, AreSignedByTheirOneOrganisationAndNameWhomItsPeopleAsk) {
  confirmed("ada@acme.example");
  const auto acme = store::add_organisation(
      database_, "acme", {.display_name = "Acme Ltd", .support = "desk@acme.example"}, now());
  ASSERT_OK(store::join_organisation(database_, acme->id, ada_.id));
  ASSERT_OK(tell_of_a_reset());
  EXPECT_THAT(mailed().front().text, HasSubstr("Acme Ltd"));
  EXPECT_THAT(mailed().front().text, HasSubstr("desk@acme.example"));
}

TEST_F(Notices, OneThatMayBeOffIsNotSentWhereItIs) {
  confirmed("ada@acme.example");
  const letters::Value values[] = {{letters::Variable::service, std::string_view("sshd")}};
  const auto tell_of_a_host = [&] {
    return notices::tell(database_, means(), ada_, letters::Letter::sign_in_from_new_host, values,
                         now());
  };
  ASSERT_OK(tell_of_a_host());
  EXPECT_THAT(mails(), ElementsAre("sign-in-from-new-host ada@acme.example"));
  config_.letters_off = {letters::Letter::sign_in_from_new_host, letters::Letter::reset_by_staff};
  ASSERT_OK(tell_of_a_host());
  EXPECT_EQ(mails().size(), 1U);
  // Not even where the configuration let it through.
  ASSERT_OK(tell_of_a_reset());
  EXPECT_EQ(mails().size(), 2U);
}

}  // namespace
}  // namespace usher::contacts
