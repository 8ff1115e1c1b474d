// The steps of `usherctl enable`, cut off everywhere: what the next boot finds is put back byte for
// byte.
#include "ctl/enable_steps.hpp"

#include "ctl/programs.hpp"
#include "tests/ctl/host_tree.hpp"

namespace usher::ctl {
namespace {

std::vector<Change> plan_for(const HostTree& tree) {
  auto changes = plan_enable(tree.host(), Sshd::installed);
  EXPECT_TRUE(changes) << changes.error().text();
  return changes ? changes.release_value() : std::vector<Change>{};
}

// Every fresh tree is alike, and so is the plan; pam-auth-update takes its time.
Work work_on(const HostTree& tree) {
  static const std::vector<Change> changes = plan_for(tree);
  return {tree.host(), changes, Sshd::installed, {}};
}

// Stops after the first `count` steps, as a crash or a power cut does.
void apply_first(Work& work, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto applied = enable_steps()[i].apply(work);
    ASSERT_TRUE(applied) << enable_steps()[i].name << ": " << applied.error().text();
  }
}

std::size_t step_named(std::string_view name) {
  for (std::size_t i = 0; i < enable_steps().size(); ++i) {
    if (enable_steps()[i].name == name) return i;
  }
  ADD_FAILURE() << "no step is called " << name;
  return 0;
}

bool anything_changed(const HostTree& tree, const Work& work) {
  for (const Change& change : work.changes) {
    const auto now = read_image(tree / change.path);
    EXPECT_TRUE(now);
    if (!now || *now != change.before) return true;
  }
  return false;
}

// What systemd does at boot: the unit runs if it is there, linked, and its conditions hold.
void boot(const HostTree& tree) {
  // /run is memory.
  std::filesystem::remove(tree / "/run/usher-enable.this-boot");
  const bool unit =
      exists(tree / "/etc/systemd/system/usher-rollback-boot.service") &&
      std::filesystem::exists(
          tree / "/etc/systemd/system/sysinit.target.wants/usher-rollback-boot.service");
  const bool wanted =
      exists(tree / "/var/lib/usher-enable") && !exists(tree / "/var/lib/usher-enable/confirmed");
  if (!unit || !wanted) return;
  const auto done = roll_back(tree.host());
  EXPECT_TRUE(done) << done.error().text();
}

void expect_as_at_the_start(const HostTree& tree) {
  const Snapshot now = tree.snapshot();
  for (const auto& [path, content] : tree.at_the_start()) {
    const auto found = now.find(path);
    EXPECT_TRUE(found != now.end()) << path << " is gone";
    if (found == now.end()) continue;
    EXPECT_EQ(found->second, content) << path;
  }
  for (const auto& [path, content] : now) {
    EXPECT_TRUE(tree.at_the_start().contains(path)) << path << " is left behind";
  }
}

TEST(EnableSteps, AllOfThemPutUsherIntoPamAndSshd) {
  const HostTree tree;
  Work work = work_on(tree);
  ASSERT_TRUE(apply_steps(work));
  for (const char* name : {"auth", "account", "password", "session", "session-noninteractive"}) {
    EXPECT_NE(tree.read(std::string("/etc/pam.d/common-") + name).find("pam_usher.so"),
              std::string::npos)
        << name;
  }
  EXPECT_EQ(tree.read(std::string(kSshdDropIn)),
            "# Written by `usherctl enable`, removed by `usherctl disable`; see usherctl(1).\n"
            "# Usher asks more than one question: sshd must let PAM hold the conversation.\n"
            "KbdInteractiveAuthentication yes\n"
            "UsePAM yes\n");
  EXPECT_EQ(tree.told_systemctl(),
            "daemon-reload\n"
            "restart usher-rollback.timer\n"
            "try-reload-or-restart ssh.service\n");
}

TEST(EnableSteps, NoFileChangesBeforeTheRollbackIsArmedOnTheDisk) {
  for (std::size_t count = 0; count <= enable_steps().size(); ++count) {
    const HostTree tree;
    Work work = work_on(tree);
    apply_first(work, count);
    if (!anything_changed(tree, work)) continue;
    EXPECT_TRUE(exists(tree / "/var/lib/usher-enable/armed")) << count;
    EXPECT_TRUE(exists(tree / "/etc/systemd/system/usher-rollback.service")) << count;
    EXPECT_TRUE(exists(tree / "/etc/systemd/system/usher-rollback-boot.service")) << count;
    EXPECT_TRUE(exists(tree / "/run/usher-enable.this-boot")) << count;
    EXPECT_TRUE(exists(tree / "/etc/systemd/system/usher-rollback.timer")) << count;
    EXPECT_EQ(tree.told_systemctl().find("restart usher-rollback.timer"), 14U) << count;
  }
}

TEST(EnableSteps, ACrashAfterAnyStepIsPutBackAtTheNextBoot) {
  for (std::size_t count = 0; count <= enable_steps().size(); ++count) {
    SCOPED_TRACE(count);
    const HostTree tree;
    Work work = work_on(tree);
    apply_first(work, count);
    boot(tree);
    if (count != 1) expect_as_at_the_start(tree);
    // Copies and no unit yet: nothing runs at boot, nothing is changed, the next call sweeps.
    EXPECT_FALSE(anything_changed(tree, work));
    EXPECT_TRUE(roll_back(tree.host()));
    expect_as_at_the_start(tree);
  }
}

TEST(EnableSteps, ACrashBetweenAnyTwoFilesIsPutBack) {
  const std::size_t armed = step_named("arm") + 1;
  for (std::size_t files = 0;; ++files) {
    SCOPED_TRACE(files);
    const HostTree tree;
    Work work = work_on(tree);
    apply_first(work, armed);
    if (files > work.changes.size()) break;
    for (std::size_t i = 0; i < files; ++i) {
      ASSERT_TRUE(put_image(tree / work.changes[i].path, work.changes[i].after));
    }
    // The next one was cut off in the middle of its bytes.
    if (files < work.changes.size()) tree.write(work.changes[files].path + ".usher-new", "half");
    boot(tree);
    expect_as_at_the_start(tree);
  }
}

TEST(EnableSteps, ACrashWhileSavingLeavesNothingThatCouldBePutBack) {
  const HostTree tree;
  Work work = work_on(tree);
  apply_first(work, 1);
  std::filesystem::remove(tree / "/var/lib/usher-enable/list");
  std::filesystem::remove(tree / "/var/lib/usher-enable/3.before");
  EXPECT_TRUE(roll_back(tree.host()));
  expect_as_at_the_start(tree);
}

TEST(EnableSteps, ARollbackCutOffAtAnyStepIsFinishedByTheNext) {
  const auto steps = enable_steps();
  for (std::size_t left = 0; left <= steps.size(); ++left) {
    SCOPED_TRACE(left);
    const HostTree tree;
    Work work = work_on(tree);
    apply_first(work, steps.size());
    for (std::size_t i = steps.size(); i > left; --i) ASSERT_TRUE(steps[i - 1].undo(work));
    boot(tree);
    EXPECT_FALSE(anything_changed(tree, work));
    EXPECT_TRUE(roll_back(tree.host()));
    expect_as_at_the_start(tree);
  }
}

TEST(EnableSteps, AStepThatFailsPutsEverythingBackAtOnce) {
  struct Case {
    const char* program;
    const char* words;
    const char* says;
  };
  const Case cases[] = {
      {"systemctl", "daemon-reload", "systemctl failed"},
      {"systemctl", "restart", "systemctl failed"},
      {"systemctl", "try-reload-or-restart", "telling sshd"},
      {"sshd", "", "sshd failed (255)"},
  };
  for (const Case& item : cases) {
    SCOPED_TRACE(item.words);
    const HostTree tree;
    Work work = work_on(tree);
    tree.let_fail(item.program, item.words);
    const auto applied = apply_steps(work);
    ASSERT_FALSE(applied);
    EXPECT_NE(applied.error().text().find("everything was put back"), std::string_view::npos);
    EXPECT_NE(applied.error().text().find(item.says), std::string_view::npos)
        << applied.error().text();
    expect_as_at_the_start(tree);
  }
}

TEST(EnableSteps, ADropInThatSshdDoesNotTakeIsPutBack) {
  const HostTree tree;
  Work work = work_on(tree);
  tree.write("/programs/sshd.overruled", "");
  const auto applied = apply_steps(work);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().code(), Errc::conflict);
  EXPECT_NE(applied.error().text().find("'kbdinteractiveauthentication yes'"),
            std::string_view::npos);
  expect_as_at_the_start(tree);
}

