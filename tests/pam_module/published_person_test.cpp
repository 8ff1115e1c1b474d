// What the module may answer from the published directory: account for root's own programs while
// usherd is away, and whom an alias means. Everything else stays refused.
#include "pam_module/published_person.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "application.hpp"
#include "base/unique_fd.hpp"
#include "published/local_account.hpp"
#include "tests/fakes/published.hpp"

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

constexpr Uid kBob{1001};
constexpr Step kAsk{StepKind::ask_hidden, Slot::password, "Password: "};

TEST(WithoutUsherd, OnlyRootsOwnProgramsGoOn) {
  struct Row {
    const char* service;
    Uid real, effective;
    const char* ruser;
    bool may;
  };
  const Row rows[] = {
      {"cron", kRootUid, kRootUid, "", true},
      {"crond", kRootUid, kRootUid, "", true},
      {"atd", kBob, kRootUid, "", true},
      {"systemd-user", kRootUid, kRootUid, "", true},
      {"su", kRootUid, kRootUid, "root", true},
      {"su-l", kRootUid, kRootUid, "root", true},
      {"su", kBob, kRootUid, "bob", false},
      {"su", kBob, kRootUid, "root", false},
      {"su", kRootUid, kRootUid, "bob", false},
      {"su", kRootUid, kRootUid, "", false},
      {"cron", kBob, kBob, "", false},
      {"cron", kRootUid, kBob, "", false},
      {"sshd", kRootUid, kRootUid, "root", false},
      {"login", kRootUid, kRootUid, "root", false},
      {"sudo", kRootUid, kRootUid, "root", false},
      {"passwd", kRootUid, kRootUid, "root", false},
      {"crontab", kRootUid, kRootUid, "root", false},
      {"", kRootUid, kRootUid, "root", false},
  };
  for (const Row& row : rows) {
    Begin begin;
    begin.service = row.service;
    begin.caller_uid = row.real.number;
    begin.ruser = row.ruser;
    EXPECT_EQ(may_go_on_without_usherd(begin, row.effective), row.may)
        << row.service << " by " << row.real.number << " for " << row.ruser;
  }
}

TEST(WithoutUsherd, OnlyNobodyThereCounts) {
  for (const Errc code : {Errc::not_found, Errc::unavailable, Errc::timed_out}) {
    EXPECT_TRUE(says_nobody_there(Error(code, "")));
  }
  for (const Errc code : {Errc::not_permitted, Errc::invalid_input, Errc::unsupported,
                          Errc::hung_up, Errc::exhausted, Errc::damaged}) {
    EXPECT_FALSE(says_nobody_there(Error(code, "")));
  }
}

// The module called as cron calls it, with a directory and a socket nobody serves.
class Cron {
 public:
  explicit Cron(const char* user, const char* service = "cron") : application_("", user) {
    EXPECT_TRUE(fakes::publish(fakes::small_directory(), place_.file).has_value());
    options_ = {"socket=" + socket(), "server_uid=" + std::to_string(::getuid()),
                "directory=" + place_.file};
    application_.set_item(PAM_SERVICE, service);
  }
  int call(const char* function) {
    return call_module(function, application_.handle(), 0, options_);
  }
  int check_account() { return call("pam_sm_acct_mgmt"); }
  std::string socket() const { return place_.directory / "login.sock"; }
  const std::string& file() const { return place_.file; }

 private:
  fakes::PublishedPlace place_;
  Application application_;
  std::vector<std::string> options_;
};

class WithoutUsherdAsRoot : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::geteuid(), 0U) << "root's own programs are played by root"; }
};

TEST_F(WithoutUsherdAsRoot, AccountAnswersFromTheSuspendedFlag) {
  EXPECT_EQ(Cron("ada").check_account(), PAM_SUCCESS);
  EXPECT_EQ(Cron("bob").check_account(), PAM_PERM_DENIED);
  EXPECT_EQ(Cron("carol").check_account(), PAM_USER_UNKNOWN);
}

