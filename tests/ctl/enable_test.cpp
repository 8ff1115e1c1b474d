// usherctl enable, disable and confirm, as an administrator types them: a real admin gate, a
// private tree for a host.
#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/ctl/ctl_world.hpp"
#include "tests/ctl/host_tree.hpp"

namespace usher::ctl {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class EnableWorld : public CtlWorld {
 protected:
  Ran on_host(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--socket", socket_path_});
    return run_usherctl(std::move(arguments), nothing_, tree_.host());
  }
  void enable_for_good() {
    ASSERT_EQ(on_host({"enable", "--yes"}).exit_code, 0);
    ASSERT_EQ(on_host({"confirm"}).exit_code, 0);
  }
  HostTree tree_;
};

TEST_F(EnableWorld, DryRunShowsEveryLineAndChangesNothing) {
  const Ran ran = on_host({"enable", "--dry-run"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  std::ifstream file(USHER_DRY_RUN);
  std::ostringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(ran.out, golden.str());
  EXPECT_TRUE(tree_.snapshot() == tree_.at_the_start());
  EXPECT_EQ(tree_.told_systemctl(), "");
}

TEST_F(EnableWorld, EnableConfirmAndDisableGoThereAndBack) {
  const Ran enabled = on_host({"enable", "--yes"});
  EXPECT_EQ(enabled.exit_code, 0) << enabled.err;
  EXPECT_TRUE(has(enabled.out, "Usher is enabled for 2 minutes.")) << enabled.out;
  EXPECT_TRUE(has(tree_.read("/etc/pam.d/common-auth"), "pam_usher.so"));
  const Ran confirmed = on_host({"confirm"});
  EXPECT_EQ(confirmed.exit_code, 0) << confirmed.err;
  EXPECT_TRUE(has(tree_.told_systemctl(), "stop usher-rollback.timer\n"));
  EXPECT_FALSE(exists(tree_ / "/etc/systemd/system/usher-rollback.service"));
  EXPECT_TRUE(has(tree_.read("/etc/pam.d/common-auth"), "pam_usher.so"));
  const Ran disabled = on_host({"disable"});
  EXPECT_EQ(disabled.exit_code, 0) << disabled.err;
  EXPECT_TRUE(disabled.out.starts_with("Usher is disabled. Put back:\n  /etc/pam.d/common-auth\n"));
  EXPECT_TRUE(tree_.snapshot() == tree_.at_the_start());
}

TEST_F(EnableWorld, WhatIsNotConfirmedIsRolledBack) {
  ASSERT_EQ(on_host({"enable", "--yes"}).exit_code, 0);
  const Ran ran = on_host({"rollback"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_TRUE(has(ran.out, "Usher was not confirmed in time"));
  EXPECT_TRUE(has(ran.out, "  /etc/ssh/sshd_config.d/50-usher.conf\n"));
  EXPECT_TRUE(tree_.snapshot() == tree_.at_the_start());
  EXPECT_EQ(on_host({"rollback"}).out, "There is nothing to roll back.\n");
  EXPECT_EQ(on_host({"confirm"}).exit_code, 6);
}

TEST_F(EnableWorld, WhatIsConfirmedIsNotRolledBack) {
  enable_for_good();
  const Snapshot enabled = tree_.snapshot();
  EXPECT_EQ(on_host({"rollback"}).exit_code, 0);
  EXPECT_TRUE(tree_.snapshot() == enabled);
}

TEST_F(EnableWorld, StatusShowsUsherdsFiguresAndTheHosts) {
  EXPECT_EQ(on_host({"status"}).out,
            "version             9.9.9\n"
            "process             4711\n"
            "started             2023-11-14T23:13:20+01:00\n"
            "people              0\n"
            "open conversations  3\n"
            "refused frames      2\n"
            "schema              " +
                std::to_string(store::newest_schema()) +
                "\n"
                "master key from     credential\n"
                "unknown names       decoy\n"
                "mail                no server is set\n"
                "in PAM              no\n"
                "in sshd             no\n"
                "rollback            not armed\n");
  const auto json = protocol::varlink::parse_object(on_host({"--json", "status"}).out);
  ASSERT_TRUE(json);
  EXPECT_EQ((*json)["pid"], 4711);
  EXPECT_EQ((*json)["pam"], "no");
}

TEST_F(EnableWorld, StatusSaysWhenTheRollbackComes) {
  ASSERT_EQ(on_host({"enable", "--yes"}).exit_code, 0);
  const timespec armed[] = {{1'700'000'000, 0}, {1'700'000'000, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (tree_ / "/var/lib/usher-enable/armed").c_str(), armed, 0), 0);
  const std::string waiting = on_host({"status"}).out;
  EXPECT_TRUE(has(waiting, "in PAM              yes\nin sshd             yes\n")) << waiting;
  EXPECT_TRUE(has(waiting, "armed, puts all back at 2023-11-14T23:15:20+01:00 unless confirmed\n"))
      << waiting;
  const auto json = protocol::varlink::parse_object(on_host({"--json", "status"}).out);
  ASSERT_TRUE(json);
  EXPECT_EQ((*json)["rollback_at"], 1'700'000'120'000);
  ASSERT_EQ(on_host({"confirm"}).exit_code, 0);
  EXPECT_TRUE(has(on_host({"status"}).out, "rollback            not armed\n"));
  tree_.write("/etc/pam.d/common-account", "account required pam_unix.so # pam_usher.so\n");
  tree_.host().sshd = "/nonexistent/sshd";
  const std::string edited = on_host({"status"}).out;
  EXPECT_TRUE(has(edited, "in PAM              in part\nin sshd             absent\n")) << edited;
}

TEST_F(EnableWorld, StatusSpeaksOfTheHostWithoutUsherd) {
  // In place of a directory that this user may not enter: root may enter any.
  tree_.write("/var/lib/usher-enable", "");
  const Ran ran = run_usherctl({"--socket", tree_ / "/none", "status"}, nothing_, tree_.host());
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_EQ(ran.out, "in PAM    no\nin sshd   no\nrollback  unknown\n");
}

TEST_F(EnableWorld, DisableIsRefusedWhileOnlyUsherKnowsAnAccount) {
  enable_for_good();
  std::filesystem::create_directories(tree_ / "/etc/usher/adopted");
  for (const char* name : {"ada", "grace"}) {  // grace stands in the passwd file again
    tree_.write(std::string("/etc/usher/adopted/") + name, "");
  }
  const Ran refused = on_host({"disable"});
  EXPECT_EQ(refused.exit_code, 6);
  EXPECT_TRUE(has(refused.err, "were adopted: ada; ")) << refused.err;
  std::filesystem::remove(tree_ / "/etc/usher/adopted/ada");
  EXPECT_EQ(on_host({"disable"}).exit_code, 0);
  EXPECT_FALSE(has(tree_.read("/etc/pam.d/common-auth"), "pam_usher.so"));
}

TEST_F(EnableWorld, DisableEndsWhatWaitsToBeConfirmed) {
  ASSERT_EQ(on_host({"enable", "--yes"}).exit_code, 0);
  EXPECT_EQ(on_host({"disable"}).exit_code, 0);
  EXPECT_TRUE(tree_.snapshot() == tree_.at_the_start());
}

TEST_F(EnableWorld, EachIsSafeToSayTwice) {
  EXPECT_EQ(on_host({"disable"}).out, "Usher is not enabled; nothing was changed.\n");
  const Ran nothing = on_host({"confirm"});
  EXPECT_EQ(nothing.exit_code, 6);
  EXPECT_TRUE(has(nothing.err, "there is nothing to confirm"));
  ASSERT_EQ(on_host({"enable", "--yes"}).exit_code, 0);
  const Ran armed = on_host({"enable", "--yes"});
  EXPECT_EQ(armed.exit_code, 6);
  EXPECT_TRUE(has(armed.err, "waits to be confirmed")) << armed.err;
  ASSERT_EQ(on_host({"confirm"}).exit_code, 0);
  EXPECT_EQ(on_host({"confirm"}).exit_code, 6);
  const Snapshot enabled = tree_.snapshot();
  EXPECT_EQ(on_host({"enable", "--yes"}).out,
            "Usher is enabled already; there is nothing to change.\n");
  EXPECT_TRUE(tree_.snapshot() == enabled);
}

TEST_F(EnableWorld, WithoutATerminalItAsksForYes) {
  const Ran ran = on_host({"enable"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_TRUE(has(ran.err, "give --yes or --dry-run"));
  EXPECT_TRUE(tree_.snapshot() == tree_.at_the_start());
}

TEST_F(EnableWorld, DisableKeepsWhatOthersChangedSince) {
  enable_for_good();
  // Another package's profile came, as apt would bring it.
  tree_.write("/usr/share/pam-configs/other",
              "Name: Other\nDefault: yes\nPriority: 64\nAuth-Type: Additional\nAuth:\n"
              "\toptional\tpam_other.so\n");
  auto more = plan_pam(tree_.host(), Wanted::enabled);
  ASSERT_TRUE(more);
  for (const Change& change : *more) ASSERT_TRUE(put_image(tree_ / change.path, change.after));
  ASSERT_TRUE(has(tree_.read("/etc/pam.d/common-auth"), "pam_other.so"));

  const Ran ran = on_host({"disable"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_TRUE(has(ran.err, "/etc/pam.d/common-auth changed since Usher was enabled")) << ran.err;
  EXPECT_TRUE(has(tree_.read("/etc/pam.d/common-auth"), "pam_other.so"));
  EXPECT_FALSE(has(tree_.read("/etc/pam.d/common-auth"), "pam_usher.so"));
  EXPECT_EQ(tree_.read("/etc/pam.d/common-account"),
            tree_.at_the_start().at("/etc/pam.d/common-account").substr(4));
  EXPECT_FALSE(exists(tree_ / std::string(kSshdDropIn)));
  EXPECT_FALSE(exists(tree_ / "/var/lib/usher-enable"));
}

TEST_F(EnableWorld, DisableLeavesADropInThatWasEdited) {
  enable_for_good();
  tree_.write(std::string(kSshdDropIn), "KbdInteractiveAuthentication yes\nMaxAuthTries 3\n");
  const Ran ran = on_host({"disable"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_TRUE(has(ran.err, "50-usher.conf stays; remove it by hand")) << ran.err;
  EXPECT_TRUE(has(tree_.read(std::string(kSshdDropIn)), "MaxAuthTries"));
  std::filesystem::remove(tree_ / std::string(kSshdDropIn));
  EXPECT_TRUE(tree_.snapshot() == tree_.at_the_start());
}

TEST_F(EnableWorld, DisableTakesOutWhatWasEnabledByHand) {
  auto changes = plan_enable(tree_.host(), Sshd::installed);
  ASSERT_TRUE(changes);
  for (const Change& change : *changes) ASSERT_TRUE(put_image(tree_ / change.path, change.after));
  EXPECT_EQ(on_host({"disable"}).exit_code, 0);
  EXPECT_TRUE(tree_.snapshot() == tree_.at_the_start());
}

TEST_F(EnableWorld, EnabledFilesThatChangedSinceAreNotEnabledOver) {
  enable_for_good();
  std::filesystem::remove(tree_ / std::string(kSshdDropIn));
  const Ran ran = on_host({"enable", "--yes"});
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_TRUE(has(ran.err, "Run usherctl disable")) << ran.err;
}

TEST_F(EnableWorld, WithoutSshdOnlyPamChanges) {
  tree_.host().sshd = "/nonexistent/sshd";
  EXPECT_EQ(on_host({"enable", "--yes"}).exit_code, 0);
  EXPECT_FALSE(exists(tree_ / std::string(kSshdDropIn)));
  EXPECT_FALSE(has(tree_.told_systemctl(), "ssh.service"));
  EXPECT_EQ(on_host({"disable"}).exit_code, 0);
  EXPECT_TRUE(tree_.snapshot() == tree_.at_the_start());
}

TEST_F(EnableWorld, WhatWouldLockPeopleOutIsRefused) {
  using Break = void (*)(const HostTree& tree);
  struct Case {
    Break change;
    const char* says;
    bool force_helps;
  };
  const Case cases[] = {
      {[](const HostTree& t) { std::filesystem::remove(t / "/usr/lib/security/pam_usher.so"); },
       "pam_usher.so is missing; install libpam-usher", false},
      {[](const HostTree& t) { std::filesystem::remove(t / "/usr/share/pam-configs/usher"); },
       "/usr/share/pam-configs/usher is missing", false},
      {[](const HostTree& t) { std::filesystem::remove(t / "/run/systemd/system"); },
       "systemd does not run here", false},
      {[](const HostTree& t) { t.write("/etc/shadow", "root:*:1::::::\ngrace:!$y$x:1::::::\n"); },
       "no local account can become root", true},
      {[](const HostTree& t) { t.write("/etc/nsswitch.conf", "passwd: files systemd\n"); },
       "lacks usher", true},
      {[](const HostTree& t) { t.write("/etc/nsswitch.conf", "passwd: files usher sss\n"); },
       "takes people from sss too", false},
      {[](const HostTree& t) {
         std::filesystem::create_directories(t / "/run/systemd/userdb");
         t.write("/run/systemd/userdb/io.systemd.Home", "");
       },
       "takes people from systemd too", false},
      {[](const HostTree& t) { t.write("/etc/ssh/sshd_config", "UsePAM yes\n"); },
       "Make this its first line: Include /etc/ssh/sshd_config.d/*.conf", false},
      {[](const HostTree& t) {
         t.write("/etc/ssh/sshd_config", "Match User ada\nInclude /etc/ssh/sshd_config.d/*.conf\n");
       },
       "does not read drop-ins", false},
      {[](const HostTree& t) { t.let_fail("sshd"); }, "broken before Usher changes it", false},
      {[](const HostTree& t) {
         t.write("/etc/pam.d/common-auth",
                 "auth required pam_mine.so\n" + t.read("/etc/pam.d/common-auth").substr(0, 900));
       },
       "edited by hand", false},
  };
  for (const Case& item : cases) {
    SCOPED_TRACE(item.says);
    HostTree tree;
    item.change(tree);
    const Snapshot before = tree.snapshot();
    const Ran ran =
        run_usherctl({"--socket", socket_path_, "enable", "--yes"}, nothing_, tree.host());
    EXPECT_EQ(ran.exit_code, 6) << ran.out;
    EXPECT_TRUE(has(ran.err, item.says)) << ran.err;
    EXPECT_TRUE(tree.snapshot() == before);
    const Ran forced = run_usherctl({"--socket", socket_path_, "enable", "--yes", "--force"},
                                    nothing_, tree.host());
    EXPECT_EQ(forced.exit_code, item.force_helps ? 0 : 6) << forced.err;
  }
}

TEST_F(EnableWorld, NothingIsEnabledWhileUsherdDoesNotAnswer) {
  const Ran ran = run_usherctl({"--socket", "/nonexistent/admin.sock", "enable", "--yes"}, nothing_,
                               tree_.host());
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_TRUE(tree_.snapshot() == tree_.at_the_start());
}

TEST_F(EnableWorld, OnlyRootMay) {
  tree_.host().administrator = Uid{::geteuid() + 1};
  for (const char* verb : {"enable", "disable", "confirm", "rollback"}) {
    const Ran ran = on_host({verb});
    EXPECT_EQ(ran.exit_code, 4) << verb;
    EXPECT_TRUE(has(ran.err, "try sudo")) << verb;
  }
}

TEST_F(EnableWorld, WhileAnotherIsAtWorkTheyRefuse) {
  const auto lock = lock_host(tree_.host());
  ASSERT_TRUE(lock);
  for (const char* verb : {"disable", "confirm", "rollback"}) {
    EXPECT_EQ(on_host({verb}).exit_code, 6) << verb;
  }
  EXPECT_EQ(on_host({"enable", "--yes"}).exit_code, 6);
  EXPECT_TRUE(tree_.snapshot() == tree_.at_the_start());
}

TEST_F(EnableWorld, TheySpeakJson) {
  const auto json_of = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--json");
    const Ran ran = on_host(std::move(arguments));
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    auto parsed = protocol::varlink::parse_object(ran.out);
    EXPECT_TRUE(parsed) << ran.out;
    return parsed ? parsed.release_value() : admin::Json::object();
  };
  const admin::Json planned = json_of({"enable", "--dry-run"});
  EXPECT_EQ(planned["state"], "not enabled");
  EXPECT_EQ(planned["changed"].size(), 12U);
  EXPECT_TRUE(has(planned["diff"].get<std::string>(), "+auth\t"));
  const admin::Json armed = json_of({"enable", "--yes"});
  EXPECT_EQ(armed["state"], "armed");
  EXPECT_EQ(armed["confirm_within_seconds"], 120);
  EXPECT_EQ(json_of({"confirm"})["state"], "enabled");
  const admin::Json ended = json_of({"disable"});
  EXPECT_EQ(ended["state"], "not enabled");
  EXPECT_EQ(ended["restored"].size(), 12U);
}

TEST_F(EnableWorld, AFileCannotDriveTheTerminal) {
  tree_.write("/etc/pam.d/common-auth",
              tree_.read("/etc/pam.d/common-auth") + "# \x1B]0;owned\x07\n");
  const Ran ran = on_host({"enable", "--dry-run"});
  EXPECT_FALSE(has(ran.out, "\x1B"));
}

}  // namespace
}  // namespace usher::ctl
