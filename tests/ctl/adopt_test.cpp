// usherctl user adopt on account files of its own: what moves, what stays, and that an account is
// somebody's wherever the command is cut off.
#include <sys/stat.h>
#include <unistd.h>

#include <sstream>

#include "tests/ctl/ctl_world.hpp"

namespace usher::ctl {
namespace {

constexpr const char* kHash = "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5";

const std::string kPasswd =
    "root:x:0:0:root:/root:/bin/bash\n"
    "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
    "boss:x:1000:1000:Boss,,,:/home/boss:/bin/bash\n"
    "ada:x:1001:1001:Ada Lovelace,,,:/srv/ada:/bin/zsh\n"
    "adam:x:1002:1002::/home/adam:/bin/sh\n";
const std::string kShadow = std::string("root:*:19000:0:99999:7:::\n") + "boss:" + kHash +
                            ":19000:0:99999:7:::\n" + "ada:" + kHash + ":19000:0:99999:7:::\n" +
                            "adam:!:19000:0:99999:7:::\n";
const std::string kGroup =
    "root:x:0:\nsudo:x:27:boss\nusers:x:100:\nboss:x:1000:\nada:x:1001:\nadam:x:1002:\n"
    "project:x:1500:ada,adam\n";
const std::string kGshadow = "root:*::\nsudo:*::boss\nboss:!::\nada:!::\nadam:!::\n";
const std::string kCommonAuth =
    "auth [success=2 default=die] pam_usher.so\nauth required pam_unix.so\n";
const std::string kNsswitch = "passwd:         files usher systemd\ngroup: files usher systemd\n";

std::string without(const std::string& text, const std::string& start) {
  std::istringstream lines(text);
  std::string kept;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(start)) kept += line + "\n";
  }
  return kept;
}

class Adopt : public CtlWorld {
 protected:
  void SetUp() override {
    CtlWorld::SetUp();
    etc_ = world_.directory() + "/etc";
    set_up_files();
  }
  void set_up_files() {
    put("passwd", kPasswd, 0644);
    put("shadow", kShadow, 0640);
    put("group", kGroup, 0644);
    put("gshadow", kGshadow, 0640);
    put("nsswitch.conf", kNsswitch, 0644);
    std::filesystem::create_directories(etc_ + "/pam.d");
    put("pam.d/common-auth", kCommonAuth, 0644);
  }

  void put(const std::string& name, const std::string& text, mode_t mode) {
    std::ofstream(etc_ + "/" + name) << text;
    ASSERT_EQ(::chmod((etc_ + "/" + name).c_str(), mode), 0);
  }
  std::string get(const std::string& name) {
    std::ifstream file(etc_ + "/" + name);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  mode_t mode_of(const std::string& name) {
    struct stat status {};
    EXPECT_EQ(::lstat((etc_ + "/" + name).c_str(), &status), 0) << name;
    return status.st_mode & 07777U;
  }
  Ran adopt(const std::string& name, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"user", "adopt", name, "--etc", etc_});
    return usherctl(more);
  }
  bool is_local() { return get("passwd").find("\nada:") != std::string::npos; }
  // May sign in through Usher, with the password of before.
  bool is_ushers() {
    const auto found = world_.store().read(
        [](store::Database& database) { return store::find_person(database, "ada"); });
    if (!found->has_value() || (*found)->state != store::PersonState::active) return false;
    const auto password = world_.store().read(
        [&](store::Database& database) { return store::find_password(database, (*found)->id); });
    return password->has_value() && (*password)->phc == kHash;
  }
  void expect_all_gone() {
    EXPECT_EQ(get("passwd"), without(kPasswd, "ada:"));
    EXPECT_EQ(get("shadow"), without(kShadow, "ada:"));
    EXPECT_EQ(get("group"), without(kGroup, "ada:"));
    EXPECT_EQ(get("gshadow"), without(kGshadow, "ada:"));
  }
  void expect_untouched() {
    EXPECT_EQ(get("passwd"), kPasswd);
    EXPECT_EQ(get("shadow"), kShadow);
    EXPECT_EQ(get("group"), kGroup);
    EXPECT_EQ(get("gshadow"), kGshadow);
  }

  std::string etc_;
};

