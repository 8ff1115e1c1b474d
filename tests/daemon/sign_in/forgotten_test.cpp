// What is decided of forgotten passwords, where no scenario can see it.
#include <gtest/gtest.h>

#include "daemon/forgotten/decide.hpp"
#include "daemon/store/outbox.hpp"
#include "daemon/store/reset_requests.hpp"
#include "daemon/store/settings.hpp"
#include "tests/daemon/sign_in/blunt_person.hpp"
#include "tests/daemon/sign_in/world.hpp"

namespace usher::sign_in {
namespace {

using namespace std::chrono_literals;
using protocol::Operation;
using Lines = std::vector<std::string>;

constexpr const char* kPassword = "correct horse battery";

class Forgotten : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.give_mail_server();
    world_.set("mfa.required = false");
    add("ada");
  }
  void add(const std::string& name) { add(name, name + "@acme.example"); }
  void add(const std::string& name, const std::string& address) {
    world_.add(name, "A Person");
    world_.give_password(name, kPassword);
    world_.confirm_contact(name, address);
  }
  void ask_for(const std::string& name, std::string_view door = "login") {
    BluntPerson person({"?", "1", "wrong"});
    EXPECT_TRUE(world_.converse(Operation::authenticate, name, door, person).has_value());
  }
  Lines mails_after_asking_for(const std::string& name, std::string_view door = "login") {
    const auto before = world_.last_mail();
    ask_for(name, door);
    world_.decide_forgotten();
    return world_.mails_after(before);
  }
  // sshd replaces what is typed for a name that getpwnam() does not know, byte for byte.
  Lines mails_after_asking_sshd_for(const std::string& name) {
    const auto before = world_.last_mail();
    BluntPerson person({"\b", "\b", "\b\n\r\177I"});
    EXPECT_TRUE(world_.converse(Operation::authenticate, name, "sshd", person).has_value());
    world_.decide_forgotten();
    return world_.mails_after(before);
  }
  // From 192.0.2.7, which is a known host of theirs then.
  void sign_in_over_ssh(const std::string& name) {
    BluntPerson person({kPassword});
    EXPECT_EQ(world_.converse(Operation::authenticate, name, "sshd", person)->outcome,
              protocol::Outcome::accept);
  }
  // Whether what was typed led to "Choose a new password."
  bool chooses_with(const std::string& code, const std::string& name = "ada") {
    BluntPerson person({code});
    (void)world_.converse(Operation::authenticate, name, "login", person);
    return person.seen.find("Choose a new password") != std::string::npos;
  }
  // "refuse several-accounts ada local-seat", of the wishes decided since then.
  Lines decided_after(std::int64_t sequence) {
    Lines lines;
    for (const auto& record : world_.audit_after(sequence)) {
      if (record.operation != "forgot") continue;
      lines.push_back(record.outcome + " " + record.reason + " " + record.person + " " +
                      record.origin);
    }
    return lines;
  }
  std::int64_t waiting() {
    return *world_.store().read([](store::Database& database) -> Result<std::int64_t> {
      auto query = TRY(database.query("SELECT count(*) FROM reset_requests"));
      TRY(query.next());
      return query.integer(0);
    });
  }
  World world_;
};

// A commit wakes whoever looks for what waits: a look that commits would never rest.
TEST_F(Forgotten, ALookThatFindsNothingCommitsNothing) {
  const auto commits = world_.store().batches_committed();
  world_.decide_forgotten();
  EXPECT_EQ(world_.store().batches_committed(), commits);
  ask_for("ada");
  world_.decide_forgotten();
  EXPECT_GT(world_.store().batches_committed(), commits);
  const auto settled = world_.store().batches_committed();
  world_.decide_forgotten();
  EXPECT_EQ(world_.store().batches_committed(), settled);
}

// What is asked twice before it is decided is one wish, whoever asks.
TEST_F(Forgotten, O5_TheSameWishIsMailedOnce) {
  const auto before = world_.last_mail();
  for (int i = 0; i < 5; ++i) ask_for("ada");
  world_.decide_forgotten();
  EXPECT_EQ(world_.mails_after(before), Lines{"reset-code ada@acme.example"});
}

