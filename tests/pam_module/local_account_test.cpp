// Names the module leaves alone: local ones, before any socket is opened, and no names at all.
#include "published/local_account.hpp"

#include <gtest/gtest.h>
#include <security/pam_modules.h>
#include <sys/resource.h>

#include <fstream>
#include <string>

#include "application.hpp"

namespace usher::pam_module::test {
namespace {

// The answer for a passwd file with this content.
bool is_local(const std::string& content, std::string_view name) {
  const PrivateDirectory directory;
  const std::string file = directory / "passwd";
  std::ofstream(file) << content;
  const auto local = published::is_local_account(file.c_str(), name);
  EXPECT_TRUE(local.has_value());
  return local.has_value() && *local;
}

constexpr const char* kFile =
    "root:x:0:0:root:/root:/bin/bash\n"
    "ada:x:1000:1000:Ada:/home/ada:/bin/sh\n"
    "bob:x:1001:1001::/home/bob:/bin/sh";

TEST(LocalAccount, IsFoundOnTheFirstAMiddleAndTheLastLine) {
  EXPECT_TRUE(is_local(kFile, "root"));
  EXPECT_TRUE(is_local(kFile, "ada"));
  EXPECT_TRUE(is_local(kFile, "bob"));
}

TEST(LocalAccount, IsNotAPartOfANameNorAnotherField) {
  for (const char* name : {"ad", "adaa", "da", "x", "Ada", "1000", "/home/ada", "ada:x", "roo",
                           "ROOT", "root\n", ""}) {
    SCOPED_TRACE(name);
    EXPECT_FALSE(is_local(kFile, name));
  }
}

TEST(LocalAccount, IsNotALineWithoutAColon) {
  EXPECT_FALSE(is_local("ada\nbob:x\n", "ada"));
}

TEST(LocalAccount, IsFoundBehindBlanksAsGlibcFindsIt) {
  EXPECT_TRUE(is_local(" \tada:x:1000:1000::/:/bin/sh\n", "ada"));
  EXPECT_FALSE(is_local("#ada:x:1000:1000::/:/bin/sh\n", "ada"));
}

TEST(LocalAccount, IsFoundWhereverABufferEnds) {
  for (std::size_t shift = 0; shift < 12; ++shift) {
    SCOPED_TRACE(shift);
    const std::string content =
        "x:" + std::string(2040 + shift, 'y') + "\nada:x:1000:1000::/:/bin/sh\n";
    EXPECT_TRUE(is_local(content, "ada"));
    EXPECT_FALSE(is_local(content, "adb"));
  }
}

TEST(LocalAccount, IsFoundBehindALineOfAMegabyte) {
  EXPECT_TRUE(is_local(std::string(1 << 20, 'y') + "\nada:x\n", "ada"));
}

TEST(LocalAccount, IsUnknowableWithoutTheFile) {
  EXPECT_FALSE(published::is_local_account("/nonexistent/passwd", "ada").has_value());
  EXPECT_FALSE(published::is_local_account("/", "ada").has_value());
}

TEST(LocalAccount, IsAnsweredWithoutAConnection) {
  Door door("", "root");
  EXPECT_EQ(door.authenticate(), PAM_USER_UNKNOWN);
  EXPECT_EQ(door.application.check_account(), PAM_USER_UNKNOWN);
  EXPECT_EQ(door.application.change_password(), PAM_USER_UNKNOWN);
}

// Without a descriptor to spare nobody can tell whether the name is local. Directly: libpam has an
// error of its own, when it cannot open the audit log.
TEST(LocalAccount, IsDeniedWhenThePasswdFileCannotBeRead) {
  Door door;
  const auto call = [&](const char* function, int flags) {
    return call_module(function, door.application.handle(), flags, door.module_options());
  };
  EXPECT_EQ(call("pam_sm_setcred", 0), PAM_SUCCESS);  // the module is loaded while that is possible
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  EXPECT_EQ(call("pam_sm_authenticate", 0), PAM_AUTHINFO_UNAVAIL);
  EXPECT_EQ(call("pam_sm_acct_mgmt", 0), PAM_AUTHINFO_UNAVAIL);
  EXPECT_EQ(call("pam_sm_chauthtok", PAM_PRELIM_CHECK), PAM_TRY_AGAIN);
  EXPECT_EQ(call("pam_sm_chauthtok", PAM_UPDATE_AUTHTOK), PAM_AUTHTOK_ERR);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(UserName, ThatIsEmptyOrOverLongIsUnknown) {
  for (const std::string& name : {std::string(), std::string(257, 'a')}) {
    SCOPED_TRACE(name.size());
    Door door("", name.c_str());
    EXPECT_EQ(door.application.authenticate(), PAM_USER_UNKNOWN);
    EXPECT_EQ(door.application.check_account(), PAM_USER_UNKNOWN);
    EXPECT_EQ(door.application.change_password(), PAM_USER_UNKNOWN);
  }
}

TEST(UserName, OfTheGreatestLengthIsAsked) {
  const std::string name(256, 'a');
  Door door("debug", name.c_str());
  door.daemon.meet(protocol::Operation::account)
      .decide({protocol::Outcome::refuse, {}, 0, {}, name, ""});
  EXPECT_EQ(door.check_account(), PAM_PERM_DENIED);
}

TEST(UserName, NobodyTypesIsAnErrorOfTheConversation) {
  Door door("", nullptr);
  door.application.fails(PAM_CONV_ERR);
  EXPECT_EQ(door.authenticate(), PAM_CONV_ERR);
}

TEST(UserName, PromptIsNoWayToAnIgnoredModule) {
  Door door("", nullptr);
  door.application.fails(PAM_IGNORE);
  EXPECT_EQ(door.authenticate(), PAM_CONV_ERR);
}

TEST(CallerFact, ThatIsOverLongRefusesWithoutAConnection) {
  for (const int item : {PAM_SERVICE, PAM_TTY, PAM_RHOST, PAM_RUSER}) {
    SCOPED_TRACE(item);
    Door door;
    door.application.set_item(item, std::string(257, 'h'));
    // Directly: libpam itself looks for the file of an over-long service.
    EXPECT_EQ(
        call_module("pam_sm_authenticate", door.application.handle(), 0, door.module_options()),
        PAM_SYSTEM_ERR);
  }
}

}  // namespace
}  // namespace usher::pam_module::test
