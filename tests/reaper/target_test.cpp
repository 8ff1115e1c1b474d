// Whose sessions may be ended: only people whom Usher published, and no account of this machine.
#include "reaper/target.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/fakes/published.hpp"

namespace usher::reaper {
namespace {

constexpr std::uint32_t kAda = 1'900'000'001;
constexpr const char* kPasswd =
    "root:x:0:0:root:/root:/bin/bash\nlocal:x:1500:1500::/home/local:/bin/sh\n";

// A machine with these accounts of its own, on which Usher published ada, bob, and lin, of a low
// uid.
class Target : public ::testing::Test {
 protected:
  Target() {
    fakes::PublishedDirectory content = fakes::small_directory();
    content.people.push_back(fakes::published_person("lin", 1500));
    if (!fakes::publish(content, place_.file)) std::abort();
    passwd(kPasswd);
  }
  void passwd(const std::string& content) { std::ofstream(files_.passwd) << content; }
  // Why not; empty: they may be ended.
  std::string refused(std::uint32_t uid) {
    const Result<void> checked = check_target(Uid{uid}, files_);
    if (checked) return "";
    EXPECT_EQ(checked.error().code(), Errc::not_permitted);
    return std::string(checked.error().text());
  }

  fakes::PublishedPlace place_;
  Files files_{place_.directory / "passwd", place_.file};
};

TEST_F(Target, IsWhoeverUsherPublishedSuspendedOrNot) {
  EXPECT_EQ(refused(kAda), "");
  EXPECT_EQ(refused(kAda + 1), "");  // bob, suspended
}

TEST_F(Target, IsNobodyOutOfTheRangesWhoeverPublishedThem) {
  for (const std::uint32_t uid :
       {0U, 1U, 999U, 61184U, 65534U, 65535U, 0x8000'0000U, 0xFFFF'FFFFU}) {
    SCOPED_TRACE(uid);
    EXPECT_EQ(refused(uid), "the uid is out of Usher's range");
  }
}

TEST_F(Target, IsNobodyUsherDidNotPublish) {
  EXPECT_EQ(refused(1'900'000'003), "Usher has published nobody of that uid");
  EXPECT_EQ(refused(1000), "Usher has published nobody of that uid");
}

TEST_F(Target, IsNoAccountOfThisMachineByNumber) {
  EXPECT_EQ(refused(1500), "it is an account of this machine");
  passwd("root:x:0:0::/:/bin/sh\n");
  EXPECT_EQ(refused(1500), "");
}

// glibc takes blanks and a sign in front of a number.
TEST_F(Target, IsNoAccountOfThisMachineHoweverItsNumberIsWritten) {
  for (const char* number : {" 1900000001", "+1900000001", "0001900000001"}) {
    SCOPED_TRACE(number);
    passwd(std::string("else:x:") + number + ":1::/:/bin/sh\n");
    EXPECT_EQ(refused(kAda), "it is an account of this machine");
  }
}

TEST_F(Target, IsNoAccountOfThisMachineByName) {
  passwd("ada:x:1234:1234::/:/bin/sh\n");
  EXPECT_EQ(refused(kAda), "it is an account of this machine");
}

TEST_F(Target, IsNobodyWhereTheFilesCannotBeRead) {
  files_.passwd = place_.directory / "nothing";
  EXPECT_EQ(refused(kAda), "the passwd file cannot be read");
  files_.directory = place_.directory / "nothing";
  EXPECT_EQ(refused(kAda), "the published directory cannot be trusted or read");
}

TEST_F(Target, IsNobodyWhereOthersMayWriteWhatIsPublished) {
  ASSERT_EQ(::chmod(place_.file.c_str(), 0666), 0);
  EXPECT_EQ(refused(kAda), "the published directory cannot be trusted or read");
}

}  // namespace
}  // namespace usher::reaper
