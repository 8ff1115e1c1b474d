// What is decided of forgotten passwords, where no scenario can see it.
#include <gtest/gtest.h>

#include "daemon/store/reset_requests.hpp"
#include "tests/daemon/sign_in/blunt_person.hpp"
#include "tests/daemon/sign_in/world.hpp"

namespace usher::sign_in {
namespace {

using protocol::Operation;

class Forgotten : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.give_mail_server();
    world_.add("ada", "Ada Lovelace");
    world_.give_password("ada", "correct horse battery");
    world_.confirm_contact("ada", "ada@acme.example");
  }
  void ask_for(const std::string& name) {
    BluntPerson person({"?", "1", "wrong"});
    EXPECT_TRUE(world_.converse(Operation::authenticate, name, "login", person).has_value());
  }
  // sshd replaces what is typed for a name that getpwnam() does not know, byte for byte.
  std::vector<std::string> mails_after_asking_sshd_for(const std::string& name) {
    const auto before = world_.last_mail();
    BluntPerson person({"\b", "\b", "\b\n\r\177I"});
    EXPECT_TRUE(world_.converse(Operation::authenticate, name, "sshd", person).has_value());
    world_.decide_forgotten();
    return world_.mails_after(before);
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
  EXPECT_EQ(world_.mails_after(before), std::vector<std::string>{"reset-code ada@acme.example"});
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
            std::vector<std::string>{"reset-elsewhere ada@acme.example"});
  EXPECT_TRUE(mails_after_asking_sshd_for("ada").empty());
  EXPECT_TRUE(mails_after_asking_sshd_for("nobody@acme.example").empty());
}

}  // namespace
}  // namespace usher::sign_in