TEST(EnableSteps, AFileThatChangedSinceItWasShownStopsTheFirstStep) {
  const HostTree tree;
  Work work = work_on(tree);
  tree.write("/etc/pam.d/common-auth", "auth required pam_deny.so\n");
  const auto applied = apply_steps(work);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().code(), Errc::conflict);
  EXPECT_EQ(tree.read("/etc/pam.d/common-auth"), "auth required pam_deny.so\n");
  EXPECT_FALSE(exists(tree / "/var/lib/usher-enable"));
}

TEST(EnableSteps, ARollbackThatCannotRestoreStaysArmed) {
  const HostTree tree;
  Work work = work_on(tree);
  ASSERT_TRUE(apply_steps(work));
  std::filesystem::remove(tree / "/var/lib/usher-enable/0.before");
  const auto done = roll_back(tree.host());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::damaged);
  EXPECT_TRUE(exists(tree / "/var/lib/usher-enable/armed"));
  EXPECT_TRUE(exists(tree / "/etc/systemd/system/usher-rollback.service"));
}

TEST(EnableSteps, ARollbackNeedsNeitherSystemctlNorSshd) {
  const HostTree tree;
  Work work = work_on(tree);
  ASSERT_TRUE(apply_steps(work));
  tree.let_fail("systemctl", "--no-block");
  tree.let_fail("sshd");
  const auto done = roll_back(tree.host());
  ASSERT_TRUE(done);
  ASSERT_EQ(done->notes.size(), 1U);
  EXPECT_NE(done->notes[0].find("systemctl reload ssh"), std::string::npos);
  expect_as_at_the_start(tree);
}

