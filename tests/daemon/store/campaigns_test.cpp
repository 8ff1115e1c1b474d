// Campaigns in the store: whom they reach, how far they are, and what a stop gives back.
#include "daemon/store/campaigns.hpp"

#include "daemon/store/groups.hpp"
#include "daemon/store/lifecycle.hpp"
#include "daemon/store/organisations.hpp"
#include "tests/daemon/store/doubt.hpp"
#include "tests/daemon/store/fixture.hpp"

namespace usher::store {
namespace {

using Names = std::vector<std::string>;

class Campaigns : public Tables {
 protected:
  PersonId active(std::string_view name) {
    const PersonId person = add(name).id;
    EXPECT_TRUE(set_person_state(database_, person, PersonState::active, ""));
    return person;
  }
  ContactId mail(PersonId person, std::string_view value) {
    return add_contact(database_, {.person = person, .value = std::string(value)}, kNow)
        .release_value();
  }
  ContactId confirmed(PersonId person, std::string_view value) {
    const ContactId id = mail(person, value);
    confirm(id);
    return id;
  }
  void confirm(ContactId id) { EXPECT_TRUE(*confirm_contact(database_, id, kNow, kNow)); }
  bool is_doubted(PersonId person, std::string_view value) {
    return (*find_contact(database_, person, ContactKind::mail, value))->doubted_at.has_value();
  }
  CampaignId start(const CampaignAim& aim = {}) {
    return start_campaign(database_, aim, kNow).release_value();
  }
  CampaignRecord record(CampaignId id) { return **find_campaign(database_, id); }
  bool is_asked(PersonId person) { return !kinds_asked_by_campaigns(database_, person)->empty(); }
};

TEST_F(Campaigns, S6_MarkWhatIsStoredAsUnconfirmed) {
  const PersonId ada = active("ada");
  const PersonId bob = active("bob");
  const PersonId cleo = active("cleo");
  confirmed(ada, "ada@acme.example");
  mail(bob, "bob@acme.example");
  const CampaignReach reach = *reach_of(database_, {});
  EXPECT_EQ(reach.people, 3);
  EXPECT_EQ(reach.contacts, 2);
  EXPECT_EQ(reach.without, 1);
  EXPECT_FALSE(is_doubted(ada, "ada@acme.example")) << "to look is not to start";
  const CampaignId id = start();
  EXPECT_TRUE(is_doubted(ada, "ada@acme.example"));
  EXPECT_TRUE(is_asked(ada));
  EXPECT_TRUE(is_asked(bob));
  EXPECT_FALSE(is_asked(cleo));
  EXPECT_EQ(record(id).asked, 2);
  EXPECT_EQ(record(id).left, 2);
  EXPECT_EQ(*list_people_left(database_, id, "", 10), (Names{"ada", "bob"}));
  EXPECT_EQ(*list_people_left(database_, id, "ada", 10), Names{"bob"});
}

TEST_F(Campaigns, S6_GoOnUntilEachContactIsConfirmedOrGone) {
  const PersonId ada = active("ada");
  const PersonId bob = active("bob");
  const ContactId of_ada = confirmed(ada, "ada@acme.example");
  const ContactId of_bob = mail(bob, "bob@acme.example");
  const CampaignId id = start();
  confirm(of_ada);
  EXPECT_FALSE(is_asked(ada));
  EXPECT_EQ(record(id).left, 1);
  EXPECT_TRUE(*delete_contact(database_, of_bob));
  EXPECT_EQ(record(id).left, 0);
  EXPECT_EQ(record(id).gone, 1);
  EXPECT_EQ(record(id).asked, 2);
}

TEST_F(Campaigns, S10_ReachOneOrganisationOrGroupAndOneKind) {
  const PersonId ada = active("ada");
  const PersonId bob = active("bob");
  const PersonId cleo = active("cleo");
  for (const auto& [person, value] : {std::pair{ada, "ada@acme.example"},
                                      {bob, "bob@acme.example"},
                                      {cleo, "cleo@acme.example"}}) {
    confirmed(person, value);
  }
  const auto acme = add_organisation(database_, "acme", {}, kNow).release_value();
  ASSERT_TRUE(*join_organisation(database_, acme.id, ada));
  const auto crew =
      add_group(database_, name_from("crew"), std::nullopt, uuid_of(5000), kNow).release_value();
  ASSERT_TRUE(*add_member(database_, crew.id, bob));
  EXPECT_EQ(record(start({.scope = CampaignScope::organisation, .whom = "acme"})).asked, 1);
  EXPECT_EQ(record(start({.scope = CampaignScope::group, .whom = "crew"})).asked, 1);
  EXPECT_EQ(record(start({.kind = ContactKind::mobile})).asked, 0);
  EXPECT_TRUE(is_doubted(ada, "ada@acme.example"));
  EXPECT_TRUE(is_doubted(bob, "bob@acme.example"));
  EXPECT_FALSE(is_doubted(cleo, "cleo@acme.example"));
  const auto listed = *list_campaigns(database_, std::nullopt, 2);
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].aim.kind, ContactKind::mobile);
  EXPECT_EQ(listed[1].aim.whom, "crew");
  ASSERT_EQ(list_campaigns(database_, listed[1].id, 2)->size(), 1U);
}

