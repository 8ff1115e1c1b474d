// A program that types the password wherever something hidden is asked and has nobody for the rest,
// as sshd's "password" method is; and what goes away while a question stands open.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "daemon/store/factors.hpp"
#include "tests/daemon/sign_in/world.hpp"

namespace usher::sign_in {
namespace {

using protocol::Operation;
using protocol::Outcome;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPassword = "correct horse battery";
constexpr const char* kOneQuestion =
    "This program can ask only one question. Sign in once at the console, or over SSH with "
    "keyboard-interactive authentication.";

class PasswordAlone final : public ports::Person {
 public:
  explicit PasswordAlone(Errc at_shown) : at_shown_(at_shown) {}
  Result<Secret> ask(const ports::Question& question) override {
    if (question.echo == ports::Echo::hidden) return Secret::copy(kPassword);
    return Error(at_shown_, "nobody is there");
  }
  Result<void> tell(ports::Tone /*tone*/, std::string_view /*text*/) override { return {}; }

 private:
  Errc at_shown_;
};

// Types the app's code, and does something before Enter is pressed over the recovery codes.
class Noting final : public ports::Person {
 public:
  Noting(World& world, std::function<void()> meanwhile)
      : world_(world), meanwhile_(std::move(meanwhile)) {}
  Result<Secret> ask(const ports::Question& question) override {
    if (question.text.starts_with("Password")) return Secret::copy(kPassword);
    if (question.text.starts_with("Code")) {
      return Secret::copy(world_.app.code(world_.clock.now(), 0));
    }
    meanwhile_();
    return Secret();
  }
  Result<void> tell(ports::Tone /*tone*/, std::string_view /*text*/) override { return {}; }

 private:
  World& world_;
  std::function<void()> meanwhile_;
};

class NobodyAnswers : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.set("mfa.required = false");
    world_.add("ada", "Ada");
    world_.give_password("ada", kPassword);
  }
  Result<Decision> sign_in(Errc at_shown = Errc::not_answered) {
    PasswordAlone person(at_shown);
    return world_.converse(Operation::authenticate, "ada", "sshd", person);
  }
  std::string steps() { return world_.audit_after(world_.last_audit() - 1).back().steps; }
  void give_terms(const char* demand) {
    world_.set("terms.file = \"/terms\"");
    world_.give_terms("/terms", "Be kind.");
    world_.set(std::string("actions.accept_terms = \"") + demand + "\"");
  }

  World world_;
};

TEST_F(NobodyAnswers, ACodeAndTheRefusalNamesADoorThatAsks) {
  world_.give_app("ada");
  const auto decided = sign_in();
  ASSERT_TRUE(decided.has_value()) << decided.error().text();
  EXPECT_EQ(decided->outcome, Outcome::refuse);
  EXPECT_EQ(decided->reason, Reason::cannot_ask_code);
  EXPECT_EQ(decided->text, kOneQuestion);
  EXPECT_EQ(steps(), "front-end=sshd password-right factor-not-askable=totp");
}

TEST_F(NobodyAnswers, WhatIsDemandedAndTheRefusalNamesADoorThatAsks) {
  give_terms("required");
  const auto decided = sign_in();
  ASSERT_TRUE(decided.has_value()) << decided.error().text();
  EXPECT_EQ(decided->outcome, Outcome::refuse);
  EXPECT_EQ(decided->reason, Reason::cannot_ask_code);
  EXPECT_EQ(decided->text, kOneQuestion);
  EXPECT_EQ(steps(), "front-end=sshd password-right action-due=accept-terms");
}

// Nobody put it off either: the next program that can ask, asks.
TEST_F(NobodyAnswers, WhatIsRecommendedAndTheSignInGoesOn) {
  give_terms("recommended");
  const auto decided = sign_in();
  ASSERT_TRUE(decided.has_value()) << decided.error().text();
  EXPECT_EQ(decided->outcome, Outcome::accept);
  EXPECT_EQ(steps(), "front-end=sshd password-right");
}

TEST_F(NobodyAnswers, AndHangsUpOverWhatIsRecommendedSoNobodyIsIn) {
  give_terms("recommended");
  const auto decided = sign_in(Errc::hung_up);
  ASSERT_FALSE(decided.has_value());
  EXPECT_EQ(decided.error().code(), Errc::hung_up);
}

TEST_F(NobodyAnswers, ForAFactorThatWentAndNoRecoveryCodesStandInForIt) {
  world_.give_app("ada");
  world_.lose_recovery_codes("ada");
  world_.set("actions.recovery_codes = \"required\"");
  world_.clock.turn(std::chrono::seconds(30));
  Noting person(world_, [&] {
    ASSERT_TRUE(world_.store().write([](store::Database& database) {
      return database.execute("DELETE FROM factors WHERE kind = 'totp'");
    }));
  });
  const auto decided = world_.converse(Operation::authenticate, "ada", "login", person);
  ASSERT_TRUE(decided.has_value()) << decided.error().text();
  EXPECT_EQ(decided->outcome, Outcome::refuse);
  EXPECT_EQ(decided->reason, Reason::changed_meanwhile);
  EXPECT_THAT(steps(), Not(HasSubstr("action-done")));
  const auto id = world_.person("ada").id;
  const auto left = world_.store().read(
      [&](store::Database& database) { return store::list_factors(database, id); });
  ASSERT_TRUE(left);
  EXPECT_TRUE(left->empty());
}

}  // namespace
}  // namespace usher::sign_in
