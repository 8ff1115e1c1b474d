// Notices that a sign-in brings about: of a password that is known from a breach, and of a recovery
// code, in the transaction that spends it.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "daemon/store/recovery_codes.hpp"
#include "daemon/texts/events.hpp"
#include "tests/daemon/sign_in/blunt_person.hpp"
#include "tests/daemon/sign_in/world.hpp"
#include "tests/fakes/run_program.hpp"

namespace usher::sign_in {
namespace {

using protocol::Operation;
using protocol::Outcome;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kPassword = "seven green kites 77";

class Notices : public ::testing::Test {
 public:
  void SetUp() override {
    world_.set("mfa.required = false");
    world_.give_mail_server();
    world_.add("ada", "");
    world_.give_password("ada", kPassword);
    world_.confirm_contact("ada", "ada@acme.example");
  }
  // What she saw.
  std::string sign_in(std::vector<std::string> answers, std::string_view door = "login") {
    BluntPerson person(std::move(answers));
    mail_before_ = world_.last_mail();
    const auto decided = world_.converse(Operation::authenticate, "ada", door, person);
    outcome_ = decided.has_value() ? decided->outcome : Outcome::unavailable;
    return person.seen;
  }
  std::vector<std::string> mails() { return world_.mails_after(mail_before_); }
  std::string steps() { return world_.audit_after(world_.last_audit() - 1).back().steps; }
  // By now the password is on a list.
  void breach() {
    std::ofstream(list_) << kPassword << "\n";
    const auto ran =
        fakes::run_program("pwqfilter --create=1000 -o " + filter_ + " < " + list_ + " 2>&1");
    ASSERT_EQ(ran.status, 0) << ran.output << ": is passwdqc installed?";
    ASSERT_EQ(::chmod(filter_.c_str(), 0644), 0);
    auto opened = daemon::BreachFilter::open(filter_);
    ASSERT_TRUE(opened) << opened.error().text();
    world_.password_sources.breached.emplace(opened.release_value());
  }
  std::int64_t recovery_codes() {
    const auto id = world_.person("ada").id;
    return *world_.store().read(
        [&](store::Database& database) { return store::count_recovery_codes(database, id); });
  }