TEST_F(Campaigns, AskForWhatWasConfirmedByAClockThatWasAhead) {
  const PersonId ada = active("ada");
  const ContactId address = confirmed(ada, "ada@acme.example");
  const ports::Instant ahead = kNow + std::chrono::hours(48);
  EXPECT_TRUE(*confirm_contact(database_, address, ahead, ahead));
  const CampaignId one = start();
  EXPECT_TRUE(is_doubted(ada, "ada@acme.example"));
  EXPECT_EQ(record(one).left, 1);
  EXPECT_TRUE(is_asked(ada));
}

TEST_F(Campaigns, LeaveOutWhoIsNotAskedAnything) {
  const PersonId invited = add("ivy").id;
  const PersonId suspended = active("sam");
  for (const auto& [person, value] :
       {std::pair{invited, "ivy@acme.example"}, {suspended, "sam@acme.example"}}) {
    mail(person, value);
  }
  ASSERT_OK(set_person_state(database_, suspended, PersonState::suspended, "on leave"));
  EXPECT_EQ(reach_of(database_, {})->people, 0);
  EXPECT_EQ(record(start()).asked, 0);
}

TEST_F(Campaigns, GiveBackWhenTheyStopWhatNobodyElseDoubts) {
  const PersonId ada = active("ada");
  confirmed(ada, "ada@acme.example");
  const ContactId second = confirmed(ada, "ada@home.example");
  ASSERT_TRUE(*doubt_contact(database_, second, kNow));  // for another reason
  const CampaignId one = start();
  const CampaignId two = start();
  EXPECT_TRUE(*stop_campaign(database_, one, kNow));
  EXPECT_FALSE(*stop_campaign(database_, one, kNow));
  EXPECT_TRUE(is_doubted(ada, "ada@acme.example")) << "the other one goes on";
  EXPECT_TRUE(*stop_campaign(database_, two, kNow));
  EXPECT_FALSE(is_doubted(ada, "ada@acme.example"));
  EXPECT_TRUE(is_doubted(ada, "ada@home.example"));
  EXPECT_FALSE(is_asked(ada));
  EXPECT_EQ(record(one).stopped_at, kNow);
}

// The first one is done, and nobody stopped it.
TEST_F(Campaigns, GiveBackWhatAnOlderOneThatIsDoneHadDoubted) {
  const PersonId ada = active("ada");
  const ContactId address = confirmed(ada, "ada@acme.example");
  const CampaignId one = start();
  const ports::Instant later = kNow + std::chrono::hours(1);
  EXPECT_TRUE(*confirm_contact(database_, address, later, later));
  const CampaignId two = *start_campaign(database_, {}, later);
  EXPECT_TRUE(is_doubted(ada, "ada@acme.example"));
  EXPECT_EQ(record(one).left, 0) << "what a later one doubts is not left of it";
  EXPECT_EQ(*list_people_left(database_, one, "", 10), Names{});
  EXPECT_EQ(record(two).left, 1);
  EXPECT_TRUE(*stop_campaign(database_, two, later));
  EXPECT_FALSE(is_doubted(ada, "ada@acme.example"));
}

TEST_F(Campaigns, GiveNothingBackThatWasConfirmedAndIsDoubtedForAnotherReason) {
  const PersonId ada = active("ada");
  const ContactId address = confirmed(ada, "ada@acme.example");
  const CampaignId one = start();
  confirm(address);
  ASSERT_TRUE(*doubt_contact(database_, address, kNow));
  EXPECT_TRUE(*stop_campaign(database_, one, kNow));
  EXPECT_TRUE(is_doubted(ada, "ada@acme.example"));
}

// As a store of before has it, where a confirmation left the mark.
TEST_F(Campaigns, HoldNothingThatIsNotDoubtedWhenAnotherBegins) {
  const PersonId ada = active("ada");
  const ContactId address = confirmed(ada, "ada@acme.example");
  (void)start();
  confirm(address);
  ASSERT_OK(database_.execute("UPDATE campaign_contacts SET doubted = 1"));
  const CampaignId two = start();
  EXPECT_TRUE(*stop_campaign(database_, two, kNow));
  EXPECT_FALSE(is_doubted(ada, "ada@acme.example"));
}

TEST_F(Campaigns, CountWhomNothingCouldBeAsked) {
  const PersonId ada = active("ada");
  const PersonId bob = active("bob");
  const PersonId cleo = active("cleo");
  for (const auto& [person, value] :
       {std::pair{ada, "ada@a.example"}, {bob, "bob@a.example"}, {cleo, "cleo@a.example"}}) {
    confirmed(person, value);
    ASSERT_OK(note_sign_in(database_, person, kNow - std::chrono::hours(1)));
  }
  const CampaignId id = start();
  EXPECT_EQ(record(id).unreachable, 0) << "nobody has come since";
  ASSERT_OK(note_activity(database_, ada, kNow + std::chrono::hours(1)));
  ASSERT_OK(note_sign_in(database_, bob, kNow + std::chrono::hours(1)));
  EXPECT_EQ(record(id).unreachable, 1);
  ASSERT_OK(note_sign_in(database_, ada, kNow + std::chrono::hours(2)));
  EXPECT_EQ(record(id).unreachable, 0);
}

}  // namespace
}  // namespace usher::store
