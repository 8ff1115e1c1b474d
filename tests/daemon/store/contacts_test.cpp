// Contacts in the store: one row an address, confirmed by a code that is spent once.
#include "daemon/store/contacts.hpp"

#include "tests/daemon/store/doubt.hpp"
#include "tests/daemon/store/fixture.hpp"

namespace usher::store {
namespace {

constexpr std::chrono::hours kDay{24};
constexpr policy::Span kSent{1'000};

class Contacts : public Tables {
 protected:
  ContactId add_mail(PersonId person, std::string_view value) {
    return add_contact(database_, {.person = person, .value = std::string(value)}, kNow)
        .release_value();
  }
  ContactRecord at(PersonId person, std::string_view value) {
    return **find_contact(database_, person, ContactKind::mail, value);
  }
  ContactCode code_to(PersonId person, std::string_view value, char digest) {
    return {.person = person,
            .kind = ContactKind::mail,
            .value = std::string(value),
            .digest = std::string(32, digest),
            .epoch = 1,
            .sent_at = kSent};
  }
  bool has_code(PersonId person, policy::Span oldest = kSent) {
    return find_contact_code(database_, person, ContactKind::mail, oldest)->has_value();
  }
};

TEST_F(Contacts, S1_StandAsTheyWereAdded) {
  const PersonId ada = add("ada").id;
  add_mail(ada, "ada@acme.example");
  ASSERT_OK(add_contact(database_,
                        {.person = ada,
                         .kind = ContactKind::mobile,
                         .value = "+33612345678",
                         .source = ContactSource::person},
                        kNow));
  const auto contacts = *list_contacts(database_, ada);
  ASSERT_EQ(contacts.size(), 2U);
  EXPECT_EQ(contacts[0].value, "ada@acme.example");
  EXPECT_EQ(contacts[0].source, ContactSource::admin);
  EXPECT_EQ(contacts[0].added_at, kNow);
  EXPECT_FALSE(contacts[0].confirmed_at || contacts[0].counts_from || contacts[0].doubted_at);
  EXPECT_EQ(contacts[1].kind, ContactKind::mobile);
  EXPECT_EQ(contacts[1].source, ContactSource::person);
}

TEST_F(Contacts, OfOnePersonDifferInMoreThanTheCaseOfLetters) {
  const PersonId ada = add("ada").id;
  add_mail(ada, "ada@acme.example");
  EXPECT_EQ(code_of(add_contact(database_, {.person = ada, .value = "Ada@acme.example"}, kNow)),
            Errc::already_exists);
  EXPECT_TRUE(find_contact(database_, ada, ContactKind::mail, "ADA@acme.example")->has_value());
}

TEST_F(Contacts, MayBeSharedByPeople) {
  const PersonId ada = add("ada").id;
  const PersonId bob = add("bob").id;
  add_mail(ada, "office@acme.example");
  add_mail(bob, "office@acme.example");
  add_mail(bob, "bob@acme.example");
  const auto found = *list_contacts_at(database_, ContactKind::mail, "Office@acme.example");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].person, ada);
  EXPECT_EQ(found[1].person, bob);
  EXPECT_TRUE(list_contacts_at(database_, ContactKind::mobile, "office@acme.example")->empty());
}

TEST_F(Contacts, AreAtMostEight) {
  const PersonId ada = add("ada").id;
  for (char c = 'a'; c < 'a' + kMaxContacts; ++c)
    add_mail(ada, std::string(1, c) + "@acme.example");
  EXPECT_EQ(code_of(add_contact(database_, {.person = ada, .value = "z@acme.example"}, kNow)),
            Errc::conflict);
  add_mail(add("bob").id, "z@acme.example");
}

TEST_F(Contacts, S6_AreDoubtedOnceConfirmedAndNotBefore) {
  const PersonId ada = add("ada").id;
  const ContactId id = add_mail(ada, "ada@acme.example");
  EXPECT_FALSE(*doubt_contact(database_, id, kNow));
  EXPECT_TRUE(*confirm_contact(database_, id, kNow, kNow + kDay));
  EXPECT_EQ(at(ada, "ada@acme.example").counts_from, kNow + kDay);
  EXPECT_TRUE(*doubt_contact(database_, id, kNow + kMinute));
  EXPECT_FALSE(*doubt_contact(database_, id, kNow + 2 * kMinute));
  EXPECT_EQ(at(ada, "ada@acme.example").doubted_at, kNow + kMinute);
  EXPECT_TRUE(*confirm_contact(database_, id, kNow + kDay, kNow + kDay));
  EXPECT_FALSE(at(ada, "ada@acme.example").doubted_at.has_value());
}

TEST_F(Contacts, ACodeIsSpentOnce) {
  const PersonId ada = add("ada").id;
  ASSERT_OK(put_contact_code(database_, code_to(ada, "ada@acme.example", 'a')));
  const auto found = **find_contact_code(database_, ada, ContactKind::mail, kSent);
  EXPECT_EQ(found.value, "ada@acme.example");
  EXPECT_TRUE(*spend_contact_code(database_, found));
  EXPECT_FALSE(*spend_contact_code(database_, found));
  EXPECT_FALSE(has_code(ada));
}

TEST_F(Contacts, ATryIsCountedFromTheTriesItFound) {
  const PersonId ada = add("ada").id;
  ASSERT_OK(put_contact_code(database_, code_to(ada, "ada@acme.example", 'a')));
  const auto found = **find_contact_code(database_, ada, ContactKind::mail, kSent);
  EXPECT_TRUE(*count_contact_try(database_, found));
  EXPECT_FALSE(*count_contact_try(database_, found));
  EXPECT_EQ((*find_contact_code(database_, ada, ContactKind::mail, kSent))->tries, 1);
}

TEST_F(Contacts, ANewCodeTakesTheOldOnesPlace) {
  const PersonId ada = add("ada").id;
  ASSERT_OK(put_contact_code(database_, code_to(ada, "ada@acme.example", 'a')));
  const auto old = **find_contact_code(database_, ada, ContactKind::mail, kSent);
  ASSERT_TRUE(*count_contact_try(database_, old));
  ASSERT_OK(put_contact_code(database_, code_to(ada, "ada@elsewhere.example", 'b')));
  EXPECT_FALSE(*spend_contact_code(database_, old));
  const auto fresh = **find_contact_code(database_, ada, ContactKind::mail, kSent);
  EXPECT_EQ(fresh.value, "ada@elsewhere.example");
  EXPECT_EQ(fresh.tries, 0);
}

TEST_F(Contacts, ACodeDiesOfAgeAndWithItsEpoch) {
  const PersonId ada = add("ada").id;
  ASSERT_OK(put_contact_code(database_, code_to(ada, "ada@acme.example", 'a')));
  EXPECT_FALSE(has_code(ada, kSent + policy::Span(1)));
  const auto found = **find_contact_code(database_, ada, ContactKind::mail, kSent);
  ASSERT_OK(raise_epoch(database_, ada));
  EXPECT_FALSE(has_code(ada));
  EXPECT_FALSE(*spend_contact_code(database_, found));
}

TEST_F(Contacts, WhatIsRemovedTakesItsCodesAlong) {
  const PersonId ada = add("ada").id;
  const ContactId old = add_mail(ada, "ada@acme.example");
  ASSERT_OK(put_contact_code(database_, code_to(ada, "Ada@acme.example", 'a')));
  EXPECT_TRUE(*delete_contact(database_, old));
  EXPECT_FALSE(*delete_contact(database_, old));
  EXPECT_FALSE(has_code(ada));
  const ContactId replaced = add_mail(ada, "ada@acme.example");
  ContactCode code = code_to(ada, "ada@elsewhere.example", 'b');
  code.replaces = replaced;
  ASSERT_OK(put_contact_code(database_, code));
  EXPECT_NE(replaced, old);  // a number is not given twice
  EXPECT_TRUE(*delete_contact(database_, replaced));
  EXPECT_FALSE(has_code(ada));
}

TEST_F(Contacts, GoWithTheirPerson) {
  const PersonId ada = add("ada").id;
  const PersonId bob = add("bob").id;
  for (const PersonId person : {ada, bob}) {
    add_mail(person, "office@acme.example");
    ASSERT_OK(put_contact_code(database_, code_to(person, "office@acme.example", 'a')));
  }
  ASSERT_OK(set_person_state(database_, ada, PersonState::deleted, ""));
  EXPECT_TRUE(list_contacts(database_, ada)->empty());
  EXPECT_FALSE(has_code(ada));
  EXPECT_EQ(list_contacts(database_, bob)->size(), 1U);
  EXPECT_TRUE(has_code(bob));
}

}  // namespace
}  // namespace usher::store