TEST_F(Adopt, MovesTheWholeAccountAndTouchesNoOtherLine) {
  const Ran ran = adopt("ada");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(
      ran.out,
      "ada is Usher's now, with the same uid, home and password. Where a second factor is due, "
      "ada signs in at the console only until one is set up; a code that works over SSH, "
      "too: usherctl user reset ada\n");
  expect_all_gone();
  EXPECT_TRUE(is_ushers());
  const admin::Json ada = json({"user", "show", "ada"})["user"];
  EXPECT_EQ(ada["uid"], 1001);
  EXPECT_EQ(ada["gid"], 1001);
  EXPECT_EQ(ada["home"], "/srv/ada");
  EXPECT_EQ(ada["shell"], "/bin/zsh");
  EXPECT_EQ(ada["display_name"], "Ada Lovelace");
}

TEST_F(Adopt, KeepsModesAndKeepsWhatItTookOutToRootAlone) {
  ASSERT_EQ(::chown((etc_ + "/shadow").c_str(), ::geteuid(), ::getegid()), 0);
  ASSERT_EQ(adopt("ada").exit_code, 0);
  EXPECT_EQ(mode_of("passwd"), 0644U);
  EXPECT_EQ(mode_of("shadow"), 0640U);
  EXPECT_EQ(mode_of("gshadow"), 0640U);
  EXPECT_EQ(mode_of("usher/adopted"), 0700U);
  EXPECT_EQ(mode_of("usher/adopted/ada"), 0600U);
  for (const auto& entry : std::filesystem::directory_iterator(etc_)) {
    EXPECT_EQ(entry.path().string().find("usher-new"), std::string::npos) << "a step was left";
  }
}

TEST_F(Adopt, UndoneTheFilesHaveTheSameLinesAgain) {
  ASSERT_EQ(adopt("ada").exit_code, 0);
  const Ran undone = adopt("ada", {"--undo"});
  EXPECT_EQ(undone.exit_code, 0) << undone.err;
  EXPECT_EQ(get("passwd"),
            without(kPasswd, "ada:") + "ada:x:1001:1001:Ada Lovelace,,,:/srv/ada:/bin/zsh\n");
  EXPECT_EQ(get("shadow"), without(kShadow, "ada:") + "ada:" + kHash + ":19000:0:99999:7:::\n");
  EXPECT_EQ(get("group"), without(kGroup, "ada:") + "ada:x:1001:\n");
  EXPECT_EQ(get("gshadow"), without(kGshadow, "ada:") + "ada:!::\n");
  EXPECT_EQ(mode_of("shadow"), 0640U);
  EXPECT_FALSE(is_ushers());
  EXPECT_EQ(adopt("ada", {"--undo"}).exit_code, 3) << "nothing is kept any more";
}

// As a local account it would be open, with the password of before.
TEST_F(Adopt, IsNotUndoneWhileTheAccountIsClosed) {
  ASSERT_EQ(adopt("ada").exit_code, 0);
  for (const char* closes : {"suspend", "disable"}) {
    SCOPED_TRACE(closes);
    ASSERT_EQ(usherctl({"user", closes, "ada", "--reason", "left the company"}).exit_code, 0);
    const Ran refused = adopt("ada", {"--undo"});
    EXPECT_EQ(refused.exit_code, 6);
    EXPECT_NE(refused.err.find("it would be open"), std::string::npos) << refused.err;
    EXPECT_FALSE(is_local());
    EXPECT_EQ(get("shadow"), without(kShadow, "ada:"));
    EXPECT_NE(usherctl({"user", "show", "ada"}).out.find("left the company"), std::string::npos);
  }
  ASSERT_EQ(usherctl({"user", "enable", "ada"}).exit_code, 0);
  EXPECT_EQ(adopt("ada", {"--undo"}).exit_code, 0);
  EXPECT_TRUE(is_local());
}

TEST_F(Adopt, MayBeUndoneAndDoneAgain) {
  for (int round = 0; round < 3; ++round) {
    ASSERT_EQ(adopt("ada").exit_code, 0) << round;
    EXPECT_TRUE(is_ushers());
    EXPECT_FALSE(is_local());
    ASSERT_EQ(adopt("ada", {"--undo"}).exit_code, 0) << round;
    EXPECT_TRUE(is_local());
  }
}

