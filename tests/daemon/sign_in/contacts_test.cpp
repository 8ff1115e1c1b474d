// What a sign-in does when confirming an address fails, and what it leaves for whoever explains it.
#include <gmock/gmock.h>

#include "tests/daemon/sign_in/blunt_person.hpp"
#include "tests/daemon/sign_in/world.hpp"

namespace usher::sign_in {
namespace {

using protocol::Operation;
using protocol::Outcome;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// sshd's "password" method: a hidden question gets the password, a shown one fails.
class AsksOnce final : public ports::Person {
 public:
  explicit AsksOnce(std::string_view password) : password_(password) {}
  Result<Secret> ask(const ports::Question& question) override {
    if (question.echo == ports::Echo::hidden) return Secret::copy(password_);
    ++failed;
    return Error(Errc::not_answered, "nobody answered");
  }
  Result<void> tell(ports::Tone, std::string_view) override { return {}; }
  int failed = 0;

 private:
  std::string_view password_;
};

class ContactsAtASignIn : public ::testing::Test {
 public:
  void SetUp() override {
    world_.set("mfa.required = false");
    world_.set("actions.confirm_contact = \"recommended\"");
    world_.give_mail_server();
    world_.add("ada", "Ada");
    world_.give_password("ada", kPassword);
  }
  Outcome sign_in(ports::Person& person, std::string_view door = "login") {
    const auto decided = world_.converse(Operation::authenticate, "ada", door, person);
    return decided.has_value() ? decided->outcome : Outcome::unavailable;
  }
  Outcome sign_in(std::vector<std::string> answers) {
    BluntPerson person(std::move(answers));
    return sign_in(person);
  }
  std::string steps() { return world_.audit_after(world_.last_audit() - 1).back().steps; }

  static constexpr const char* kPassword = "correct horse battery";
  World world_;
};

TEST_F(ContactsAtASignIn, S8_AFailureIsNotedAndInNobodysWay) {
  ASSERT_TRUE(world_.store().write(
      [](store::Database& database) { return database.execute("DROP TABLE contact_codes"); }));
  EXPECT_EQ(sign_in({kPassword}), Outcome::accept);
  EXPECT_EQ(steps(), "front-end=login password-right action-failed=confirm-contact");
}

TEST_F(ContactsAtASignIn, S8_AFailureAfterTheQuestionIsInNobodysWayEither) {
  ASSERT_TRUE(world_.store().write(
      [](store::Database& database) { return database.execute("DROP TABLE outbox"); }));
  EXPECT_EQ(sign_in({kPassword, "ada@acme.example"}), Outcome::accept);
  EXPECT_THAT(steps(), HasSubstr("action-failed=confirm-contact"));
}

TEST_F(ContactsAtASignIn, S8_AProgramThatAsksOnceIsNotHeldUp) {
  AsksOnce person(kPassword);
  EXPECT_EQ(sign_in(person, "sshd"), Outcome::accept);
  EXPECT_EQ(person.failed, 1);
  EXPECT_EQ(steps(), "front-end=sshd password-right");
}

TEST_F(ContactsAtASignIn, WhoeverHangsUpIsNotIn) {
  EXPECT_EQ(sign_in({kPassword, "ada@acme.example"}), Outcome::unavailable);
  EXPECT_THAT(steps(), HasSubstr("contact-code-sent"));
}

TEST_F(ContactsAtASignIn, TheStepsSayWhatCameOfIt) {
  EXPECT_EQ(sign_in({kPassword, "ada@acme.example", "1", ""}), Outcome::accept);
  EXPECT_EQ(steps(),
            "front-end=login password-right contact-code-sent contact-code-wrong "
            "action-put-off=confirm-contact");
  EXPECT_EQ(sign_in({kPassword, world_.mailed_code()}), Outcome::accept);
  EXPECT_EQ(steps(), "front-end=login password-right action-done=confirm-contact");
}

// Of two who type the one code at once, one confirms it: the other is in all the same.
TEST_F(ContactsAtASignIn, ACodeThatWasSpentMeanwhileConfirmsNothingAgain) {
  ASSERT_EQ(sign_in({kPassword, "ada@acme.example", ""}), Outcome::accept);
  const std::string code = world_.mailed_code();
  class Late final : public ports::Person {
   public:
    Late(ContactsAtASignIn& test, std::string code) : test_(test), code_(std::move(code)) {}
    Result<Secret> ask(const ports::Question& question) override {
      if (question.echo == ports::Echo::hidden) return Secret::copy(kPassword);
      EXPECT_EQ(test_.sign_in({kPassword, code_}), Outcome::accept);
      return Secret::copy(code_);
    }
    Result<void> tell(ports::Tone, std::string_view text) override {
      told += text;
      return {};
    }
    std::string told;

   private:
    ContactsAtASignIn& test_;
    std::string code_;
  };
  Late late(*this, code);
  EXPECT_EQ(sign_in(late), Outcome::accept);
  EXPECT_THAT(late.told, HasSubstr("no longer works"));
}

TEST_F(ContactsAtASignIn, S8_AtMostFiveCodesAnHourAreSent) {
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(sign_in({kPassword, "ada@acme.example", ""}), Outcome::accept);
    world_.clock.turn(std::chrono::minutes(11));
  }
  // The sixth was asked for within the hour; the seventh after it.
  EXPECT_EQ(world_.mails_after(0).size(), 6U);
}

TEST_F(ContactsAtASignIn, DeletingAPersonTakesContactsAndCodesAlong) {
  world_.give_contact("ada", "mail", "ada@acme.example");
  ASSERT_EQ(sign_in({kPassword, "yes", ""}), Outcome::accept);
  world_.remove("ada");
  EXPECT_EQ(world_.dump().find("contact "), std::string::npos);
}

}  // namespace
}  // namespace usher::sign_in
