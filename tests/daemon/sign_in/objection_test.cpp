// What the code of a notice voids when it is typed, what it leaves, and whose it is.
#include <gmock/gmock.h>

#include "daemon/sign_in/explanation.hpp"
#include "daemon/sign_in/one_time_code.hpp"
#include "daemon/store/codes.hpp"
#include "daemon/store/contacts.hpp"
#include "daemon/store/known_hosts.hpp"
#include "daemon/store/recovery_codes.hpp"
#include "tests/daemon/sign_in/blunt_person.hpp"
#include "tests/daemon/sign_in/world.hpp"
#include "tests/fakes/sessions.hpp"

namespace usher::sign_in {
namespace {

using protocol::Operation;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Objection : public ::testing::Test {
 public:
  void SetUp() override {
    world_.set("mfa.required = false");
    world_.give_mail_server();
    for (const char* name : {"ada", "bob"}) {
      world_.add(name, "");
      world_.give_password(name, kPassword);
      world_.confirm_contact(name, std::string(name) + "@acme.example");
    }
    world_.open_sessions = &sessions_;
  }
  // Somebody with her password chooses another; the code in the mail of it.
  std::string told_of_a_new_password(const std::string& from, const std::string& to) {
    BluntPerson thief({from, to, to});
    EXPECT_TRUE(world_.converse(Operation::change_password, "ada", "passwd", thief).has_value());
    return world_.not_you_code();
  }
  Decision type(const std::string& code, const std::string& name = "ada",
                std::string_view door = "sshd") {
    BluntPerson person({code});
    auto decided = world_.converse(Operation::authenticate, name, door, person);
    EXPECT_TRUE(decided.has_value());
    return decided.has_value() ? decided.release_value() : Decision{};
  }
  // Somebody with her password confirmed it just now.
  void hold(const std::string& address) {
    const auto id = world_.person("ada").id;
    ASSERT_TRUE(world_.store().write([&](store::Database& database) -> Result<void> {
      const auto contact = TRY(store::add_contact(
          database, {.person = id, .value = address, .source = store::ContactSource::person},
          kStart));
      TRY(store::confirm_contact(database, contact, kStart, kStart + std::chrono::hours(24)));
      return {};
    }));
  }
  std::vector<std::string> contacts() {
    const auto id = world_.person("ada").id;
    const auto all = world_.store().read(
        [&](store::Database& database) { return store::list_contacts(database, id); });
    std::vector<std::string> values;
    for (const auto& contact : *all) values.push_back(contact.value);
    return values;
  }

  static constexpr const char* kPassword = "correct horse battery 1";
  static constexpr const char* kStolen = "eight green kites 88";
  fakes::RememberedSessions sessions_;
  World world_;
};

TEST_F(Objection, LetsNobodyInAndEndsWhatIsOpen) {
  sessions_.answer = protocol::reaper::Ended{2, 0};
  const Decision decided = type(told_of_a_new_password(kPassword, kStolen));
  EXPECT_EQ(decided.outcome, protocol::Outcome::refuse);
  EXPECT_EQ(decided.reason, Reason::objected);
  EXPECT_THAT(decided.text, HasSubstr("your open sessions were ended"));
  EXPECT_THAT(decided.text, HasSubstr("contact your administrator"));
  // Before all is void, should usherd end in between, and after it.
  ASSERT_EQ(sessions_.asked.size(), 2U);
  for (const auto& asked : sessions_.asked) {
    EXPECT_EQ(asked.uid, world_.person("ada").uid);
    EXPECT_EQ(asked.which, protocol::reaper::Which::all);
  }
  EXPECT_FALSE(world_.password("ada").has_value());
  EXPECT_EQ(decided.failure, "");
  EXPECT_THAT(world_.audit_after(world_.last_audit() - 1).back().steps,
              HasSubstr("sessions-ended"));
}

// What cron or at started is in no session.
TEST_F(Objection, SaysSoWhereProcessesStillRun) {
  sessions_.answer = protocol::reaper::Ended{2, 1};
  const Decision decided = type(told_of_a_new_password(kPassword, kStolen));
  EXPECT_THAT(decided.text, HasSubstr("could not be ended"));
  EXPECT_THAT(decided.failure, HasSubstr("1 processes of theirs are in no session"));
}

TEST_F(Objection, SaysSoWhereSessionsCouldNotBeEnded) {
  sessions_.answer = Error(Errc::unavailable, "usher-reaper: nobody there");
  const Decision decided = type(told_of_a_new_password(kPassword, kStolen));
  EXPECT_EQ(decided.reason, Reason::objected);
  EXPECT_THAT(decided.text, HasSubstr("could not be ended"));
  EXPECT_FALSE(world_.password("ada").has_value());
  // For whoever has to end them by hand, in the log and in the record.
  EXPECT_EQ(decided.failure, "ending the sessions: usher-reaper: nobody there");
  const auto record = world_.audit_after(world_.last_audit() - 1).back();
  EXPECT_EQ(record.detail, decided.failure);
  EXPECT_THAT(record.steps, HasSubstr("sessions-stay"));
  const auto explained = explanation_of(Reason::objected, daemon::read_trail(record.steps));
  EXPECT_THAT(std::string(explained.why), HasSubstr("open sessions could not be ended"));
}

TEST_F(Objection, VoidsWhatIsPendingAndLeavesWhatIsHers) {
  const std::string code = told_of_a_new_password(kPassword, kStolen);
  const auto id = world_.person("ada").id;
  ASSERT_TRUE(world_.store().write([&](store::Database& database) -> Result<void> {
    for (const char* address : {"unconfirmed@x.example", "held@x.example"}) {
      TRY(store::add_contact(database, {.person = id, .value = address}, kStart));
    }
    const auto held =
        TRY(store::find_contact(database, id, store::ContactKind::mail, "held@x.example"));
    TRY(store::confirm_contact(database, held->id, kStart, kStart + std::chrono::hours(24)));
    return {};
  }));
  // What a campaign asks for once more was held all the same.
  world_.start_campaign("everybody", "");
  EXPECT_EQ(type(code).reason, Reason::objected);
  EXPECT_THAT(contacts(), ElementsAre("ada@acme.example"));
  EXPECT_THAT(world_.dump(),
              ::testing::Not(HasSubstr("code " + std::to_string(static_cast<int>(id)))));
}

TEST_F(Objection, TheFirstNoticesCodeStandsWhateverThatOneDoesNext) {
  const std::string first = told_of_a_new_password(kPassword, kStolen);
  std::string newest;
  std::string present = kStolen;
  for (const char* next :
       {"copper lantern drift 11", "velvet anchor plum 22", "silent harbour mint 33",
        "walnut comet fiddle 44", "amber thicket jolt 55", "marble otter quilt 66",
        "crimson tunnel oboe 77", "frosty ladder zinc 88", "hollow pebble umbra 99"}) {
    newest = told_of_a_new_password(present, next);
    present = next;
  }
  const auto live = world_.store().read([&](store::Database& database) {
    return store::list_codes(database, world_.person("ada").id, kNotYou, world_.clock.now());
  });
  EXPECT_EQ(live->size(), 8U);
  EXPECT_EQ(type(first).reason, Reason::objected);
  EXPECT_EQ(type(newest).reason, Reason::no_password_set) << "one is enough";
}

TEST_F(Objection, TheNewestNoticesCodeCountsToo) {
  told_of_a_new_password(kPassword, kStolen);
  EXPECT_EQ(type(told_of_a_new_password(kStolen, "nine green kites 99")).reason, Reason::objected);
}

// Recovery codes that were drawn since are the intruder's; those she had before are not.
TEST_F(Objection, VoidsRecoveryCodesThatAreNewerThanAnyNotice) {
  const auto left = [&] {
    const auto id = world_.person("ada").id;
    return *world_.store().read(
        [&](store::Database& database) { return store::count_recovery_codes(database, id); });
  };
  world_.give_app("ada");
  world_.clock.turn(kNotYouLife);
  EXPECT_EQ(type(told_of_a_new_password(kPassword, kStolen)).reason, Reason::objected);
  EXPECT_EQ(left(), 10);
  world_.give_password("bob", kPassword);
  world_.give_app("bob");
  BluntPerson thief({kPassword, kStolen, kStolen});
  EXPECT_TRUE(world_.converse(Operation::change_password, "bob", "passwd", thief).has_value());
  EXPECT_EQ(type(world_.not_you_code(), "bob").reason, Reason::objected);
  EXPECT_EQ(*world_.store().read([&](store::Database& database) {
    return store::count_recovery_codes(database, world_.person("bob").id);
  }),
            0);
}

// It was never said to be theirs, or may be somebody else's by now.
TEST_F(Objection, OnlyAddressesThatServeRecoveryGetACodeForIt) {
  world_.confirm_contact("ada", "recycled@acme.example");
  world_.doubt_contact("ada", "recycled@acme.example");
  const auto before = world_.last_mail();
  const std::string code = told_of_a_new_password(kPassword, kStolen);
  EXPECT_THAT(world_.mails_after(before), ElementsAre("password-changed ada@acme.example",
                                                      "password-changed recycled@acme.example"));
  EXPECT_EQ(code, "") << "the last of them holds none";
}

// --- What a new password ends ---

TEST_F(Objection, ANewPasswordEndsWhatWasConfirmedWithTheOldOneAlone) {
  hold("thief@x.example");
  const auto before = world_.last_mail();
  told_of_a_new_password(kPassword, kStolen);
  EXPECT_THAT(contacts(), ElementsAre("ada@acme.example"));
  EXPECT_THAT(world_.mails_after(before),
              ElementsAre("password-changed ada@acme.example", "password-changed thief@x.example",
                          "contact-removed ada@acme.example"));
}

TEST_F(Objection, ANewPasswordLeavesTheOnlyContactsThereAre) {
  world_.remove_contact("ada", "ada@acme.example");
  hold("ada@home.example");
  told_of_a_new_password(kPassword, kStolen);
  EXPECT_THAT(contacts(), ElementsAre("ada@home.example"));
}

TEST_F(Objection, IsNobodyElses) {
  const std::string code = told_of_a_new_password(kPassword, kStolen);
  EXPECT_EQ(type(code, "bob").reason, Reason::wrong_password);
  EXPECT_EQ(type(code, "nobody").reason, Reason::unknown_user);
  EXPECT_TRUE(world_.password("ada").has_value());
  EXPECT_THAT(sessions_.asked, IsEmpty());
}

TEST_F(Objection, IsTakenWhereEveryPasswordIsThrottled) {
  const std::string code = told_of_a_new_password(kPassword, kStolen);
  world_.do_not_wait();
  world_.guess(90, "ada", "sshd");
  EXPECT_EQ(type(kStolen).reason, Reason::throttled);
  EXPECT_EQ(type(code).reason, Reason::objected);
}

TEST_F(Objection, OfAClosedAccountIsTakenTooAndOpensNothing) {
  const std::string code = told_of_a_new_password(kPassword, kStolen);
  world_.suspend("ada");
  EXPECT_EQ(type(code).reason, Reason::objected);
  EXPECT_EQ(world_.person("ada").state, store::PersonState::suspended);
  EXPECT_FALSE(world_.password("ada").has_value());
}

}  // namespace
}  // namespace usher::sign_in