TEST_F(Adopt, CutOffAnywhereTheAccountIsSomebodysAndARepeatedRunGoesOn) {
  for (const char* step : {"usherd", "saved", "passwd", "shadow", "group", "gshadow"}) {
    SCOPED_TRACE(step);
    EXPECT_EQ(adopt("ada", {"--stop-after", step}).exit_code, 1);
    EXPECT_TRUE(is_ushers()) << "Usher has it before the files lose it";
    // Local means whole: who is in passwd is in shadow too.
    if (is_local()) {
      EXPECT_EQ(get("shadow"), kShadow);
    }
    const Ran again = adopt("ada");
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_TRUE(is_ushers());
    expect_all_gone();
    ASSERT_EQ(adopt("ada", {"--undo"}).exit_code, 0);
    set_up_files();
  }
}

TEST_F(Adopt, CutOffWhileUndoneTheAccountIsSomebodysAndARepeatedRunGoesOn) {
  for (const char* step : {"gshadow", "group", "shadow", "passwd"}) {
    SCOPED_TRACE(step);
    ASSERT_EQ(adopt("ada").exit_code, 0);
    EXPECT_EQ(adopt("ada", {"--undo", "--stop-after", step}).exit_code, 1);
    EXPECT_TRUE(is_ushers());
    if (is_local()) {
      EXPECT_NE(get("shadow").find("\nada:"), std::string::npos);
    }
    EXPECT_EQ(adopt("ada", {"--undo"}).exit_code, 0);
    EXPECT_TRUE(is_local());
    EXPECT_FALSE(is_ushers());
    set_up_files();
  }
}

TEST_F(Adopt, RefusesWhoMustStayLocal) {
  const auto stays = [&](const std::string& name, const std::string& why, int exit_code = 6) {
    const Ran ran = adopt(name);
    EXPECT_EQ(ran.exit_code, exit_code) << name;
    EXPECT_NE(ran.err.find(why), std::string::npos) << name << ": " << ran.err;
  };
  stays("root", "it is root");
  stays("daemon", "the system's");
  stays("boss", "may administer");
  stays("nobody-here", "no local account", 3);
  stays("../shadow", "user name", 2);
  expect_untouched();

  const auto with = [&](const std::string& file, const std::string& from, const std::string& to,
                        const std::string& why, int exit_code = 6) {
    SCOPED_TRACE(to);
    set_up_files();
    std::string text = get(file);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, from.size(), to);
    put(file, text, file.ends_with("shadow") ? 0640 : 0644);
    stays("ada", why, exit_code);
    EXPECT_EQ(get(file), text) << "nothing may have changed";
  };
  with("passwd", "ada:x:1001:1001", "ada:x:0:1001", "root");
  with("passwd", "ada:x:1001:1001", "ada:x:999:1001", "system's");
  with("passwd", "ada:x:1001:1001", "ada:x:1001:100", "primary group");
  with("passwd", "ada:x:1001:1001", "ada:x:65534:1001", "reserved", 2);
  with("passwd", "ada:x:1001:1001", "ada:x:x:1001", "no number");
  with("passwd", "ada:x:1001:1001", "ada:$1$a$b:1001:1001", "pwconv");
  with("passwd", "adam:x:1002:1002", "adam:x:1001:1002", "the same uid");
  with("passwd", "adam:x:1002:1002", "adam:x:1002:1001", "same primary group");
  with("passwd", "adam:", "ada:", "several lines");
  with("passwd", ":/srv/ada:", ":srv:", "home", 2);
  with("shadow", "ada:$5$", "ada:$9$", "hash", 2);
  with("shadow", "ada:" + std::string(kHash) + ":19000:0:99999:7:::",
       "ada:" + std::string(kHash) + ":19000:0:99999:7::19500:", "expiry");
  with("shadow", ":19000:0:99999:7:::\nadam", ":19000:0:99999:7:30::\nadam", "password's age");
  with("group", "sudo:x:27:boss", "sudo:x:27:boss,ada", "may administer");
  with("group", "sudo:x:27:boss", "sudo:x:27:", "nobody else here");
  with("group", "sudo:x:27:boss", "wheel:x:27:ada", "may administer");
  with("group", "ada:x:1001:", "ada:x:1001:adam", "not its own");
  with("nsswitch.conf", "usher systemd", "systemd", "nsswitch");
  with("pam.d/common-auth", "auth [", "# auth [", "usherctl enable");
}

