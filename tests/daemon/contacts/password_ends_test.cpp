// The warnings that a password ends: on which days, once each, and to whom.
#include "daemon/notices/password_ends.hpp"

#include <gmock/gmock.h>

#include "daemon/config_policies.hpp"
#include "daemon/crypto/sodium.hpp"
#include "daemon/store/contacts.hpp"
#include "daemon/store/outbox.hpp"
#include "daemon/store/passwords.hpp"
#include "daemon/store/store.hpp"
#include "tests/fakes/clock.hpp"
#include "tests/fakes/entropy.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::notices {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr ports::Instant kStart{std::chrono::milliseconds{1'700'000'000'000}};
constexpr const char* kMail =
    "mail.from = \"no-reply@acme.example\"\nmail.server = \"mx.acme.example\"\n";

class PasswordEndsIn : public ::testing::Test {
 protected:
  PasswordEndsIn() {
    EXPECT_TRUE(crypto::initialise());
    store_ = store::Store::open({.path = directory_ / "usher.db"}).release_value();
    const auto key = crypto::LockedKey::copy(std::string(crypto::kKeyBytes, 'k')).release_value();
    sealer_.emplace(crypto::Sealer::from_master(key).release_value());
    configure("password.max_age_days = 90\n");
  }
  void configure(const std::string& settings, const std::string& mail = kMail) {
    config_ = daemon::parse_config(mail + settings, "t").release_value();
  }
  // Active, with an address that is confirmed, and a password chosen now.
  store::PersonId add(const std::string& name, const std::string& source = "local") {
    return store_
        ->write([&](store::Database& database) -> Result<store::PersonId> {
          store::NewPerson wanted{UserName::parse(name).release_value(), "", {}};
          wanted.source = source;
          const auto person =
              TRY(store::add_person(database, wanted, crypto::random_id(entropy_), clock_.now()));
          const auto contact = TRY(store::add_contact(
              database, {.person = person.id, .value = name + "@acme.example"}, clock_.now()));
          TRY(store::confirm_contact(database, contact, clock_.now(), clock_.now()));
          TRY(store::set_person_state(database, person.id, store::PersonState::active, ""));
          if (source == "local") TRY(choose_password(database, person.id));
          return person.id;
        })
        .release_value();
  }
  Result<void> choose_password(store::Database& database, store::PersonId person) {
    return store::put_password(database, person, {"$argon2id$test", false, clock_.now()});
  }
  void sweep() { ASSERT_TRUE(ends_->tell_some(*store_, means())); }
  // A beat each hour.
  void live(days span) {
    for (std::chrono::hours gone{0}; gone < span; gone += 1h) {
      clock_.turn(1h);
      sweep();
    }
  }
  // "ada@acme.example day 83", oldest first.
  std::vector<std::string> mails() {
    const auto messages = store_->read(
        [](store::Database& database) { return store::list_messages(database, {}, 1000); });
    std::vector<std::string> lines;
    for (const auto& message : *messages) {
      EXPECT_EQ(message.event, "password-expires");
      const auto day = std::chrono::floor<days>(message.queued_at - kStart).count();
      lines.insert(lines.begin(), message.recipient + " day " + std::to_string(day));
    }
    return lines;
  }
  Means means() { return {config_, *sealer_, entropy_, clock_, letterhead_}; }

  fakes::TemporaryDirectory directory_;
  fakes::HandClock clock_{kStart};
  fakes::SeededEntropy entropy_;
  std::unique_ptr<store::Store> store_;
  std::optional<crypto::Sealer> sealer_;
  daemon::Config config_;
  letters::Letterhead letterhead_{letters::Templates::built_in().release_value(), "calculon"};
  std::optional<PasswordEnds> ends_{std::in_place};
};

TEST_F(PasswordEndsIn, SevenThreeAndOneDaysBeforeTheyAreToldOnceEach) {
  add("ada");
  live(days(100));
  EXPECT_THAT(mails(), ElementsAre("ada@acme.example day 83", "ada@acme.example day 87",
                                   "ada@acme.example day 89"));
}

TEST_F(PasswordEndsIn, ARestartTellsNobodyAgain) {
  add("ada");
  clock_.turn(days(84));
  sweep();
  ends_.emplace();
  sweep();
  EXPECT_THAT(mails(), ElementsAre("ada@acme.example day 84"));
}

TEST_F(PasswordEndsIn, AfterALongStopOnlyTheNextDayIsTold) {
  add("ada");
  clock_.turn(days(88));
  sweep();
  EXPECT_THAT(mails(), ElementsAre("ada@acme.example day 88"));
  clock_.turn(days(1));
  sweep();
  sweep();
  EXPECT_EQ(mails().size(), 2U);
}