TEST(EnableSteps, ARollbackSaysWhichFilesItPutBackAndWhatWasLost) {
  const HostTree tree;
  Work work = work_on(tree);
  ASSERT_TRUE(apply_steps(work));
  tree.write("/etc/pam.d/common-auth", "auth required pam_deny.so\n");
  const auto done = roll_back(tree.host());
  ASSERT_TRUE(done);
  EXPECT_EQ(done->restored.size(), 12U);
  EXPECT_EQ(done->restored.front(), "/etc/pam.d/common-auth");
  ASSERT_EQ(done->notes.size(), 1U);
  EXPECT_EQ(done->notes[0], "/etc/pam.d/common-auth had been changed since; that change is gone");
  expect_as_at_the_start(tree);
}

TEST(EnableSteps, OwnersAndModesComeBackToo) {
  const HostTree tree;
  std::filesystem::permissions(tree / "/etc/pam.d/common-auth", std::filesystem::perms(0600));
  const Snapshot before = tree.snapshot();
  Work work{tree.host(), plan_for(tree), Sshd::installed, {}};
  ASSERT_TRUE(apply_steps(work));
  EXPECT_EQ(std::filesystem::status(tree / "/etc/pam.d/common-auth").permissions(),
            std::filesystem::perms(0600));
  ASSERT_TRUE(roll_back(tree.host()));
  EXPECT_TRUE(tree.snapshot() == before);
}

TEST(EnableSteps, CopiesAreKeptWhereOnlyRootReads) {
  const HostTree tree;
  Work work = work_on(tree);
  ASSERT_TRUE(apply_steps(work));
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(tree / "/var/lib/usher-enable").permissions(), perms(0700));
  for (const auto& entry : std::filesystem::directory_iterator(tree / "/var/lib/usher-enable")) {
    EXPECT_EQ(entry.status().permissions(), perms(0600)) << entry.path();
  }
}

TEST(EnableSteps, ADirectoryThatOthersCanReadIsNotUsed) {
  const HostTree tree;
  std::filesystem::create_directory(tree / "/var/lib/usher-enable");
  std::filesystem::permissions(tree / "/var/lib/usher-enable", std::filesystem::perms(0755));
  Work work = work_on(tree);
  const auto saved = enable_steps()[0].apply(work);
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code(), Errc::not_permitted);
}

void expect_lines(const std::string& text, std::initializer_list<const char*> lines) {
  for (const char* line : lines) EXPECT_NE(text.find(line), std::string::npos) << line;
}

TEST(EnableSteps, TheUnitsRunUsherctlInTimeAndBeforeAnybodyCanSignIn) {
  const HostTree tree;
  Work work = work_on(tree);
  ASSERT_TRUE(apply_steps(work));
  for (const char* name : {"usher-rollback.service", "usher-rollback-boot.service"}) {
    expect_lines(
        tree.read(std::string("/etc/systemd/system/") + name),
        {"ExecStart=/usr/bin/usherctl rollback\n", "ConditionPathExists=/var/lib/usher-enable\n",
         "ConditionPathExists=!/var/lib/usher-enable/confirmed\n", "Restart=on-failure\n"});
  }
  expect_lines(tree.read("/etc/systemd/system/usher-rollback-boot.service"),
               {"DefaultDependencies=no\n", "Before=sysinit.target shutdown.target\n",
                "ConditionPathExists=!/run/usher-enable.this-boot\n"});
  expect_lines(tree.read("/etc/systemd/system/usher-rollback.timer"), {"OnActiveSec=120s\n"});
}

// A cycle, or a directive systemd does not know, would show only when it is needed.
TEST(EnableSteps, SystemdHasNothingToSayAboutTheUnits) {
  HostTree tree;
  tree.host().usherctl = "/usr/bin/true";
  Work work{tree.host(), plan_for(tree), Sshd::installed, {}};
  ASSERT_TRUE(apply_steps(work));
  ctl::Run verify{{"/usr/bin/systemd-analyze", "verify"}, {}};
  for (const char* name :
       {"usher-rollback.service", "usher-rollback-boot.service", "usher-rollback.timer"}) {
    verify.command.push_back(tree / ("/etc/systemd/system/" + std::string(name)));
  }
  const auto said = run_program(verify);
  ASSERT_TRUE(said);
  EXPECT_EQ(said->exit_code, 0);
  EXPECT_EQ(said->output, "");
}

TEST(EnableSteps, OneUsherctlAtATime) {
  const HostTree tree;
  auto first = lock_host(tree.host());
  ASSERT_TRUE(first);
  const auto second = lock_host(tree.host());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Errc::conflict);
  first->reset();
  EXPECT_TRUE(lock_host(tree.host()));
}

}  // namespace
}  // namespace usher::ctl
