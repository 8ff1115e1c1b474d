// kill -9 at every point of a forgotten password's way: the wish, its deciding, and the redemption
// of the mailed code. A point is a reading of the daemon's clock, and has the name of what the
// person had been asked last: "Code: 2" is the second reading after that question.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "tests/race/mailbox.hpp"

namespace usher::test {
namespace {

using protocol::Operation;

constexpr const char* kNewPassword = "gravel lantern soprano";
constexpr int kMostPoints = 200;
constexpr int kKilled = 128 + SIGKILL;

class KillReset : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(host_.start());
    ada_ = invited_ada(host_);
    ASSERT_NO_FATAL_FAILURE(first_sign_in(host_, ada_));
    host_.advance(90);
    host_.stop();
    host_.save_state("active");
    ASSERT_TRUE(host_.start());
    (void)forget(host_);
    code_ = mailed_code(host_);
    ASSERT_NE(code_, "");
    host_.stop();
    host_.save_state("mailed");
  }

  std::string look(const std::string& sql) const { return host_.look_into_store(sql); }
  int count(const std::string& sql) const { return std::stoi(look("SELECT count(*) FROM " + sql)); }

  void expect_whole_store() const {
    EXPECT_EQ(look("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(look("PRAGMA foreign_key_check"), "");
    EXPECT_EQ(host_.usherctl({"audit", "verify"}).status, 0);
  }

  // Does this answer get past the first question? Hangs up at the next one, so nothing changes.
  bool opens(const std::string& answer) const {
    return !talk(host_.login_socket(), Operation::authenticate, std::vector{answer}).outcome;
  }

  // Password, app and new password: what a person does with the mail.
  Talk redeem(const std::string& code) {
    return talk(host_.login_socket(), Operation::authenticate,
                {code, app_code(ada_.key, host_.clock()), kNewPassword, kNewPassword});
  }

  struct Run {
    Talk seen;
    bool is_over = false;  // nobody died of it
  };
  // Runs `flow` once for every point of it, with the daemon killed there; then the daemon is back
  // and `check` looks. Ends at the first run that came to its end. The names of the points.
  std::set<std::string> at_every_point(const std::string& state, const std::function<Run()>& flow,
                                       const std::function<void(const Talk& seen)>& check) {
    const std::int64_t began = host_.clock();
    std::map<std::string, int> readings;
    std::set<std::string> names;
    for (int point = 1; point < kMostPoints; ++point) {
      SCOPED_TRACE("killed at reading " + std::to_string(point) + " of the clock");
      host_.bring_back_state(state);
      host_.set_clock(began);
      const bool ready = host_.start({"USHER_TEST_DIE_AT=" + std::to_string(point)});
      const Run run = ready ? flow() : Run();
      if (run.is_over) {
        host_.kill_now();  // it would die of what comes now
      } else {
        EXPECT_EQ(host_.wait(), kKilled);
        const std::string phase =
            run.seen.last_question.empty() ? "start: " : run.seen.last_question;
        names.insert(phase + std::to_string(++readings[phase]));
      }
      if (!host_.start()) ADD_FAILURE() << "it does not start again";
      check(run.seen);
      expect_whole_store();
      host_.stop();
      if (run.is_over || HasFailure()) return names;
    }
    ADD_FAILURE() << "no end";
    return names;
  }

  static void print(const std::set<std::string>& names) {
    std::cout << "killed at " << names.size() << " points, each time whole:";
    for (const std::string& name : names) std::cout << " [" << name << "]";
    std::cout << "\n";
  }

  Host host_{kMailSettings};
  Ada ada_;
  std::string code_;
};

TEST_F(KillReset, O9_AtEveryPointOfARedemptionLeavesTheOldStateOrTheNew) {
  const std::string epoch = look("SELECT epoch FROM people");
  const auto flow = [&] {
    Run run{redeem(code_)};
    run.is_over = run.seen.outcome.has_value();
    return run;
  };
  const auto names = at_every_point("mailed", flow, [&](const Talk& seen) {
    const bool by_old = opens(kPassword);
    const bool by_new = opens(kNewPassword);
    EXPECT_NE(by_old, by_new) << "exactly one of the two passwords opens";
    EXPECT_EQ(opens(code_), by_old) << "the code lives as long as the old password";
    EXPECT_TRUE(by_new || !seen.accepted());
    EXPECT_EQ(count("outbox WHERE event = 'reset-done'"), by_new ? 1 : 0);
    EXPECT_EQ(count("audit WHERE operation = 'reset'"), by_new ? 1 : 0);
    EXPECT_EQ(look("SELECT epoch FROM people") == epoch, by_old);
    host_.advance(90);
    EXPECT_TRUE(sign_in(host_, app_code(ada_.key, host_.clock()), by_new ? kNewPassword : kPassword)
                    .accepted());
  });
  print(names);
  EXPECT_GE(names.size(), 12U);
  for (const std::string_view phase : {"start", "Password", "Code", "New password again"}) {
    EXPECT_TRUE(std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return name.starts_with(phase);
    })) << phase;
  }
}

// A code without its mail is a place taken for an hour; a mail without its code is of no use.
TEST_F(KillReset, O5_AtEveryPointOfAWishLeavesACodeWithItsMailOrNeither) {
  const auto flow = [&] {
    Run run{forget(host_)};
    run.is_over = !mailed_code(host_).empty();
    if (!run.is_over && run.seen.last_question.starts_with("Password")) {
      run.seen.last_question = "deciding: ";
    }
    return run;
  };
  const auto names = at_every_point("active", flow, [&](const Talk&) {
    EXPECT_EQ(count("codes WHERE purpose = 'reset'"), count("outbox WHERE event = 'reset-code'"));
    // What was given to somebody who is gone is offered again.
    host_.advance(900);
    // The wish was lost, or its mail had been taken: it is asked for again.
    const int waiting =
        count("reset_requests") + count("outbox WHERE event = 'reset-code' AND state = 'queued'");
    if (waiting == 0) (void)forget(host_);
    EXPECT_TRUE(redeem(mailed_code(host_)).accepted());
  });
  print(names);
  EXPECT_GE(names.size(), 6U);
}

}  // namespace
}  // namespace usher::test
