// Every outcome of every operation, and the PAM code a caller sees. This table is the module's
// contract with every service file ever written against it.
#include <gtest/gtest.h>

#include "application.hpp"

namespace usher::pam_module::test {
namespace {

using protocol::Operation;
using protocol::Outcome;
using protocol::Slot;
using protocol::Verdict;

struct Row {
  Outcome outcome;
  int authenticate;
  int account;
  int prepare_change;
  int change_password;
};

constexpr Row kTruth[] = {
    {Outcome::accept, PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS},
    {Outcome::refuse, PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_AUTHTOK_ERR, PAM_AUTHTOK_ERR},
    {Outcome::unknown_user, PAM_USER_UNKNOWN, PAM_USER_UNKNOWN, PAM_USER_UNKNOWN, PAM_USER_UNKNOWN},
    {Outcome::new_password_needed, PAM_AUTH_ERR, PAM_NEW_AUTHTOK_REQD, PAM_AUTHTOK_ERR,
     PAM_AUTHTOK_ERR},
    {Outcome::unavailable, PAM_AUTHINFO_UNAVAIL, PAM_AUTHINFO_UNAVAIL, PAM_TRY_AGAIN,
     PAM_AUTHTOK_ERR},
    {Outcome::too_many_tries, PAM_MAXTRIES, PAM_MAXTRIES, PAM_MAXTRIES, PAM_MAXTRIES},
};

Verdict verdict(Outcome outcome) {
  return Verdict{outcome, Slot::none, 0, Slot::none, kAda, ""};
}

TEST(TruthTable, HoldsARowForEveryOutcome) {
  for (int value = static_cast<int>(Outcome::accept);
       value <= static_cast<int>(Outcome::too_many_tries); ++value) {
    EXPECT_EQ(static_cast<int>(kTruth[value - 1].outcome), value);
  }
}

TEST(TruthTable, OfAuthenticateHolds) {
  for (const Row& row : kTruth) {
    SCOPED_TRACE(static_cast<int>(row.outcome));
    Door door;
    door.daemon.meet(Operation::authenticate).decide(verdict(row.outcome));
    EXPECT_EQ(door.authenticate(), row.authenticate);
  }
}

TEST(TruthTable, OfAccountHolds) {
  for (const Row& row : kTruth) {
    SCOPED_TRACE(static_cast<int>(row.outcome));
    Door door;
    door.daemon.meet(Operation::account).decide(verdict(row.outcome));
    EXPECT_EQ(door.check_account(), row.account);
  }
}

TEST(TruthTable, OfPrepareChangeHolds) {
  for (const Row& row : kTruth) {
    if (row.outcome == Outcome::accept) continue;  // goes on to the change, in the next test
    SCOPED_TRACE(static_cast<int>(row.outcome));
    Door door;
    door.daemon.meet(Operation::prepare_change).decide(verdict(row.outcome));
    EXPECT_EQ(door.change_password(), row.prepare_change);
  }
}

TEST(TruthTable, OfChangePasswordHolds) {
  for (const Row& row : kTruth) {
    SCOPED_TRACE(static_cast<int>(row.outcome));
    Door door;
    door.daemon.meet(Operation::prepare_change)
        .decide(verdict(Outcome::accept))
        .meet(Operation::change_password)
        .decide(verdict(row.outcome));
    EXPECT_EQ(door.change_password(), row.change_password);
  }
}

// The same contract when the daemon could not be asked at all.
TEST(TruthTable, OfAnAbsentDaemonIsThatOfUnavailable) {
  const PrivateDirectory directory;
  Application application(FakeDaemon::options(directory / "login.sock"));
  EXPECT_EQ(application.authenticate(), PAM_AUTHINFO_UNAVAIL);
  EXPECT_EQ(application.check_account(), PAM_AUTHINFO_UNAVAIL);
  EXPECT_EQ(application.change_password(), PAM_TRY_AGAIN);
}

TEST(TruthTable, OfADaemonThatDiesBeforeTheChangeIsThatOfUnavailable) {
  Door door;
  door.daemon.meet(Operation::prepare_change)
      .decide(verdict(Outcome::accept))
      .meet(Operation::change_password)
      .hang_up();
  EXPECT_EQ(door.change_password(), PAM_AUTHTOK_ERR);
}

}  // namespace
}  // namespace usher::pam_module::test