TEST_F(PasswordEndsIn, AnotherPasswordEndsAnotherDay) {
  const auto ada = add("ada");
  live(days(84));
  ASSERT_TRUE(
      store_->write([&](store::Database& database) { return choose_password(database, ada); }));
  live(days(84));
  EXPECT_THAT(mails(), ElementsAre("ada@acme.example day 83", "ada@acme.example day 167"));
}

TEST_F(PasswordEndsIn, WhatAClockThatWasAheadSaidIsSaidOnceMore) {
  add("ada");
  clock_.turn(days(89));
  sweep();
  clock_.set(kStart + days(83));
  sweep();
  sweep();
  EXPECT_THAT(mails(), ElementsAre("ada@acme.example day 89", "ada@acme.example day 83"));
}

TEST_F(PasswordEndsIn, TheOthersAreToldWhateverIsTheMatterWithOne) {
  const auto ada = add("ada");
  add("bob");
  ASSERT_TRUE(store_->write([&](store::Database& database) {
    return database.execute(
        "CREATE TRIGGER no_ada BEFORE INSERT ON password_warnings WHEN NEW.person = 1 BEGIN "
        "SELECT RAISE(ABORT, 'no'); END");
  }));
  ASSERT_EQ(static_cast<int>(ada), 1);
  clock_.turn(days(83));
  EXPECT_FALSE(ends_->tell_some(*store_, means()));
  EXPECT_THAT(mails(), ElementsAre("bob@acme.example day 83"));
}

TEST_F(PasswordEndsIn, PeopleWhoCannotSignInWithItAreNotTold) {
  add("gil", "federated:acme");
  const auto shut = add("ada");
  const auto ended = add("bob");
  const auto due = add("cyd");
  ASSERT_TRUE(store_->write([&](store::Database& database) -> Result<void> {
    TRY(store::set_person_state(database, shut, store::PersonState::suspended, "away"));
    TRY(store::delete_password(database, ended));
    return store::put_password(database, due, {"$argon2id$test", true, kStart});
  }));
  live(days(100));
  EXPECT_THAT(mails(), IsEmpty());
}

TEST_F(PasswordEndsIn, WhoseAddressIsConfirmedLaterHearsOfTheNextDay) {
  const auto ada = add("ada");
  store::ContactId contact{};
  ASSERT_TRUE(store_->write([&](store::Database& database) -> Result<void> {
    const auto contacts = TRY(store::list_contacts(database, ada));
    TRY(store::delete_contact(database, contacts.front().id));
    contact = TRY(
        store::add_contact(database, {.person = ada, .value = "new@acme.example"}, clock_.now()));
    return {};
  }));
  live(days(85));
  EXPECT_THAT(mails(), IsEmpty());
  ASSERT_TRUE(store_->write([&](store::Database& database) {
    return store::confirm_contact(database, contact, clock_.now(), clock_.now());
  }));
  sweep();
  EXPECT_THAT(mails(), ElementsAre("new@acme.example day 85"));
}

TEST_F(PasswordEndsIn, NothingIsSentWhereNothingEndsOrTheLetterIsOffOrThereIsNoMail) {
  add("ada");
  configure("");
  live(days(30));
  configure("password.max_age_days = 90\nnotices.off = [\"password-expires\"]\n");
  live(days(30));
  configure("password.max_age_days = 90\n", "");
  live(days(40));
  EXPECT_THAT(mails(), IsEmpty());
}

TEST_F(PasswordEndsIn, APolicyAloneMakesThemEnd) {
  configure("");
  config_.policies.push_back(
      daemon::parse_policy("for = \"everybody\"\npassword.max_age_days = 30\n", "p", "p.toml")
          .release_value());
  add("ada");
  live(days(31));
  EXPECT_EQ(mails().size(), 3U);
}

TEST_F(PasswordEndsIn, ABeatLooksAtSoManyPeopleAndTheNextOneGoesOn) {
  constexpr int kMore = 5;
  for (int i = 0; i < PasswordEnds::kAtOnce + kMore; ++i) add("p" + std::to_string(1000 + i));
  clock_.turn(days(84));
  sweep();
  EXPECT_EQ(mails().size(), static_cast<std::size_t>(PasswordEnds::kAtOnce));
  sweep();
  EXPECT_EQ(mails().size(), static_cast<std::size_t>(PasswordEnds::kAtOnce + kMore));
  sweep();
  EXPECT_EQ(mails().size(), static_cast<std::size_t>(PasswordEnds::kAtOnce + kMore));
}

}  // namespace
}  // namespace usher::notices