// usherctl self forgot: whoever is signed in already asks for themselves, and gets a code where a
// known host would.
TEST_F(Forgotten, G21_APersonsOwnProgramAsksLikeAKnownHost) {
  const auto before = world_.last_mail();
  ASSERT_TRUE(world_.store().write([&](store::Database& database) {
    return store::put_reset_request(
        database, {.asked_for = "ada",
                   .origin = std::string(daemon::name_of(daemon::Origin::non_root_self)),
                   .service = "usherctl",
                   .rhost = {},
                   .request = "r1",
                   .asked_at = world_.clock.now()});
  }));
  world_.decide_forgotten();
  EXPECT_EQ(world_.mails_after(before), std::vector<std::string>{"reset-code ada@acme.example"});
}

// By address over SSH nothing else is possible; whose code comes is decided as at the console.
TEST_F(Forgotten, O7_IsAskedForByAddressThroughSshd) {
  EXPECT_EQ(mails_after_asking_sshd_for("ada@acme.example"),
            Lines{"reset-elsewhere ada@acme.example"});
  EXPECT_TRUE(mails_after_asking_sshd_for("ada").empty());
  EXPECT_TRUE(mails_after_asking_sshd_for("nobody@acme.example").empty());
}

// The prompt knows no address; whose it is has signed in from that host.
TEST_F(Forgotten, O7_KnowsTheirHostByAddressToo) {
  sign_in_over_ssh("ada");
  const auto before = world_.last_audit();
  EXPECT_EQ(mails_after_asking_sshd_for("ada@acme.example"), Lines{"reset-code ada@acme.example"});
  EXPECT_EQ(decided_after(before), Lines{"accept code-mailed ada known-host"});
}

// --- What strangers may cause ---

TEST_F(Forgotten, StrangersTogetherCauseSoManyLettersAnHour) {
  world_.set("forgot.strangers_per_hour = 2");
  for (const char* name : {"bob", "carol", "dan"}) add(name);
  EXPECT_EQ(mails_after_asking_for("ada", "sshd"), Lines{"reset-elsewhere ada@acme.example"});
  EXPECT_EQ(mails_after_asking_for("bob", "sshd"), Lines{"reset-elsewhere bob@acme.example"});
  const auto before = world_.last_audit();
  EXPECT_EQ(mails_after_asking_for("carol", "sshd"), Lines());
  EXPECT_EQ(mails_after_asking_sshd_for("dan@acme.example"), Lines());
  EXPECT_EQ(decided_after(before), (Lines{"refuse asked-too-often carol unknown-host",
                                          "refuse asked-too-often dan unknown-host"}));
  // Neither the console nor a host that is theirs.
  EXPECT_EQ(mails_after_asking_for("carol"), Lines{"reset-code carol@acme.example"});
  sign_in_over_ssh("dan");
  EXPECT_EQ(mails_after_asking_for("dan", "sshd"), Lines{"reset-code dan@acme.example"});
  world_.clock.turn(1h);
  EXPECT_EQ(mails_after_asking_for("carol", "sshd"), Lines{"reset-elsewhere carol@acme.example"});
}

TEST_F(Forgotten, StrangersMayBeAllowedNoLetterAtAll) {
  world_.set("forgot.from = \"any\"");
  world_.set("forgot.strangers_per_hour = 0");
  EXPECT_EQ(mails_after_asking_for("ada", "sshd"), Lines());
}

TEST_F(Forgotten, TheCodeIsTakenBeforeEveryNotice) {
  const auto take = [&] {
    return world_.store()
        .write([&](store::Database& database) {
          return store::take_message(database, store::Service::mail, world_.clock.now(),
                                     world_.clock.now() + 1h);
        })
        .release_value();
  };
  while (take()) continue;
  for (int i = 0; i < 3; ++i) {
    world_.give_contact("ada", "mail", "ada" + std::to_string(i) + "@acme.example");
  }
  world_.clock.turn(1min);
  EXPECT_EQ(mails_after_asking_for("ada"), Lines{"reset-code ada@acme.example"});
  EXPECT_EQ(take()->record.event, "reset-code");
  EXPECT_EQ(take()->record.event, "contact-changed");
}