TEST_F(WithoutUsherdAsRoot, AccountStaysRefusedAtEveryOtherDoor) {
  for (const char* service : {"sshd", "login", "sudo", "su", "other"}) {
    EXPECT_EQ(Cron("ada", service).check_account(), PAM_AUTHINFO_UNAVAIL) << service;
  }
}

TEST_F(WithoutUsherdAsRoot, NothingButAccountIsAnswered) {
  EXPECT_EQ(Cron("ada").call("pam_sm_authenticate"), PAM_AUTHINFO_UNAVAIL);
  EXPECT_NE(Cron("ada").call("pam_sm_chauthtok"), PAM_SUCCESS);
}

TEST_F(WithoutUsherdAsRoot, AFileThatCannotBeTrustedRefuses) {
  Cron cron("ada");
  ASSERT_EQ(::truncate(cron.file().c_str(), 3000), 0);
  EXPECT_EQ(cron.check_account(), PAM_AUTHINFO_UNAVAIL);
  ASSERT_EQ(::unlink(cron.file().c_str()), 0);
  EXPECT_EQ(cron.check_account(), PAM_AUTHINFO_UNAVAIL);
}

std::string write_passwd(const fakes::PublishedPlace& place, const char* text) {
  std::string path = place.directory / "passwd";
  FILE* file = std::fopen(path.c_str(), "we");
  EXPECT_NE(file, nullptr);
  (void)std::fputs(text, file);
  (void)std::fclose(file);
  return path;
}

// An usherd that fell into wrong hands may publish a local account's uid under a name of its own.
TEST(WithoutUsherd, NobodyGoesOnWithTheUidOfALocalAccount) {
  const fakes::PublishedPlace place;
  ASSERT_TRUE(fakes::publish(fakes::small_directory(), place.file).has_value());
  const auto ask = [&](const char* passwd) {
    return published_account(place.file.c_str(), write_passwd(place, passwd).c_str(), "ada");
  };
  const char* root = "root:x:0:0::/root:/bin/sh\n";
  for (const char* taken :
       {"eve:x:1900000001:100::/home/eve:/bin/sh\n", "eve:x:1900000001:100::/home/eve:/bin/sh",
        "eve:x: 01900000001:1::/:/\n", "eve:x:1900000001",
        "#\n\neve::+1900000001:1::/:/\nlast:x:7:7::/:/\n"}) {
    const auto answer = ask((std::string(root) + taken).c_str());
    ASSERT_FALSE(answer.has_value()) << taken;
    EXPECT_EQ(answer.error().code(), Errc::conflict) << taken;
  }
  for (const char* free :
       {"eve:x:190000000:1900000001::/home/1900000001:/bin/sh\n", "eve:1900000001:7:7::/:/\n",
        "eve:x:19000000010:7::/:/\n", "eve\n", "eve:x:1900000001x9:7::/:/\n"}) {
    const auto answer = ask((std::string(root) + free).c_str());
    ASSERT_TRUE(answer.has_value()) << free;
    EXPECT_EQ(*answer, Outcome::accept) << free;
  }
  EXPECT_FALSE(published_account(place.file.c_str(), "/nowhere/passwd", "ada").has_value());
}

// Bound and not listening: connect() is refused. Listening and silent: the hello deadline passes.
TEST_F(WithoutUsherdAsRoot, ADaemonThatRefusesOrHangsIsAway) {
  for (const bool listening : {false, true}) {
    Cron cron("ada");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    ASSERT_LT(cron.socket().size(), sizeof address.sun_path);
    std::memcpy(address.sun_path, cron.socket().data(), cron.socket().size());
    const UniqueFd socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_TRUE(!listening || ::listen(socket.get(), 1) == 0);
    EXPECT_EQ(cron.check_account(), PAM_SUCCESS) << listening;
  }
}

TEST_F(WithoutUsherdAsRoot, ASocketOfSomebodyElseIsNotAnAbsentDaemon) {
  Cron cron("ada");
  ASSERT_EQ(::symlink("/dev/null", cron.socket().c_str()), 0);
  EXPECT_EQ(cron.check_account(), PAM_AUTHINFO_UNAVAIL);
}

