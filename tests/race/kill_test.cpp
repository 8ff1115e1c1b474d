// kill -9 at every point of a flow: what was answered or spent stays so, nothing is half done, and
// the next sign-in works. The points are the daemon's readings of its clock, one by one; a second
// kind of test kills it between the commit and the caller's sight of the verdict.
#include <gtest/gtest.h>
#include <signal.h>

#include <iostream>

#include "tests/race/verdict_thief.hpp"
#include "tests/system/host.hpp"

namespace usher::test {
namespace {

using protocol::Operation;

constexpr const char* kNewPassword = "gravel lantern soprano";
constexpr int kMostPoints = 100;
constexpr int kKilled = 128 + SIGKILL;

std::int64_t step_of(std::int64_t seconds) {
  return seconds / 30;
}

class Kill : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(host_.start());
    ada_ = add_ada(host_);
    host_.stop();
    host_.save_state("invited");
    ASSERT_TRUE(host_.start());
    ASSERT_NO_FATAL_FAILURE(first_sign_in(host_, ada_));
    host_.stop();
    host_.save_state("active");
    host_.advance(30);
  }

  // What the database itself says: the last step that was spent, 0 when no app is enrolled.
  std::int64_t spent_step() const {
    return std::stoll(
        host_.look_into_store("SELECT coalesce(max(counter), 0) FROM factors WHERE pending = 0"));
  }

  void expect_whole_store() const {
    EXPECT_EQ(host_.look_into_store("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(host_.look_into_store("PRAGMA foreign_key_check"), "");
    const Output verified = host_.usherctl({"audit", "verify"});
    EXPECT_EQ(verified.status, 0) << verified.text;
  }

  // Does this answer get past the first question? Hangs up at the next one, so nothing changes.
  bool opens(const std::string& answer) const {
    return !talk(host_.login_socket(), Operation::authenticate, std::vector{answer}).outcome;
  }

  void expect_next_sign_in_works(const std::string& password) {
    host_.advance(90);
    EXPECT_TRUE(sign_in(host_, app_code(ada_.key, host_.clock()), password).accepted());
  }

  // Runs `flow` once for every point of it, with the daemon killed there; then the daemon is back
  // and `check` looks, knowing whether "yes" was heard. Ends at the first run nobody died in.
  void at_every_point(const std::string& state, const std::function<Talk()>& flow,
                      const std::function<void(bool yes)>& check) {
    const std::int64_t began = host_.clock();
    int point = 1;
    for (bool died = true; died; ++point) {
      ASSERT_LT(point, kMostPoints);
      SCOPED_TRACE("killed at reading " + std::to_string(point) + " of the clock");
      host_.bring_back_state(state);
      host_.set_clock(began);
      const bool ready = host_.start({"USHER_TEST_DIE_AT=" + std::to_string(point)});
      const Talk seen = ready ? flow() : Talk();
      died = !seen.outcome.has_value();
      if (died) {
        EXPECT_EQ(host_.wait(), kKilled);
      } else {
        EXPECT_TRUE(seen.accepted()) << seen.told;
        host_.stop();  // it would die of what comes now
      }
      ASSERT_TRUE(host_.start());
      check(seen.accepted());
      expect_whole_store();
      host_.stop();
      ASSERT_FALSE(HasFailure());
    }
    // A flow that reads the clock only at the start would prove nothing.
    EXPECT_GT(point, 4);
    std::cout << "killed at " << point - 2 << " points, each time whole\n";
  }

  Host host_;
  Ada ada_;
};

TEST_F(Kill, AtEveryPointOfASignInLeavesASpentCodeSpent) {
  const std::string code = app_code(ada_.key, host_.clock());
  const std::int64_t step = step_of(host_.clock());
  at_every_point(
      "active", [&] { return sign_in(host_, code); },
      [&](bool yes) {
        const bool spent = spent_step() >= step;
        EXPECT_TRUE(spent || !yes) << "a code was accepted and not spent";
        EXPECT_EQ(sign_in(host_, code).accepted(), !spent);
        EXPECT_FALSE(sign_in(host_, code).accepted());
        expect_next_sign_in_works(kPassword);
      });
}

TEST_F(Kill, M7_G19_AtEveryPointOfAFirstSignInLeavesTheOldStateOrTheNew) {
  std::string code;
  const auto flow = [&] {
    return talk(
        host_.login_socket(), Operation::authenticate,
        [&](std::string_view question, const std::string& told) -> std::optional<std::string> {
          if (question == "Password: ") return ada_.one_time_code;
          if (question.starts_with("New password")) return kPassword;
          ada_.key = key_in(told);
          return code = app_code(ada_.key, host_.clock() - 30);
        });
  };
  at_every_point("invited", flow, [&](bool yes) {
    const bool by_code = opens(ada_.one_time_code);
    const bool by_password = opens(kPassword);
    EXPECT_NE(by_code, by_password) << "exactly one of the code and the password opens";
    EXPECT_TRUE(by_password || !yes);
    const bool enrolled = spent_step() != 0;
    EXPECT_TRUE(enrolled || !yes);
    if (enrolled) {
      EXPECT_FALSE(sign_in(host_, code).accepted()) << "the code that enrolled the app is spent";
    } else if (by_password) {
      // Goes on with the first action that is missing.
      EXPECT_TRUE(talk(host_.login_socket(), Operation::authenticate,
                       [&](std::string_view question,
                           const std::string& told) -> std::optional<std::string> {
                         if (question == "Password: ") return kPassword;
                         ada_.key = key_in(told);
                         return app_code(ada_.key, host_.clock());
                       })
                      .accepted());
    } else {
      EXPECT_TRUE(flow().accepted());
    }
    expect_next_sign_in_works(kPassword);
  });
}

TEST_F(Kill, O6_AtEveryPointOfAPasswordChangeLeavesExactlyOnePassword) {
  const auto flow = [&] {
    return talk(host_.login_socket(), Operation::change_password,
                {kPassword, kNewPassword, kNewPassword});
  };
  at_every_point("active", flow, [&](bool yes) {
    const bool by_old = opens(kPassword);
    const bool by_new = opens(kNewPassword);
    EXPECT_NE(by_old, by_new) << "exactly one of the two passwords opens";
    EXPECT_TRUE(by_new || !yes);
    expect_next_sign_in_works(by_new ? kNewPassword : kPassword);
  });
}

// The daemon has said "yes", nobody has heard it.
TEST_F(Kill, P9_BeforeTheVerdictIsHeardLeavesTheCodeSpent) {
  const std::string code = app_code(ada_.key, host_.clock());
  host_.bring_back_state("active");
  ASSERT_TRUE(host_.start());
  Talk seen;
  {
    const VerdictThief thief(host_.path("thief.sock"), host_.login_socket(),
                             [&] { host_.kill_now(); });
    seen = talk(host_.path("thief.sock"), Operation::authenticate, {kPassword, code, ""});
  }
  ASSERT_FALSE(seen.outcome) << "the verdict was not to be heard";
  ASSERT_TRUE(host_.start());
  EXPECT_EQ(spent_step(), step_of(host_.clock()));
  EXPECT_FALSE(sign_in(host_, code).accepted());
  expect_whole_store();
  expect_next_sign_in_works(kPassword);
  host_.stop();
}

}  // namespace
}  // namespace usher::test