TEST_F(Adopt, StaysLocalUntilItIsPublished) {
  world_.changes.succeeds = false;
  const Ran ran = adopt("ada");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.err.find("stays local for now"), std::string::npos) << ran.err;
  expect_untouched();
  world_.changes.succeeds = true;
  EXPECT_EQ(adopt("ada").exit_code, 0);
  expect_all_gone();
}

TEST_F(Adopt, ALockedPasswordIsNone) {
  EXPECT_EQ(adopt("adam").exit_code, 0);
  const auto shown = json({"user", "show", "adam"});
  EXPECT_EQ(shown["user"]["state"], "invited");
  EXPECT_EQ(shown["blocked_by"], admin::Json::array({"first_sign_in_due"}));
}

TEST_F(Adopt, APasswordThatIsDueStaysDue) {
  std::string shadow = get("shadow");
  const std::string from = "ada:" + std::string(kHash) + ":19000:";
  shadow.replace(shadow.find(from), from.size(), "ada:" + std::string(kHash) + ":0:");
  put("shadow", shadow, 0640);
  ASSERT_EQ(adopt("ada").exit_code, 0);
  EXPECT_EQ(json({"user", "show", "ada"})["blocked_by"], admin::Json::array({"new_password_due"}));
}

TEST_F(Adopt, WhoeverWasSuspendedMeanwhileStaysSuspended) {
  EXPECT_EQ(adopt("ada", {"--stop-after", "usherd"}).exit_code, 1);
  ASSERT_EQ(usherctl({"user", "suspend", "ada", "--reason", "left"}).exit_code, 0);
  ASSERT_EQ(adopt("ada").exit_code, 0);
  EXPECT_EQ(json({"user", "show", "ada"})["user"]["state"], "suspended");
}

TEST_F(Adopt, AnotherPersonOfThatNameIsNotReplaced) {
  ASSERT_TRUE(world_.store().write([&](store::Database& database) -> Result<void> {
    crypto::SodiumEntropy entropy;
    TRY(store::add_person(database, store::NewPerson{TRY(UserName::parse("ada")), "", Uid{7000}},
                          crypto::random_id(entropy), admin::kStart));
    return {};
  }));
  EXPECT_EQ(adopt("ada").exit_code, 6);
  expect_untouched();
}

TEST_F(Adopt, UndoFindsNoRoomWhereAnotherTookTheNameOrNumber) {
  ASSERT_EQ(adopt("ada").exit_code, 0);
  put("passwd", get("passwd") + "eve:x:1001:1003::/home/eve:/bin/sh\n", 0644);
  const Ran ran = adopt("ada", {"--undo"});
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_NE(ran.err.find("eve"), std::string::npos) << ran.err;
  EXPECT_TRUE(is_ushers());
  EXPECT_EQ(get("shadow"), without(kShadow, "ada:"));
}

TEST_F(Adopt, WhatWasKeptIsNotTrustedOnceOthersMayWriteIt) {
  ASSERT_EQ(adopt("ada").exit_code, 0);
  ASSERT_EQ(::chmod((etc_ + "/usher/adopted/ada").c_str(), 0666), 0);
  EXPECT_EQ(adopt("ada", {"--undo"}).exit_code, 4);
  EXPECT_FALSE(is_local());
}

TEST_F(Adopt, AFileThatIsALinkIsRefused) {
  std::filesystem::rename(etc_ + "/shadow", etc_ + "/elsewhere");
  std::filesystem::create_symlink("elsewhere", etc_ + "/shadow");
  EXPECT_NE(adopt("ada").exit_code, 0);
  EXPECT_EQ(get("passwd"), kPasswd);
}

TEST_F(Adopt, AMachineWithoutGshadowIsNoObstacle) {
  std::filesystem::remove(etc_ + "/gshadow");
  EXPECT_EQ(adopt("ada").exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(etc_ + "/gshadow"));
}

}  // namespace
}  // namespace usher::ctl
