// usherctl changes people and groups, and the published file has it when usherctl ends; an adopted
// account signs in with the password it had.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "published/directory.hpp"
#include "tests/system/host.hpp"

namespace usher::test {
namespace {

using published::Found;

constexpr const char* kOneFactor = "[mfa]\nrequired = false\n";
// "Hello world!", as "openssl passwd -5" writes it.
constexpr const char* kShadowHash = "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5";

std::string published_file(const Host& host) {
  return host.path("state/public/directory.cdb");
}

// What any program of the machine reads now.
published::Directory look(const Host& host) {
  auto opened = published::Directory::open(published_file(host).c_str());
  EXPECT_TRUE(opened.has_value()) << (opened ? "" : opened.error().text());
  return opened ? opened.release_value() : published::Directory();
}

void done(const Host& host, const std::vector<std::string>& command) {
  const Output output = host.usherctl(command);
  EXPECT_EQ(output.status, 0) << output.text;
}

TEST(Accounts, AreLookedUpAsSoonAsUsherctlEnds) {
  Host host;
  ASSERT_TRUE(host.start());
  done(host, {"user", "add", "ada", "--uid", "70001", "--display-name", "Ada Lovelace", "--shell",
              "/bin/zsh", "--alias", "Ada@Example.org"});
  {
    const auto directory = look(host);
    published::PersonView ada;
    ASSERT_EQ(directory.view().find_person("ada", ada), Found::yes);
    EXPECT_EQ(ada.uid, 70001U);
    EXPECT_EQ(ada.gid, 70001U);
    EXPECT_EQ(ada.gecos, "Ada Lovelace");
    EXPECT_EQ(ada.home, "/home/ada");
    EXPECT_EQ(ada.shell, "/bin/zsh");
    EXPECT_FALSE(ada.suspended);
    published::GroupView own;
    ASSERT_EQ(directory.view().find_group(70001U, own), Found::yes);
    EXPECT_EQ(own.name, "ada");
    published::AliasView alias;
    ASSERT_EQ(directory.view().find_alias("ADA@example.org", alias), Found::yes);
    EXPECT_EQ(alias.name, "ada");
    EXPECT_FALSE(directory.view().enumerable());
  }
  done(host, {"group", "add", "editors", "--gid", "70500"});
  done(host, {"group", "member", "add", "editors", "ada"});
  {
    const auto directory = look(host);
    published::Memberships gids;
    ASSERT_EQ(directory.view().find_memberships("ada", gids), Found::yes);
    ASSERT_EQ(gids.size(), 1U);
    EXPECT_EQ(gids[0], 70500U);
  }
  done(host, {"user", "suspend", "ada", "--reason", "on leave"});
  {
    const auto directory = look(host);
    published::PersonView ada;
    ASSERT_EQ(directory.view().find_person("ada", ada), Found::yes);
    EXPECT_TRUE(ada.suspended);
  }
  done(host, {"user", "delete", "ada", "--yes"});
  {
    const auto directory = look(host);
    published::PersonView ada;
    EXPECT_EQ(directory.view().find_person("ada", ada), Found::no);
    published::GroupView own;
    EXPECT_EQ(directory.view().find_group("ada", own), Found::no);
  }
  host.stop();
}

TEST(Accounts, ArePublishedAtTheStartAndOpenToAll) {
  Host host("[directory]\nenumerate = true\n");
  ASSERT_TRUE(host.start());
  done(host, {"user", "add", "ada"});
  host.stop();
  std::filesystem::remove_all(host.path("state/public"));
  ASSERT_TRUE(host.start());
  // The first publication is on its way; a change waits for one that holds it too.
  done(host, {"user", "set", "ada", "--shell", "/bin/sh"});
  struct stat status {};
  ASSERT_EQ(::stat(host.path("state/public").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0755U);
  ASSERT_EQ(::stat(published_file(host).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0644U);
  const auto directory = look(host);
  EXPECT_TRUE(directory.view().enumerable());
  published::PersonView ada;
  EXPECT_EQ(directory.view().find_person("ada", ada), Found::yes);
  host.stop();
}

TEST(Accounts, AFailureToPublishIsLoggedOnceAndStopsNoSignIn) {
  Host host(kOneFactor);
  std::ofstream(host.path("state/public")) << "in the way";
  ASSERT_TRUE(host.start());
  const Output added = host.usherctl({"user", "add", "ada"});
  EXPECT_EQ(added.status, 0) << added.text;
  EXPECT_NE(added.text.find("see it in a few seconds"), std::string::npos) << added.text;
  const std::size_t code = added.text.find("One-time code:  ") + 16;
  const Talk first = talk(host.login_socket(), protocol::Operation::authenticate,
                          {added.text.substr(code, 14), kPassword, kPassword});
  EXPECT_TRUE(first.accepted()) << first.told << first.last_question;
  const std::string log = host.log();
  const std::size_t said = log.find("names are not published");
  ASSERT_NE(said, std::string::npos) << log;
  EXPECT_EQ(log.find("names are not published", said + 1), std::string::npos) << log;
  std::filesystem::remove(host.path("state/public"));
  done(host, {"user", "set", "ada", "--shell", "/bin/sh"});
  // The call may be answered before the line is written; ended, usherd has written all of them.
  host.stop();
  EXPECT_NE(host.log().find("names are published again"), std::string::npos);
}

// One text refuses the reload and stays without effect; the mended one counts for the next sign-in.
TEST(Accounts, AReloadedPolicyHoldsForTheNextSignInAndAMistakeChangesNothing) {
  Host host(kOneFactor);
  ASSERT_TRUE(host.start());
  const Output added = host.usherctl({"user", "add", "ada"});
  const std::string code = added.text.substr(added.text.find("One-time code:  ") + 16, 14);
  const std::string kept = slurp(host.path("usher.toml"));
  const auto write = [&](const std::string& more) {
    std::ofstream(host.path("usher.toml")) << kept << "[password]\n" << more;
  };
  write("needs_digitt = true\n");
  const Output mistaken = host.usherctl({"config", "reload"});
  EXPECT_EQ(mistaken.status, 2) << mistaken.text;
  EXPECT_NE(mistaken.text.find("did you mean 'password.needs_digit'"), std::string::npos)
      << mistaken.text;
  write("needs_digit = true\nhash_passes = 3\n");
  const Output reloaded = host.usherctl({"config", "reload"});
  EXPECT_EQ(reloaded.status, 0) << reloaded.text;
  EXPECT_NE(reloaded.text.find("password.needs_digit"), std::string::npos) << reloaded.text;
  EXPECT_NE(reloaded.text.find("after a restart"), std::string::npos) << reloaded.text;
  const Talk refused =
      talk(host.login_socket(), protocol::Operation::authenticate, {code, kPassword, kPassword});
  EXPECT_FALSE(refused.accepted()) << "a password without a digit";
  const std::string digits = std::string(kPassword) + " 7";
  EXPECT_TRUE(talk(host.login_socket(), protocol::Operation::authenticate, {code, digits, digits})
                  .accepted());
  host.stop();
}

TEST(Accounts, AnAdoptedOneSignsInAsBeforeAndIsHashedAnew) {
  Host host(kOneFactor);
  ASSERT_TRUE(host.start());
  const std::string etc = host.path("etc");
  std::filesystem::create_directory(etc);
  const auto put = [&](const std::string& name, const std::string& text) {
    std::ofstream(etc + "/" + name) << text;
  };
  put("passwd", "root:x:0:0:root:/root:/bin/bash\nada:x:70001:70001::/home/ada:/bin/sh\n");
  put("shadow", "root:" + std::string(kShadowHash) + ":::::::\nada:" + std::string(kShadowHash) +
                    ":19000:0:99999:7:::\n");
  put("group", "root:x:0:\nada:x:70001:\n");
  put("nsswitch.conf", "passwd: files usher\n");
  std::filesystem::create_directory(etc + "/pam.d");
  put("pam.d/common-auth", "auth required pam_usher.so\n");
  done(host, {"user", "adopt", "ada", "--etc", etc});
  {
    const auto directory = look(host);
    published::PersonView ada;
    ASSERT_EQ(directory.view().find_person("ada", ada), Found::yes);
    EXPECT_EQ(ada.uid, 70001U);
  }
  EXPECT_EQ(slurp(etc + "/passwd"), "root:x:0:0:root:/root:/bin/bash\n");

  const auto sign_in_with = [&](const std::string& password) {
    return talk(host.login_socket(), protocol::Operation::authenticate, {password}).accepted();
  };
  const std::string hash_of_ada = "SELECT substr(phc, 1, 10) FROM passwords";
  EXPECT_FALSE(sign_in_with("Hello world"));
  EXPECT_EQ(host.look_into_store(hash_of_ada).substr(0, 3), "$5$") << "a wrong one changes nothing";
  EXPECT_TRUE(sign_in_with("Hello world!"));
  EXPECT_EQ(host.look_into_store(hash_of_ada).substr(0, 10), "$argon2id$");
  EXPECT_TRUE(sign_in_with("Hello world!"));
  EXPECT_FALSE(sign_in_with("Hello world"));

  done(host, {"user", "adopt", "ada", "--undo", "--etc", etc});
  EXPECT_FALSE(sign_in_with("Hello world!")) << "the account is local again";
  EXPECT_NE(slurp(etc + "/shadow").find(kShadowHash), std::string::npos);
  host.stop();
}

}  // namespace
}  // namespace usher::test
