// usherctl explain, reason by reason, as in tests/ctl/explanations/REASON.txt.
// With USHER_WRITE_EXPLANATIONS=1 the files are written instead, to be read and committed.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "daemon/sign_in/explanation.hpp"
#include "tests/ctl/ctl_world.hpp"

namespace usher::ctl {
namespace {

using sign_in::Reason;

// What differs from ada at sshd, from a host she is not known from.
struct Scene {
  std::string name;
  std::string operation = "authenticate";
  std::string outcome = "refuse";
  std::string reason{};
  std::string person = "ada";
  std::string factor{};
  std::string service = "sshd";
  std::string origin = "unknown-host";
  std::string rhost = "192.0.2.7";
  std::string tty = "ssh";
  std::string detail{};
  std::string steps = "front-end=sshd password-right";
};

Scene at_console(Scene scene) {
  scene.service = "login";
  scene.origin = "local-seat";
  scene.rhost = "";
  scene.tty = "tty1";
  return scene;
}
Scene with_key(Scene scene) {
  scene.operation = "account";
  scene.steps = "front-end=sshd";
  return scene;
}
Scene at_sudo(Scene scene) {
  scene.service = "sudo";
  scene.origin = "own-privilege";
  scene.rhost = "";
  scene.tty = "/dev/pts/0";
  return scene;
}
Scene changing(Scene scene) {
  scene.operation = "change-password";
  scene.service = "passwd";
  scene.origin = "su-by-other";
  scene.rhost = "";
  scene.tty = "/dev/pts/0";
  scene.steps = "front-end=passwd started-by-uid=1000 password-right";
  return scene;
}

// One a reason: a reason without a scene does not compile under -Werror=switch.
Scene scene_of(Reason reason) {
  const std::string name(sign_in::name_of(reason));
  const auto scene = [&](const char* steps) {
    Scene made;
    made.name = name;
    made.reason = name;
    made.steps = steps;
    return made;
  };
  const Scene plain = scene("front-end=sshd password-right");
  switch (reason) {
    case Reason::all_proven: {
      Scene accepted = scene("front-end=sshd password-right factor-wrong=totp factor-right=totp");
      accepted.outcome = "accept";
      accepted.factor = "password+totp";
      return accepted;
    }
    case Reason::unknown_user: {
      Scene unknown = scene("front-end=sshd password-wrong waited=1");
      unknown.person = "";
      return unknown;
    }
    case Reason::wrong_password:
      return scene("front-end=sshd password-wrong wrong-passwords=3 refused-from=90 waited=3");
    case Reason::no_password_set:
      return scene("front-end=sshd no-password wrong-passwords=1 refused-from=90 waited=1");
    case Reason::code_not_for_this_door:
      return at_sudo(scene("front-end=sudo one-time-code-elsewhere wrong-passwords=1 waited=1"));
    case Reason::wrong_code:
      return scene(
          "front-end=sshd password-right factor-wrong=totp factor-wrong=totp "
          "factor-wrong=totp");
    case Reason::code_already_spent:
      return scene("front-end=sshd password-right factor-spent=totp");
    case Reason::factor_throttled:
      return scene(
          "front-end=sshd password-right wrong-codes-from-unknown=60 "
          "factor-not-looked-at=totp");
    case Reason::no_code_given:
      return scene("front-end=sshd password-right factor-not-typed=totp");
    case Reason::cannot_ask_code:
      return scene("front-end=sshd password-right factor-not-askable=totp");
    case Reason::throttled:
      return scene(
          "front-end=sshd password-not-looked-at wrong-passwords=90 refused-from=90 "
          "refused-until=1700082000000 waited=10");
    case Reason::suspended:
    case Reason::disabled:
    case Reason::expired:
    case Reason::inactive:
    case Reason::signed_in_elsewhere:
      return with_key(plain);
    case Reason::lifecycle_refused:
      return at_sudo(scene("front-end=sudo password-right"));
    case Reason::enrolment_abandoned:
    case Reason::no_new_password:
      return at_console(scene("front-end=login one-time-code-right"));
    case Reason::first_sign_in_due:
    case Reason::action_due:
      return with_key(plain);
    case Reason::root_resets: {
      Scene root = changing(plain);
      root.steps = "front-end=passwd";
      return root;
    }
    case Reason::too_early:
    case Reason::too_often:
      return changing(plain);
    case Reason::password_changed: {
      Scene changed = changing(plain);
      changed.outcome = "accept";
      changed.factor = "password";
      return changed;
    }
    case Reason::account_open: {
      Scene open = with_key(plain);
      open.outcome = "accept";
      return open;
    }
    case Reason::terms_accepted: {
      Scene accepted = at_console(scene(""));
      accepted.operation = "accept-terms";
      accepted.outcome = "accept";
      accepted.detail = "/etc/usher/terms.txt";
      return accepted;
    }
    case Reason::factor_enrolled: {
      Scene enrolled = at_console(scene("front-end=login password-right"));
      enrolled.operation = "enrol-factor";
      enrolled.outcome = "accept";
      enrolled.factor = "totp";
      enrolled.detail = "totp 1f";
      return enrolled;
    }
    case Reason::recovery_codes_drawn: {
      Scene drawn = at_console(scene("front-end=login password-right action-done=enrol-factor"));
      drawn.operation = "recovery-codes";
      drawn.outcome = "accept";
      drawn.factor = "recovery";
      drawn.detail = "recovery 3d";
      return drawn;
    }
    case Reason::sign_in_again: {
      Scene again = scene("front-end=sshd one-time-code-right action-done=change-password");
      again.factor = "reset-code";
      return again;
    }
    case Reason::objected:
      return scene("front-end=sshd sessions-ended");
    case Reason::factor_help: {
      Scene asked = scene("front-end=sshd password-right factor-help");
      asked.operation = "factor-help";
      asked.outcome = "accept";
      return asked;
    }
    case Reason::code_mailed: {
      Scene mailed = at_console(scene(""));
      mailed.operation = "forgot";
      mailed.outcome = "accept";
      return mailed;
    }
    case Reason::asked_elsewhere:
    case Reason::asked_too_often:
    case Reason::no_recovery_address:
    case Reason::several_accounts: {
      Scene asked = scene("");
      asked.operation = "forgot";
      return asked;
    }
    case Reason::contact_confirmed: {
      Scene confirmed = scene("front-end=sshd password-right contact-code-sent contact-code-wrong");
      confirmed.operation = "confirm-contact";
      confirmed.outcome = "accept";
      confirmed.detail = "mail a...@acme.example";
      return confirmed;
    }
    case Reason::factors_replaced: {
      Scene replaced =
          at_console(scene("front-end=login password-right factors-suspended factors-replaced=2"));
      replaced.operation = "enrol-factor";
      replaced.outcome = "accept";
      replaced.factor = "totp";
      replaced.detail = "totp 1f in place of totp 2e, recovery 3d";
      return replaced;
    }
    case Reason::terms_not_accepted:
      return at_console(scene("front-end=login password-right"));
    case Reason::enrolment_elsewhere:
    case Reason::answers_repeated:
    case Reason::changed_meanwhile:
      return plain;
  }
  return plain;
}

std::vector<Scene> scenes() {
  std::vector<Scene> all;
  for (std::size_t i = 0; i < sign_in::kReasons; ++i) {
    all.push_back(scene_of(static_cast<Reason>(i)));
  }
  all.push_back(at_console({.name = "all-proven-anew",
                            .outcome = "accept",
                            .reason = "all-proven",
                            .factor = "password+totp",
                            .steps = "front-end=login password-right factors-suspended "
                                     "factors-replaced=2 action-done=enrol-factor"}));
  all.push_back({.name = "all-proven-suspended",
                 .outcome = "accept",
                 .reason = "all-proven",
                 .factor = "password",
                 .steps = "front-end=sshd password-right factors-suspended password-short-alone "
                          "action-done=change-password"});
  all.push_back({.name = "objected-sessions-stay",
                 .reason = "objected",
                 .detail = "ending the sessions: usher-reaper: nobody there",
                 .steps = "front-end=sshd sessions-stay"});
  all.push_back({.name = "error-hung-up",
                 .outcome = "error",
                 .reason = "hung-up",
                 .detail = "the caller hung up"});
  all.push_back({.name = "error-exhausted",
                 .outcome = "error",
                 .reason = "exhausted",
                 .detail = "the disk is full",
                 .steps = "front-end=sshd"});
  all.push_back({.name = "admin-not-permitted",
                 .operation = "admin.ResetUser",
                 .reason = "not-permitted",
                 .service = "",
                 .origin = "",
                 .rhost = "",
                 .tty = "",
                 .detail = "this person may do more than the caller",
                 .steps = ""});
  const auto ending = [](const char* name, const char* outcome, const char* reason,
                         const char* detail) {
    Scene scene;
    scene.name = name;
    scene.operation = "admin.EndSessions";
    scene.outcome = outcome;
    scene.reason = reason;
    scene.service = scene.origin = scene.rhost = scene.tty = scene.steps = "";
    scene.detail = detail;
    return scene;
  };
  all.push_back(
      ending("sessions-ended", "accept", "root", "sessions ended: 2, processes outside of any: 1"));
  all.push_back(ending("sessions-not-ended", "error", "unavailable",
                       "usher-reaper: connecting: no such file"));
  all.push_back({.name = "record-without-steps", .reason = "throttled", .steps = ""});
  return all;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class Explained : public CtlWorld {
 protected:
  void SetUp() override {
    CtlWorld::SetUp();
    ASSERT_EQ(usherctl({"user", "add", "ada"}).exit_code, 0);
    ASSERT_EQ(usherctl({"user", "suspend", "ada", "--reason", "on leave", "--sessions", "none"})
                  .exit_code,
              0);
    // What stood against her then, and no more does.
    ASSERT_EQ(usherctl({"user", "resume", "ada"}).exit_code, 0);
  }

  // Recorded as a request of its own; its id.
  std::string record(const Scene& scene) {
    ++requests_;
    store::AuditRecord audit;
    audit.at = admin::kStart + std::chrono::hours(1);
    audit.request = fmt::format("{:08x}{:024x}", requests_ * 0x1234567U, 7);
    audit.operation = scene.operation;
    audit.outcome = scene.outcome;
    audit.reason = scene.reason;
    audit.person = scene.person;
    audit.factor = scene.factor;
    audit.service = scene.service;
    audit.origin = scene.origin;
    audit.rhost = scene.rhost;
    audit.tty = scene.tty;
    audit.peer_uid = 0;
    audit.detail = scene.detail;
    audit.steps = scene.steps;
    EXPECT_TRUE(world_.store().write(
        [&](store::Database& database) { return store::append_audit(database, audit); }));
    return audit.request;
  }

 private:
  unsigned requests_ = 0;
};

TEST_F(Explained, EveryReasonAsItsFileHasIt) {
  const std::filesystem::path folder(USHER_EXPLANATIONS);
  const bool writes = ::getenv("USHER_WRITE_EXPLANATIONS") != nullptr;
  std::set<std::string> expected;
  for (const Scene& scene : scenes()) {
    const Ran ran = usherctl({"explain", record(scene)});
    ASSERT_EQ(ran.exit_code, 0) << scene.name << ran.err;
    const std::string text = std::regex_replace(
        ran.out, std::regex("Audit record \\d+, request [0-9a-f]+"), "Audit record NR, request ID");
    const std::filesystem::path path = folder / (scene.name + ".txt");
    if (writes) std::ofstream(path) << text;
    EXPECT_EQ(text, read_file(path)) << scene.name;
    expected.insert(scene.name + ".txt");
  }
  std::set<std::string> there;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    there.insert(file.path().filename());
  }
  EXPECT_EQ(there, expected);
}

TEST_F(Explained, ByTheFirstDigitsWhereTheyAreOneRequests) {
  const std::string one = record({.name = "", .reason = "wrong-password"});
  EXPECT_EQ(usherctl({"explain", one.substr(0, 6)}).out, usherctl({"explain", one}).out);
  EXPECT_EQ(json({"explain", one})["explanations"][0]["record"]["request"], one);
  EXPECT_EQ(usherctl({"explain", one.substr(0, 5)}).exit_code, 2);
  const Ran nothing = usherctl({"explain", "ffffffffffff"});
  EXPECT_EQ(nothing.exit_code, 3);
  EXPECT_EQ(nothing.err, "usherctl: there is no audit record of a request ffffffffffff\n");
}

TEST_F(Explained, NotByDigitsThatSeveralRequestsShare) {
  store::AuditRecord audit;
  audit.operation = "authenticate";
  audit.outcome = "refuse";
  for (const char* request : {"abcdef01", "abcdef02"}) {
    audit.request = request;
    ASSERT_TRUE(world_.store().write(
        [&](store::Database& database) { return store::append_audit(database, audit); }));
  }
  const Ran ran = usherctl({"explain", "abcdef"});
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_EQ(ran.err, "usherctl: several requests begin like this; give more of the id\n");
  EXPECT_EQ(usherctl({"explain", "abcdef01"}).exit_code, 0);
}

TEST_F(Explained, ByThePersonIsTheirLatestRefusal) {
  EXPECT_EQ(usherctl({"explain", "--user", "ada"}).out, "No refusal of ada is on record.\n");
  (void)record({.name = "", .reason = "wrong-password"});
  const std::string latest = record({.name = "", .reason = "throttled"});
  (void)record({.name = "", .outcome = "accept", .reason = "all-proven"});
  (void)record({.name = "", .operation = "admin.ResetUser", .reason = "not-permitted"});
  EXPECT_EQ(usherctl({"explain", "--user", "ada"}).out, usherctl({"explain", latest}).out);
  EXPECT_EQ(usherctl({"explain", "--user", "eve"}).exit_code, 3);
}

// The refusal that is on record had another cause than what is in the way by now.
TEST_F(Explained, OfAnAccountThatIsClosedNowSaysSoToo) {
  const std::string refused = record({.name = "", .reason = "wrong-password"});
  const auto told = [&](const char* command) {
    return usherctl({"explain", refused}).out.find(command) != std::string::npos;
  };
  EXPECT_FALSE(told("usherctl user resume ada"));
  (void)usherctl({"user", "suspend", "ada", "--reason", "on leave", "--sessions", "none"});
  EXPECT_TRUE(told("usherctl user resume ada"));
  (void)usherctl({"user", "disable", "ada", "--reason", "left", "--sessions", "none"});
  EXPECT_TRUE(told("usherctl user enable ada"));
  EXPECT_FALSE(told("usherctl user resume ada"));
}

TEST_F(Explained, NeedsAnIdOrAPersonAndNotBoth) {
  EXPECT_EQ(usherctl({"explain"}).exit_code, 2);
  EXPECT_EQ(usherctl({"explain", "abcdef", "--user", "ada"}).exit_code, 2);
}

}  // namespace
}  // namespace usher::ctl