// A daemon, a published directory and a person who typed an alias.
struct AliasDoor {
  explicit AliasDoor(const char* user,
                     const fakes::PublishedDirectory& content = fakes::small_directory())
      : published(publish_or_fail(content, place.file)), door("directory=" + place.file, user) {}

  static bool publish_or_fail(const fakes::PublishedDirectory& content, const std::string& path) {
    const bool done = fakes::publish(content, path).has_value();
    EXPECT_TRUE(done);
    return done;
  }
  std::string user() {
    const void* item = nullptr;
    EXPECT_EQ(pam_get_item(door.application.handle(), PAM_USER, &item), PAM_SUCCESS);
    return static_cast<const char*>(item);
  }
  void begins_as(const char* name) {
    door.daemon.greet().expect_begin([name](const Begin& begin) { EXPECT_EQ(begin.user, name); });
  }

  fakes::PublishedPlace place;
  bool published;
  Door door;
};

TEST(AliasSignIn, P6_BeginsWithTheCanonicalNameAndEndsWithIt) {
  AliasDoor alias("Ada@Engine");
  alias.begins_as("ada");
  alias.door.daemon.step(kAsk)
      .expect_answer(AnswerKind::given, "correct horse")
      .decide({Outcome::accept, Slot::none, 0, Slot::none, "ada", ""});
  alias.door.application.types("correct horse");
  EXPECT_EQ(alias.door.authenticate(), PAM_SUCCESS);
  EXPECT_EQ(alias.user(), "ada");
}

TEST(AliasSignIn, ThatIsRefusedLeavesTheName) {
  AliasDoor alias("ada@engine");
  alias.begins_as("ada");
  alias.door.daemon.decide({Outcome::refuse, Slot::none, 0, Slot::none, "ada", ""});
  EXPECT_EQ(alias.door.authenticate(), PAM_AUTH_ERR);
  EXPECT_EQ(alias.user(), "ada@engine");
}

TEST(AliasSignIn, ThatUsherdAnswersForAnotherNameIsRefused) {
  for (const char* other : {"bob", "ada@engine"}) {
    AliasDoor alias("ada@engine");
    alias.begins_as("ada");
    alias.door.daemon.decide({Outcome::accept, Slot::none, 0, Slot::none, other, ""});
    EXPECT_EQ(alias.door.authenticate(), PAM_AUTHINFO_UNAVAIL) << other;
    EXPECT_EQ(alias.user(), "ada@engine");
  }
}

TEST(AliasSignIn, OfNobodyAsksUsherdAsOfAnyStranger) {
  AliasDoor alias("carol@engine");
  alias.begins_as("carol@engine");
  alias.door.daemon.decide({Outcome::refuse, Slot::none, 0, Slot::none, "carol@engine", ""});
  EXPECT_EQ(alias.door.authenticate(), PAM_AUTH_ERR);
}

// A public key by an alias: only account is asked, and it asks about the person.
TEST(AliasSignIn, ByAKeyIsDecidedAboutThePersonAndKeepsTheName) {
  for (const auto& [outcome, code] :
       {std::pair(Outcome::refuse, PAM_PERM_DENIED), std::pair(Outcome::accept, PAM_SUCCESS)}) {
    AliasDoor alias("ada@engine");
    alias.begins_as("ada");
    alias.door.daemon.decide({outcome, Slot::none, 0, Slot::none, "ada", ""});
    EXPECT_EQ(alias.door.check_account(), code);
    EXPECT_EQ(alias.user(), "ada@engine");
  }
}

TEST(AliasSignIn, ForALocalAccountIsNotFollowed) {
  const fakes::PublishedPlace place;
  ASSERT_TRUE(fakes::publish(fakes::small_directory(), place.file).has_value());
  const std::string passwd =
      write_passwd(place, "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n");
  const auto refused = canonical_name(place.file.c_str(), passwd.c_str(), "ada@engine");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), Errc::conflict);
  const auto followed = canonical_name(place.file.c_str(), published::kPasswdFile, "ada@engine");
  ASSERT_TRUE(followed.has_value()) << followed.error().text();
  EXPECT_EQ((*followed).view(), "ada");
}

}  // namespace
}  // namespace usher::pam_module::test
