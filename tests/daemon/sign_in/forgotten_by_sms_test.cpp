// Codes for forgotten passwords by text message: what others cause leaves the owner some, and one
// way that is shut is no reason to leave the other out.
#include <gtest/gtest.h>

#include "daemon/store/reset_requests.hpp"
#include "tests/daemon/sign_in/blunt_person.hpp"
#include "tests/daemon/sign_in/world.hpp"

namespace usher::sign_in {
namespace {

using Mails = std::vector<std::string>;

const std::string kByText = "reset-code +33612345678";
const std::string kByMail = "reset-code ada@acme.example";

class ForgottenBySms : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.give_gateway();
    world_.add("ada", "Ada Lovelace");
    world_.give_password("ada", "correct horse battery");
    world_.confirm_contact("ada", "+33612345678");
  }
  // What is sent for a wish from there.
  Mails asked(daemon::Origin origin, const std::string& whom = "ada") {
    const auto before = world_.last_mail();
    EXPECT_TRUE(world_.store().write([&](store::Database& database) {
      return store::put_reset_request(database, {.asked_for = whom,
                                                 .origin = std::string(daemon::name_of(origin)),
                                                 .service = "login",
                                                 .rhost = {},
                                                 .request = "r1",
                                                 .asked_at = world_.clock.now()});
    }));
    world_.decide_forgotten();
    return world_.mails_after(before);
  }
  World world_;
};

TEST_F(ForgottenBySms, WhatOthersCauseLeavesTheOwnerSome) {
  world_.set("sms.per_person = 3");
  EXPECT_EQ(asked(daemon::Origin::known_host), Mails{kByText});
  EXPECT_EQ(asked(daemon::Origin::known_host), Mails{});
  EXPECT_EQ(asked(daemon::Origin::local_seat), Mails{kByText});
  EXPECT_EQ(asked(daemon::Origin::non_root_self), Mails{kByText});
  EXPECT_EQ(asked(daemon::Origin::local_seat), Mails{}) << "three are three";
}

TEST_F(ForgottenBySms, WhatDoesNotLeaveTakesNothingFromOtherStrangers) {
  world_.set("forgot.from = \"any\"");
  world_.set("forgot.strangers_per_hour = 1");
  world_.set("sms.per_person = 3");
  world_.add("bob", "Bob");
  world_.give_password("bob", "correct horse battery");
  world_.confirm_contact("bob", "+33698765432");
  EXPECT_EQ(asked(daemon::Origin::known_host), Mails{kByText});
  EXPECT_EQ(asked(daemon::Origin::unknown_host), Mails{});
  EXPECT_EQ(asked(daemon::Origin::unknown_host, "bob"), Mails{"reset-code +33698765432"});
  EXPECT_EQ(asked(daemon::Origin::unknown_host, "bob"), Mails{}) << "that one left";
}

TEST_F(ForgottenBySms, ComesByMailWhereNoTextMessageMayGoAnyMore) {
  world_.set("forgot.by = \"sms,mail\"");
  world_.give_mail_server();
  world_.confirm_contact("ada", "ada@acme.example");
  world_.set("sms.per_person = 1");
  EXPECT_EQ(asked(daemon::Origin::local_seat), Mails{kByText});
  EXPECT_EQ(asked(daemon::Origin::local_seat), Mails{kByMail});
}

TEST_F(ForgottenBySms, GoesToTheNumberWhereAnAddressIsTypedAndNoMailLeaves) {
  world_.confirm_contact("ada", "ada@acme.example");
  EXPECT_EQ(asked(daemon::Origin::local_seat, "ada@acme.example"), Mails{kByText});
  world_.give_mail_server();
  EXPECT_EQ(asked(daemon::Origin::local_seat, "ada@acme.example"), Mails{kByMail});
}

TEST_F(ForgottenBySms, GoesToNoNumberWhereTheSettingSaysMail) {
  world_.give_mail_server();
  world_.set("forgot.by = \"mail\"");
  EXPECT_EQ(asked(daemon::Origin::local_seat), Mails{});
  world_.confirm_contact("ada", "ada@acme.example");
  EXPECT_EQ(asked(daemon::Origin::local_seat), Mails{kByMail});
}

TEST_F(ForgottenBySms, GoesToNoAddressWhereTheSettingSaysSms) {
  world_.give_mail_server();
  world_.set("forgot.by = \"sms\"");
  world_.confirm_contact("ada", "ada@acme.example");
  EXPECT_EQ(asked(daemon::Origin::local_seat), Mails{kByText});
  world_.remove_contact("ada", "+33612345678");
  EXPECT_EQ(asked(daemon::Origin::local_seat), Mails{});
}

// An address that somebody else may have confirmed is not enough.
TEST_F(ForgottenBySms, WhatHappenedIsTextedWhereNoAddressMayGetCodes) {
  world_.give_mail_server();
  world_.confirm_contact("ada", "ada@acme.example");
  const auto changed = [&](const std::string& from, const std::string& to) {
    const auto before = world_.last_mail();
    BluntPerson person({from, to, to});
    EXPECT_TRUE(
        world_.converse(protocol::Operation::change_password, "ada", "passwd", person).has_value());
    return world_.mails_after(before);
  };
  EXPECT_EQ(changed("correct horse battery", "seven green kites 77"),
            Mails{"password-changed ada@acme.example"});
  world_.doubt_contact("ada", "ada@acme.example");
  EXPECT_EQ(changed("seven green kites 77", "copper lantern drift 11"),
            (Mails{"password-changed ada@acme.example", "password-changed +33612345678"}));
  world_.remove_contact("ada", "ada@acme.example");
  EXPECT_EQ(changed("copper lantern drift 11", "velvet anchor plum 22"),
            Mails{"password-changed +33612345678"});
}

}  // namespace
}  // namespace usher::sign_in
