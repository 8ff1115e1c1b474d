// The machine's own files as glibc reads them: nobody it serves is missed here.
#include "daemon/directory/local_files.hpp"

#include <grp.h>
#include <gtest/gtest.h>
#include <pwd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include "tests/fakes/temporary_directory.hpp"

namespace usher::directory {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

constexpr const char* kPasswd =
    "root:x:0:0:root:/root:/bin/bash\n"
    "  eve:x: 1001: 27::/home/eve:/bin/sh\n"
    "\tmia:x:\t1002:100::/home/mia:/bin/sh\n";
constexpr const char* kGroup =
    "root:x:0:\n"
    " sudo:x: 27:root, mia,\teve\n"
    "users:x:100:ada ,bob\n";

class LocalFilesAndGlibc : public ::testing::Test {
 protected:
  LocalFilesAndGlibc() {
    std::ofstream(directory_ / "passwd") << kPasswd;
    std::ofstream(directory_ / "group") << kGroup;
  }
  File open(const char* name) {
    return {std::fopen((directory_ / name).c_str(), "re"), std::fclose};
  }
  const fakes::TemporaryDirectory directory_;
};

TEST_F(LocalFilesAndGlibc, AgreeOnAccounts) {
  const LocalFiles files = LocalFiles::read(directory_ / "").release_value();
  const File file = open("passwd");
  int seen = 0;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
  while (const passwd* entry = ::fgetpwent(file.get())) {
    ++seen;
    EXPECT_TRUE(files.has_account(entry->pw_name)) << entry->pw_name;
    EXPECT_TRUE(files.has(Uid{entry->pw_uid})) << entry->pw_name;
    EXPECT_EQ(files.account_with(Uid{entry->pw_uid}), entry->pw_name);
  }
  EXPECT_EQ(seen, 3);
}

TEST_F(LocalFilesAndGlibc, AgreeOnGroupsAndTheirMembers) {
  const LocalFiles files = LocalFiles::read(directory_ / "").release_value();
  const File file = open("group");
  int seen = 0;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
  while (const group* entry = ::fgetgrent(file.get())) {
    EXPECT_TRUE(files.has_group(entry->gr_name)) << entry->gr_name;
    EXPECT_TRUE(files.has(Gid{entry->gr_gid})) << entry->gr_name;
    for (char** member = entry->gr_mem; *member != nullptr; ++member) {
      ++seen;
      EXPECT_EQ(files.groups_listing(*member), std::vector<std::string>{entry->gr_name}) << *member;
    }
  }
  EXPECT_EQ(seen, 5);
  EXPECT_EQ(files.groups_of_account("eve"), (std::vector<std::string>{"sudo", "sudo"}));
  EXPECT_TRUE(files.groups_listing("ada").empty()) << "glibc's member is 'ada ', with the blank";
}

}  // namespace
}  // namespace usher::directory
