// Sign-ins that go the way they should: what the person sees, what the daemon is told, which
// password a keyring behind us will find.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "application.hpp"

namespace usher::pam_module::test {
namespace {

using protocol::AnswerKind;
using protocol::Begin;
using protocol::Operation;
using protocol::Outcome;
using protocol::Slot;
using protocol::Step;
using protocol::StepKind;
using protocol::Verdict;

constexpr Step kAskPassword{StepKind::ask_hidden, Slot::password, "Password: "};
constexpr Step kAskCode{StepKind::ask_shown, Slot::none, "Code: "};

Verdict accept(Slot authtok, std::uint16_t length, Slot old_authtok = Slot::none) {
  return Verdict{Outcome::accept, authtok, length, old_authtok, kAda, ""};
}

TEST(SignIn, WithPasswordAndCodeHandsOnThePasswordAndNeverTheCode) {
  Door door;
  door.daemon.meet(Operation::authenticate)
      .step(kAskPassword)
      .expect_answer(AnswerKind::given, "correct horse")
      .step(kAskCode)
      .expect_answer(AnswerKind::given, "287082")
      .decide(accept(Slot::password, 13));
  door.application.types("correct horse").types("287082");
  EXPECT_EQ(door.authenticate(), PAM_SUCCESS);
  EXPECT_EQ(door.application.token(), "correct horse");
  EXPECT_EQ(door.application.old_token(), std::nullopt);
  EXPECT_EQ(door.application.shown(), (std::vector<Shown>{{PAM_PROMPT_ECHO_OFF, "Password: "},
                                                          {PAM_PROMPT_ECHO_ON, "Code: "}}));
}

TEST(SignIn, CutsTheCodeFromAPasswordTypedWithIt) {
  Door door;
  door.daemon.meet(Operation::authenticate)
      .step(kAskPassword)
      .expect_answer(AnswerKind::given, "correct horse287082")
      .decide(accept(Slot::password, 13));
  door.application.types("correct horse287082");
  EXPECT_EQ(door.authenticate(), PAM_SUCCESS);
  EXPECT_EQ(door.application.token(), "correct horse");
}

TEST(SignIn, HandsOnTheLatestOfTwoAnswers) {
  Door door;
  door.daemon.meet(Operation::authenticate)
      .step(kAskPassword)
      .expect_answer(AnswerKind::given, "wrong")
      .step(kAskPassword)
      .expect_answer(AnswerKind::given, "right")
      .decide(accept(Slot::password, 5));
  door.application.types("wrong").types("right");
  EXPECT_EQ(door.authenticate(), PAM_SUCCESS);
  EXPECT_EQ(door.application.token(), "right");
}

TEST(SignIn, WithoutAPasswordHandsOnNothing) {
  Door door;
  door.daemon.meet(Operation::authenticate)
      .step(kAskCode)
      .expect_answer(AnswerKind::given, "287082")
      .decide(accept(Slot::none, 0));
  door.application.types("287082");
  EXPECT_EQ(door.authenticate(), PAM_SUCCESS);
  EXPECT_EQ(door.application.token(), std::nullopt);
}

TEST(SignIn, RefusedHandsOnNothing) {
  Door door;
  door.daemon.meet(Operation::authenticate)
      .step(kAskPassword)
      .expect_answer(AnswerKind::given, "guess")
      .decide(Verdict{Outcome::refuse, Slot::password, 5, Slot::password, kAda, "No."});
  door.application.types("guess");
  EXPECT_EQ(door.authenticate(), PAM_AUTH_ERR);
  EXPECT_EQ(door.application.token(), std::nullopt);
  EXPECT_EQ(door.application.old_token(), std::nullopt);
  EXPECT_EQ(door.application.shown().back(), (Shown{PAM_ERROR_MSG, "No."}));
}

TEST(SignIn, ShowsWhatTheDaemonTellsInItsOrderAndKind) {
  Door door;
  door.daemon.meet(Operation::authenticate)
      .step(Step{StepKind::tell_info, Slot::none, "Maintenance on Friday."})
      .expect_answer(AnswerKind::told)
      .step(Step{StepKind::tell_error, Slot::none, "Your phone is unknown."})
      .expect_answer(AnswerKind::told)
      .decide(Verdict{Outcome::accept, Slot::none, 0, Slot::none, kAda, "Signed in as ada."});
  EXPECT_EQ(door.authenticate(), PAM_SUCCESS);
  EXPECT_EQ(door.application.shown(), (std::vector<Shown>{{PAM_TEXT_INFO, "Maintenance on Friday."},
                                                          {PAM_ERROR_MSG, "Your phone is unknown."},
                                                          {PAM_TEXT_INFO, "Signed in as ada."}}));
}

TEST(SignIn, P12_NamesTheOrganisationToTheSession) {
  Door door;
  Verdict verdict{Outcome::accept, Slot::none, 0, Slot::none, kAda, ""};
  verdict.organisation = "acme";
  door.daemon.meet(Operation::authenticate).decide(verdict);
  EXPECT_EQ(door.authenticate(), PAM_SUCCESS);
  EXPECT_STREQ(pam_getenv(door.application.handle(), "USHER_ORG"), "acme");
  EXPECT_EQ(std::getenv("USHER_ORG"), nullptr) << "this process's own environment";
}

TEST(SignIn, RefusesAnOrganisationThatIsNoPlainText) {
  Door door;
  Verdict verdict{Outcome::accept, Slot::none, 0, Slot::none, kAda, ""};
  verdict.organisation = "acme\nLD_PRELOAD=x";
  door.daemon.meet(Operation::authenticate).decide(verdict);
  EXPECT_EQ(door.authenticate(), PAM_AUTHINFO_UNAVAIL);
  EXPECT_EQ(pam_getenv(door.application.handle(), "USHER_ORG"), nullptr);
}

TEST(SignIn, UnderPamSilentAsksButDoesNotTell) {
  Door door;
  door.daemon.greet()
      .expect_begin([](const Begin& begin) { EXPECT_EQ(begin.flags, protocol::kFlagSilent); })
      .step(Step{StepKind::tell_info, Slot::none, "Maintenance on Friday."})
      .expect_answer(AnswerKind::told)
      .step(Step{StepKind::tell_error, Slot::none, "Your phone is unknown."})
      .expect_answer(AnswerKind::told)
      .step(kAskPassword)
      .expect_answer(AnswerKind::given, "correct horse")
      .decide(Verdict{Outcome::accept, Slot::none, 0, Slot::none, kAda, "Signed in as ada."});
  door.application.types("correct horse");
  EXPECT_EQ(door.authenticate(static_cast<int>(PAM_SILENT)), PAM_SUCCESS);
  EXPECT_EQ(door.application.shown(), (std::vector<Shown>{{PAM_PROMPT_ECHO_OFF, "Password: "}}));
}

TEST(SignIn, TellsTheDaemonEveryFactItKnows) {
  std::uint32_t session = 4294967295;
  std::ifstream("/proc/self/sessionid") >> session;
  Door door;
  door.daemon.greet()
      .expect_begin([session](const Begin& begin) {
        EXPECT_EQ(begin.operation, Operation::authenticate);
        EXPECT_EQ(begin.flags, 0u);
        EXPECT_EQ(begin.caller_uid, ::getuid());
        EXPECT_EQ(begin.audit_session, session);
        EXPECT_EQ(begin.user, kAda);
        EXPECT_EQ(begin.service, "usher-test");
        EXPECT_EQ(begin.tty, "ssh");
        EXPECT_EQ(begin.rhost, "192.0.2.7");
        EXPECT_EQ(begin.ruser, "bob");
        EXPECT_EQ(begin.auth_info, "publickey sk-ecdsa-sha2-nistp256@openssh.com AAAA");
      })
      .decide(accept(Slot::none, 0));
  door.application.set_item(PAM_TTY, "ssh");
  door.application.set_item(PAM_RHOST, "192.0.2.7");
  door.application.set_item(PAM_RUSER, "bob");
  ASSERT_EQ(pam_putenv(door.application.handle(),
                       "SSH_AUTH_INFO_0=publickey sk-ecdsa-sha2-nistp256@openssh.com AAAA"),
            PAM_SUCCESS);
  EXPECT_EQ(door.authenticate(), PAM_SUCCESS);
}

TEST(SignIn, SendsEmptyTextsForFactsThereAreNot) {
  // The process's own environment belongs to whoever runs su: it must not count.
  ASSERT_EQ(::setenv("SSH_AUTH_INFO_0", "publickey forged", 1), 0);
  Door door;
  door.daemon.greet()
      .expect_begin([](const Begin& begin) {
        EXPECT_EQ(begin.tty, "");
        EXPECT_EQ(begin.rhost, "");
        EXPECT_EQ(begin.ruser, "");
        EXPECT_EQ(begin.auth_info, "");
      })
      .decide(accept(Slot::none, 0));
  EXPECT_EQ(door.authenticate(), PAM_SUCCESS);
  ASSERT_EQ(::unsetenv("SSH_AUTH_INFO_0"), 0);
}

TEST(SignIn, SendsAnSshAuthInfoUpToTheLimitAndNoneBeyond) {
  for (const std::size_t size : {protocol::kMaxAuthInfo, protocol::kMaxAuthInfo + 1}) {
    SCOPED_TRACE(size);
    const std::string info(size, 'k');
    Door door;
    door.daemon.greet()
        .expect_begin([&](const Begin& begin) {
          EXPECT_EQ(begin.auth_info, size <= protocol::kMaxAuthInfo ? info : "");
        })
        .decide(accept(Slot::none, 0));
    ASSERT_EQ(pam_putenv(door.application.handle(), ("SSH_AUTH_INFO_0=" + info).c_str()),
              PAM_SUCCESS);
    EXPECT_EQ(door.authenticate(), PAM_SUCCESS);
  }
}

TEST(SignIn, AsksForTheNameWhenPamHasNone) {
  Door door("", nullptr);
  door.daemon.greet()
      .expect_begin([](const Begin& begin) { EXPECT_EQ(begin.user, kAda); })
      .decide(accept(Slot::none, 0));
  door.application.types(kAda);
  EXPECT_EQ(door.authenticate(), PAM_SUCCESS);
}

TEST(SignIn, CarriesOnOverThreeOperationsOfOneHandle) {
  Door door("debug");
  door.daemon.meet(Operation::authenticate)
      .step(kAskPassword)
      .expect_answer(AnswerKind::given, "correct horse")
      .decide(accept(Slot::password, 13))
      .meet(Operation::account)
      .decide(accept(Slot::none, 0));
  door.application.types("correct horse");
  door.daemon.start();
  EXPECT_EQ(door.application.authenticate(), PAM_SUCCESS);
  EXPECT_EQ(door.application.check_account(), PAM_SUCCESS);
  EXPECT_EQ(door.application.set_credentials(), PAM_SUCCESS);
  EXPECT_EQ(door.application.open_session(), PAM_SUCCESS);
  EXPECT_EQ(door.application.close_session(), PAM_SUCCESS);
}

TEST(PasswordChange, HandsOnTheOldAndTheNewPassword) {
  Door door;
  door.daemon.greet()
      .expect_begin([](const Begin& begin) {
        EXPECT_EQ(begin.operation, Operation::prepare_change);
        EXPECT_EQ(begin.flags, protocol::kFlagChangeExpiredOnly);
      })
      .decide(accept(Slot::none, 0))
      .meet(Operation::change_password)
      .step(kAskPassword)
      .expect_answer(AnswerKind::given, "correct horse")
      .step(Step{StepKind::ask_hidden, Slot::new_password, "New password: "})
      .expect_answer(AnswerKind::given, "battery staple")
      .step(Step{StepKind::ask_hidden, Slot::none, "Again: "})
      .expect_answer(AnswerKind::given, "battery staple")
      .decide(accept(Slot::new_password, 14, Slot::password));
  door.application.types("correct horse").types("battery staple").types("battery staple");
  EXPECT_EQ(door.change_password(static_cast<int>(PAM_CHANGE_EXPIRED_AUTHTOK)), PAM_SUCCESS);
  EXPECT_EQ(door.application.token(), "battery staple");
  EXPECT_EQ(door.application.old_token(), "correct horse");
}

TEST(Credentials, AreSetWithoutAskingAnybody) {
  Application application("socket=/nonexistent/login.sock");
  EXPECT_EQ(application.set_credentials(), PAM_SUCCESS);
}

TEST(Credentials, AreSetEvenWithOptionsNobodyUnderstands) {
  Application application("no_such_option");
  EXPECT_EQ(application.set_credentials(), PAM_SUCCESS);
}

TEST(Session, OpensAndClosesWithoutAskingAnybody) {
  Application application("socket=/nonexistent/login.sock");
  EXPECT_EQ(application.open_session(), PAM_SUCCESS);
  EXPECT_EQ(application.close_session(), PAM_SUCCESS);
}

}  // namespace
}  // namespace usher::pam_module::test