// --- Which codes live ---

TEST_F(Forgotten, CodesOfAnAddressThatDoesNotCountTakeNoPlace) {
  world_.confirm_contact("ada", "ada@home.example");
  sign_in_over_ssh("ada");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(mails_after_asking_for("ada"), Lines{"reset-code ada@acme.example"});
  }
  const std::string old = world_.mailed_code();
  EXPECT_EQ(mails_after_asking_for("ada", "sshd"), Lines()) << "three live is all there may be";
  world_.doubt_contact("ada", "ada@acme.example");
  EXPECT_EQ(mails_after_asking_for("ada", "sshd"), Lines{"reset-code ada@home.example"});
  EXPECT_TRUE(chooses_with(world_.mailed_code()));
  world_.confirm_again("ada", "ada@acme.example");
  EXPECT_FALSE(chooses_with(old)) << "its place was given to another";
}

TEST_F(Forgotten, ACodeDoesNotComeBackAfterASuspensionOfFactors) {
  world_.give_app("ada");
  EXPECT_EQ(mails_after_asking_for("ada"), Lines{"reset-code ada@acme.example"});
  const std::string code = world_.mailed_code();
  const auto asks_for_the_factor = [&] {
    BluntPerson person({code});
    (void)world_.converse(Operation::authenticate, "ada", "login", person);
    return person.seen.find("Code (? for help): ") != std::string::npos;
  };
  EXPECT_TRUE(asks_for_the_factor());
  world_.suspend_factors("ada", 10min);
  EXPECT_FALSE(asks_for_the_factor());
  world_.clock.turn(11min);
  EXPECT_FALSE(asks_for_the_factor());
}

TEST_F(Forgotten, O9_AClockThatIsSetMakesACodeLastNoLongerAndNoShorter) {
  EXPECT_EQ(mails_after_asking_for("ada"), Lines{"reset-code ada@acme.example"});
  const std::string code = world_.mailed_code();
  world_.clock.set(world_.clock.now() + 5h);
  world_.clock.turn(59min);
  EXPECT_TRUE(chooses_with(code));
  world_.clock.set(world_.clock.now() - 5h - 30min);
  EXPECT_TRUE(chooses_with(code));
  world_.clock.turn(1min);
  EXPECT_FALSE(chooses_with(code));
}

// --- Several accounts at one address ---

TEST_F(Forgotten, OneOwnersBudgetSilencesNoOther) {
  add("bob", "ada@acme.example");
  for (int i = 0; i < 3; ++i) (void)mails_after_asking_for("ada");
  EXPECT_EQ(mails_after_asking_for("ada"), Lines());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(mails_after_asking_for("ada@acme.example"),
              Lines{"several-accounts ada@acme.example"});
  }
  EXPECT_EQ(mails_after_asking_for("ada@acme.example"), Lines()) << "the address has its own";
  EXPECT_EQ(mails_after_asking_for("bob"), Lines{"reset-code ada@acme.example"});
}

TEST_F(Forgotten, AccountsThatAreClosedAreNotNamed) {
  for (const char* name : {"bob", "carol"}) add(name, "ada@acme.example");
  world_.suspend("bob");
  auto before = world_.last_audit();
  EXPECT_EQ(mails_after_asking_for("ada@acme.example"), Lines{"several-accounts ada@acme.example"});
  EXPECT_EQ(decided_after(before),
            (Lines{"refuse suspended bob local-seat", "refuse several-accounts ada local-seat",
                   "refuse several-accounts carol local-seat"}));
  world_.disable("carol");
  EXPECT_EQ(mails_after_asking_for("ada@acme.example"), Lines{"reset-code ada@acme.example"});
  EXPECT_TRUE(chooses_with(world_.mailed_code(), "ada"));
  world_.suspend("ada");
  EXPECT_EQ(mails_after_asking_for("ada@acme.example"), Lines());
}

