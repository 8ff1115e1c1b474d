// Who can become root without Usher, and who else names people, from the local files.
#include "ctl/local_people.hpp"

#include "tests/ctl/host_tree.hpp"

namespace usher::ctl {
namespace {

using Names = std::vector<std::string>;

TEST(LocalPeople, OnlyThoseWithAPasswordAndAWayToRootCount) {
  const HostTree tree;
  tree.write("/etc/passwd",
             "root:x:0:0::/root:/bin/bash\n"
             "toor:x:0:0::/root:/bin/sh\n"
             "grace:x:1000:1000::/home/grace:/bin/bash\n"
             "primary:x:1001:27::/home/primary:/bin/zsh\n"
             "locked:x:1002:1002::/:/bin/bash\n"
             "noshell:x:1003:1003::/:/usr/sbin/nologin\n"
             "plain:x:1004:1004::/:/bin/bash\n"
             "broken\n");
  tree.write("/etc/shadow",
             "root:!:1:\ntoor:$6$a$b:1:\ngrace:$y$a$b:1:\nprimary:$y$a$b:1:\n"
             "locked:!$y$a$b:1:\nnoshell:$y$a$b:1:\nplain:$y$a$b:1:\nghost:$y$a$b:1:\n");
  tree.write("/etc/group", "sudo:x:27:grace,locked,noshell,ghost\nplain:x:1004:\n");
  const auto names = local_administrators(tree.host());
  ASSERT_TRUE(names);
  EXPECT_EQ(*names, (Names{"toor", "grace", "primary"}));
}

TEST(LocalPeople, ALockedEmptyOrUnknownPasswordIsNone) {
  const HostTree tree;
  for (const char* hash : {"", "*", "!", "!!", "x", "!$y$a$b", "*LK*"}) {
    tree.write("/etc/shadow", std::string("grace:") + hash + ":1:\n");
    const auto names = local_administrators(tree.host());
    ASSERT_TRUE(names);
    EXPECT_EQ(*names, Names{}) << hash;
  }
}

TEST(LocalPeople, AMissingFileIsNotTakenForNobody) {
  const HostTree tree;
  std::filesystem::remove(tree / "/etc/shadow");
  EXPECT_FALSE(local_administrators(tree.host()));
}

TEST(LocalPeople, SourcesAreReadAsGlibcReadsThem) {
  const HostTree tree;
  const std::pair<const char*, Names> cases[] = {
      {"passwd: files usher systemd\n", {"files", "usher", "systemd"}},
      {"# passwd: sss\npasswd:\tfiles [NOTFOUND=return] sss # ldap\n", {"files", "sss"}},
      {" passwd : compat [SUCCESS = merge] ldap\ngroup: nis\n", {"compat", "ldap"}},
      {"group: files\n", {}},
  };
  for (const auto& [text, sources] : cases) {
    tree.write("/etc/nsswitch.conf", text);
    const auto found = passwd_sources(tree.host());
    ASSERT_TRUE(found);
    EXPECT_EQ(*found, sources) << text;
  }
}

TEST(LocalPeople, SystemdBringsPeopleOnlyWhereHomedRuns) {
  const HostTree tree;
  const Names sources{"files", "compat", "usher", "systemd", "winbind"};
  EXPECT_EQ(foreign_sources(tree.host(), sources), Names{"winbind"});
  std::filesystem::create_directories(tree / "/run/systemd/userdb");
  tree.write("/run/systemd/userdb/io.systemd.Home", "");
  EXPECT_EQ(foreign_sources(tree.host(), sources), (Names{"systemd", "winbind"}));
}

}  // namespace
}  // namespace usher::ctl