  fakes::TemporaryDirectory directory_;
  std::string list_ = directory_ / "list";
  std::string filter_ = directory_ / "breached.pwq";
  std::int64_t mail_before_ = 0;
  Outcome outcome_ = Outcome::unavailable;
  World world_;
};

TEST_F(Notices, OfABreachedPasswordAreOneAndTheChangeIsThePolicys) {
  world_.set("actions.change_password = \"recommended\"");
  sign_in({kPassword});
  EXPECT_THAT(mails(), IsEmpty());
  breach();
  EXPECT_THAT(sign_in({kPassword, ""}), HasSubstr("known from a breach elsewhere"));
  EXPECT_EQ(outcome_, Outcome::accept);
  EXPECT_THAT(mails(), ElementsAre("password-breached ada@acme.example"));
  EXPECT_THAT(steps(), HasSubstr("password-breached"));
  // Asked again, and told no more.
  EXPECT_THAT(sign_in({kPassword, ""}), HasSubstr("known from a breach elsewhere"));
  EXPECT_THAT(mails(), IsEmpty());
}

TEST_F(Notices, OfABreachedPasswordEndWithAnotherOneWhereThePolicyRequiresIt) {
  breach();
  sign_in({kPassword, ""});
  EXPECT_NE(outcome_, Outcome::accept);
  sign_in({kPassword, "nine blue kites 99", "nine blue kites 99"});
  EXPECT_EQ(outcome_, Outcome::accept);
  EXPECT_THAT(mails(), ElementsAre("password-changed ada@acme.example"));
  EXPECT_THAT(sign_in({"nine blue kites 99"}), Not(HasSubstr("breach")));
}

TEST_F(Notices, OfABreachedPasswordAreOneAnotherPassword) {
  breach();
  world_.set("actions.change_password = \"off\"");
  sign_in({kPassword});
  EXPECT_THAT(mails(), ElementsAre("password-breached ada@acme.example"));
  world_.clock.turn(std::chrono::hours(1));
  world_.give_password("ada", kPassword);  // once more, on another day
  sign_in({kPassword});
  EXPECT_THAT(mails(), ElementsAre("password-breached ada@acme.example"));
}

// Whoever only verifies is not kept out of what they do.
TEST_F(Notices, OfABreachedPasswordStandInNobodysWayAtSudo) {
  breach();
  world_.set("actions.change_password = \"required\"");
  sign_in({kPassword}, "sudo");
  EXPECT_EQ(outcome_, Outcome::accept);
  EXPECT_THAT(mails(), ElementsAre("password-breached ada@acme.example"));
}

TEST_F(Notices, OfABreachedPasswordAreNotForWhoGuessesIt) {
  world_.give_app("ada");
  breach();
  sign_in({kPassword, ""});
  EXPECT_THAT(mails(), ElementsAre("second-factor-failed ada@acme.example"));
}

TEST_F(Notices, ADamagedFilterShutsNobodyOut) {
  breach();
  std::filesystem::resize_file(filter_, 64);
  sign_in({kPassword});
  EXPECT_EQ(outcome_, Outcome::accept);
  EXPECT_THAT(mails(), IsEmpty());
  EXPECT_THAT(steps(), HasSubstr("breach-not-looked-for"));
}

// What is told to all their addresses is read at the next sign-in, too; the others hold a code, or
// are about no account, or go to somebody else.
TEST_F(Notices, HaveWordsForTheNextSignIn) {
  using letters::Letter;
  constexpr Letter kToldInAnotherWay[] = {Letter::test,
                                          Letter::invitation,
                                          Letter::reset_code,
                                          Letter::reset_elsewhere,
                                          Letter::federated,
                                          Letter::several_accounts,
                                          Letter::one_time_passphrase,
                                          Letter::confirm_address,
                                          Letter::password_expires,
                                          Letter::factor_lost,
                                          Letter::objection};
  for (const letters::LetterRow& row : letters::letters()) {
    const bool another = std::find(std::begin(kToldInAnotherWay), std::end(kToldInAnotherWay),
                                   row.letter) != std::end(kToldInAnotherWay);
    for (const texts::Language language : texts::languages()) {
      EXPECT_EQ(texts::event_named(language, row.name).has_value(), !another) << row.name;
    }
  }
}

// Nothing happens without the notice of it.
TEST_F(Notices, OfARecoveryCodeAreQueuedWithItsSpending) {
  world_.give_app("ada");
  ASSERT_EQ(recovery_codes(), 10);
  ASSERT_TRUE(world_.store().write([](store::Database& database) {
    return database.execute(
        "CREATE TRIGGER no_mail BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'full'); END");
  }));
  sign_in({kPassword, world_.recovery_codes[0]});
  EXPECT_EQ(outcome_, Outcome::unavailable);
  EXPECT_EQ(recovery_codes(), 10);
}

// A program that changes without end would fill mailboxes, and the queue of everybody.
TEST_F(Notices, OfANewPasswordAreTenAnHourAndNoChangeGoesUntold) {
  world_.set("password.history = 0");
  std::string present = kPassword;
  const auto change = [&] {
    const std::string other = present == kPassword ? "eight purple boats 88" : kPassword;
    BluntPerson person({present, other, other});
    auto decided = world_.converse(Operation::change_password, "ada", "passwd", person);
    if (decided.has_value() && decided->outcome == Outcome::accept) present = other;
    return decided.has_value() ? decided.release_value() : Decision{};
  };
  mail_before_ = world_.last_mail();
  for (int i = 0; i < 10; ++i) ASSERT_EQ(change().outcome, Outcome::accept);
  const Decision refused = change();
  EXPECT_EQ(refused.reason, Reason::too_often);
  EXPECT_THAT(refused.text, HasSubstr("often within the hour"));
  EXPECT_EQ(mails().size(), 10U);
  world_.clock.turn(std::chrono::hours(1));
  EXPECT_EQ(change().outcome, Outcome::accept);
}

TEST_F(Notices, G2_G4_HoldTheAddressOfThePageThatIsSet) {
  world_.give_app("ada");
  sign_in({kPassword, world_.recovery_codes[0]});
  EXPECT_THAT(world_.last_mail_text(), Not(HasSubstr("About signing in")));
  world_.set("texts.page = \"https://acme.example/sign-in\"");
  sign_in({kPassword, world_.recovery_codes[1]});
  EXPECT_THAT(world_.last_mail_text(),
              HasSubstr("\nAbout signing in: https://acme.example/sign-in\n"));
}

TEST_F(Notices, OfARecoveryCodeSayWhenFewAreLeft) {
  world_.give_app("ada");
  for (std::size_t used = 0; used < 7; ++used) {
    sign_in({kPassword, world_.recovery_codes[used]}, "sudo");
    ASSERT_EQ(outcome_, Outcome::accept);
    EXPECT_THAT(mails(), ElementsAre("recovery-code-used ada@acme.example"));
    EXPECT_EQ(world_.last_mail_text().find("Few are left") != std::string::npos, used == 6);
  }
}

}  // namespace
}  // namespace usher::sign_in