// --- What cannot be decided ---

class FullDisk : public Forgotten {
 protected:
  // The page that the first mail fits on is there already.
  void SetUp() override {
    Forgotten::SetUp();
    for (const char* name : {"bob", "carol"}) {
      add(name);
      EXPECT_EQ(mails_after_asking_for(name).size(), 1U);
    }
  }
  void fill() {
    limit("PRAGMA max_page_count = 1");  // SQLite takes the present size
    const std::string page(4000, 'x');
    for (int i = 0; put("fill-" + std::to_string(i), page); ++i) continue;
  }
  void make_room() { limit("PRAGMA max_page_count = 1000000"); }
  Result<void> decide() {
    const daemon::Services parts = world_.services();
    return forgotten::decide_waiting(world_.store(), notices::means_of(parts));
  }

 private:
  bool put(const std::string& name, const std::string& value) {
    return world_.store()
        .write([&](store::Database& database) { return store::put_setting(database, name, value); })
        .has_value();
  }
  void limit(const char* sql) {
    EXPECT_TRUE(
        world_.store().write([&](store::Database& database) { return database.execute(sql); }));
  }
};

TEST_F(FullDisk, AWishIsTriedOnceMore) {
  const auto before = world_.last_mail();
  ask_for("ada");
  fill();
  EXPECT_TRUE(decide());
  EXPECT_TRUE(decide()) << "not at once";
  make_room();
  EXPECT_EQ(waiting(), 1);
  world_.clock.turn(1min);
  EXPECT_TRUE(decide());
  EXPECT_EQ(world_.mails_after(before), Lines{"reset-code ada@acme.example"});
  EXPECT_EQ(waiting(), 0);
}

TEST_F(FullDisk, AWishThatCannotBeDecidedEndsWithARecord) {
  const auto before = world_.last_audit();
  ask_for("ada");
  fill();
  EXPECT_TRUE(decide());
  world_.clock.turn(1min);
  const auto failed = decide();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code(), Errc::exhausted);
  EXPECT_EQ(waiting(), 0);
  EXPECT_EQ(decided_after(before), Lines{"error exhausted ada local-seat"});
  make_room();
}

// Nobody comes to decide it where there is no usher-courier.
TEST_F(Forgotten, WhatNobodyWaitsForIsSwept) {
  ask_for("ada");
  world_.clock.turn(1h);
  EXPECT_TRUE(forgotten::sweep(world_.store(), world_.clock.now()));
  EXPECT_EQ(waiting(), 1);
  world_.clock.turn(1ms);
  const auto before = world_.last_audit();
  EXPECT_TRUE(forgotten::sweep(world_.store(), world_.clock.now()));
  EXPECT_EQ(waiting(), 0);
  EXPECT_EQ(decided_after(before), Lines{"error timed-out ada local-seat"});
  const auto commits = world_.store().batches_committed();
  EXPECT_TRUE(forgotten::sweep(world_.store(), world_.clock.now()));
  EXPECT_EQ(world_.store().batches_committed(), commits);
}

// --- The compatible form ---

TEST_F(Forgotten, O10_APassphraseIsTakenAsACodeIsWhileTheSwitchIsOn) {
  world_.set("compat.mailed_password = true");
  EXPECT_EQ(mails_after_asking_for("ada"), Lines{"one-time-passphrase ada@acme.example"});
  const std::string words = world_.mailed_code();
  EXPECT_GE(words.size(), 16U) << words;
  EXPECT_TRUE(chooses_with(" " + words + " "));
  EXPECT_FALSE(chooses_with(words + "x"));
  add("bob");
  EXPECT_FALSE(chooses_with(words, "bob"));
}

}  // namespace
}  // namespace usher::sign_in
