// What a sign-in leaves in its audit record for whoever has to explain it.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/daemon/sign_in/blunt_person.hpp"
#include "tests/daemon/sign_in/world.hpp"

namespace usher::sign_in {
namespace {

using protocol::Operation;

class Steps : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.set("mfa.required = false");
    world_.add("ada", "Ada");
    world_.give_password("ada", kPassword);
  }
  // Of the record that the conversation left.
  std::string after(std::string_view door, std::vector<std::string> answers,
                    const std::string& name = "ada") {
    BluntPerson person(std::move(answers));
    (void)world_.converse(Operation::authenticate, name, door, person);
    return world_.audit_after(world_.last_audit() - 1).back().steps;
  }
  static constexpr const char* kPassword = "correct horse battery";
  World world_;
};

TEST_F(Steps, CountWrongPasswordsAndTellTheSameOneAgain) {
  EXPECT_EQ(after("sshd", {"wrong horse"}),
            "front-end=sshd password-wrong wrong-passwords=1 refused-from=90 waited=1");
  EXPECT_EQ(after("sshd", {"wrong horse"}),
            "front-end=sshd password-wrong-as-before wrong-passwords=1 refused-from=90 waited=1");
  EXPECT_EQ(after("login", {"wrong horse"}),
            "front-end=login password-wrong wrong-passwords=1 waited=1");
}

TEST_F(Steps, TellNothingOfANameThatIsNobodys) {
  EXPECT_EQ(after("sshd", {"wrong horse"}, "nobody"), "front-end=sshd password-wrong waited=1");
}

TEST_F(Steps, SayUntilWhenTheThrottleRefuses) {
  world_.guess(90, "ada", "sshd");
  const std::string steps = after("sshd", {kPassword});
  const std::string until = "refused-until=";
  ASSERT_NE(steps.find(until), std::string::npos) << steps;
  const auto at = std::stoll(steps.substr(steps.find(until) + until.size()));
  const auto now = world_.clock.now().time_since_epoch().count();
  EXPECT_GT(at, now + 23 * 3'600'000LL);
  EXPECT_LE(at, now + 25 * 3'600'000LL);
  EXPECT_EQ(steps.substr(0, steps.find(until)),
            "front-end=sshd password-not-looked-at wrong-passwords=90 refused-from=90 ");
}

TEST_F(Steps, NameEachCodeAndWhatStoodAgainstIt) {
  world_.give_app("ada");
  const std::string wrong = world_.app.wrong_code(world_.clock.now());
  EXPECT_EQ(after("sshd", {kPassword, wrong, wrong, wrong}),
            "front-end=sshd password-right factor-wrong=totp factor-wrong=totp factor-wrong=totp");
  EXPECT_EQ(after("sshd", {kPassword, wrong, ""}),
            "front-end=sshd password-right wrong-codes-at-once=3 factor-not-looked-at=totp "
            "factor-not-typed=totp");
  world_.clock.turn(std::chrono::seconds(30));
  EXPECT_EQ(after("sshd", {kPassword, world_.app.code(world_.clock.now(), 0)}),
            "front-end=sshd password-right factor-right=totp");
}

TEST_F(Steps, SayHowFarAConversationCameThatBrokeOff) {
  world_.give_app("ada");
  EXPECT_EQ(after("sshd", {}), "front-end=sshd");
  EXPECT_EQ(after("sshd", {kPassword}), "front-end=sshd password-right");
}

TEST_F(Steps, NameWhoStartedSu) {
  EXPECT_EQ(after("su", {kPassword}), "front-end=su started-by=bob password-right");
  EXPECT_EQ(after("sudo", {kPassword}), "front-end=sudo started-by-uid=1000 password-right");
}

TEST_F(Steps, TellAOneTimeCodeFromAPassword) {
  world_.add("eve", "Eve");
  EXPECT_EQ(
      after("sudo", {world_.code}, "eve"),
      "front-end=sudo started-by-uid=1000 one-time-code-elsewhere wrong-passwords=1 waited=1");
  EXPECT_EQ(after("sshd", {"wrong horse"}, "eve"),
            "front-end=sshd no-password wrong-passwords=1 refused-from=90 waited=1");
  EXPECT_EQ(after("login", {world_.code}, "eve"), "front-end=login one-time-code-right");
}

// --- Every action, however it ends ---

constexpr const char* kDoor = "front-end=login password-right";

std::string with(const std::string& steps) {
  return std::string(kDoor) + " " + steps;
}

TEST_F(Steps, OfANewPassword) {
  world_.demand_new_password("ada");
  EXPECT_EQ(after("login", {kPassword}), kDoor);
  EXPECT_EQ(after("login", {kPassword, "", "", ""}), with("action-due=change-password"));
  const std::string fresh = "eight blue anvils";
  EXPECT_EQ(after("login", {kPassword, fresh, fresh}), with("action-done=change-password"));
  world_.set("password.max_age_days = 30");
  world_.set("actions.change_password = \"recommended\"");
  world_.clock.turn(std::chrono::hours(24 * 31));
  EXPECT_EQ(after("login", {fresh, ""}), with("action-put-off=change-password"));
}

TEST_F(Steps, OfAFactor) {
  world_.set("actions.enrol_factor = \"recommended\"");
  EXPECT_EQ(after("login", {kPassword, ""}), with("action-put-off=enrol-factor"));
  world_.give_policy("staff", "for = \"group staff\"\nactions.enrol_factor = \"required\"");
  world_.join("ada", "staff");
  EXPECT_EQ(after("login", {kPassword, "phone"}), kDoor);
  EXPECT_EQ(after("login", {kPassword, ""}), with("action-due=enrol-factor"));
  world_.give_app("ada");
  EXPECT_EQ(world_.audit_after(world_.last_audit() - 1).back().steps,
            with("action-done=enrol-factor action-done=recovery-codes"));
}

// There is no giving them up: whoever stays has noted them.
TEST_F(Steps, OfRecoveryCodes) {
  world_.give_app("ada");
  world_.lose_recovery_codes("ada");
  const auto sign_in = [&](std::vector<std::string> answers) {
    world_.clock.turn(std::chrono::seconds(30));
    answers.insert(answers.begin(), {kPassword, world_.app.code(world_.clock.now(), 0)});
    return after("login", std::move(answers));
  };
  const std::string proven = "factor-right=totp";
  EXPECT_EQ(sign_in({"yes"}), with(proven));
  EXPECT_EQ(sign_in({""}), with(proven + " action-put-off=recovery-codes"));
  world_.set("actions.recovery_codes = \"required\"");
  EXPECT_EQ(sign_in({}), with(proven));
  EXPECT_EQ(sign_in({""}), with(proven + " action-done=recovery-codes"));
}

TEST_F(Steps, OfTheTerms) {
  world_.set("terms.file = \"/terms\"");
  world_.give_terms("/terms", "Be kind.");
  EXPECT_EQ(after("login", {kPassword}), kDoor);
  EXPECT_EQ(after("login", {kPassword, "no"}), with("action-due=accept-terms"));
  EXPECT_EQ(after("login", {kPassword, "yes"}), with("action-done=accept-terms"));
  world_.give_terms("/terms", "Be kind, always.");
  world_.set("actions.accept_terms = \"recommended\"");
  EXPECT_EQ(after("login", {kPassword, ""}), with("action-put-off=accept-terms"));
}

}  // namespace
}  // namespace usher::sign_in
