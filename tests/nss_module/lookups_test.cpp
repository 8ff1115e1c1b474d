// Answers, codes and errno, as glibc's contract for modules has them.
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <vector>

#include "nss_world.hpp"

namespace usher::nss_module::test {
namespace {

struct Asked {
  nss_status status = NSS_STATUS_RETURN;
  int error = 0;
  passwd person{};
  std::array<char, 1024> buffer{};
};

std::unique_ptr<Asked> ask(const char* name) {
  auto asked = std::make_unique<Asked>();
  asked->status = person_by_name(name, &asked->person, asked->buffer.data(), asked->buffer.size(),
                                 &asked->error);
  return asked;
}

std::vector<gid_t> groups_of(const char* name, gid_t primary, long limit, long room = 1) {
  auto* groups = static_cast<gid_t*>(std::malloc(static_cast<size_t>(room) * sizeof(gid_t)));
  groups[0] = primary;
  long start = 1;
  int error = 0;
  (void)groups_of_person(name, primary, &start, &room, &groups, limit, &error);
  std::vector<gid_t> copied(groups, groups + start);
  std::free(groups);
  return copied;
}

TEST(NssLookup, AnswersInTheCallersBuffer) {
  const NssWorld world;
  const auto ada = ask("ada");
  ASSERT_EQ(ada->status, NSS_STATUS_SUCCESS);
  EXPECT_EQ(ada->person.pw_uid, 1'900'000'001U);
  EXPECT_STREQ(ada->person.pw_name, "ada");
  EXPECT_STREQ(ada->person.pw_passwd, "x");
  EXPECT_STREQ(ada->person.pw_gecos, "Full Name of ada");
  EXPECT_STREQ(ada->person.pw_dir, "/home/ada");
  EXPECT_STREQ(ada->person.pw_shell, "/bin/bash");
  for (const char* text : {ada->person.pw_name, ada->person.pw_passwd, ada->person.pw_gecos,
                           ada->person.pw_dir, ada->person.pw_shell}) {
    EXPECT_GE(text, ada->buffer.data());
    EXPECT_LT(text, ada->buffer.data() + ada->buffer.size());
  }
}

TEST(NssLookup, AnswersAnAliasWithTheCanonicalName) {
  const NssWorld world;
  const auto ada = ask("ADA@engine");
  ASSERT_EQ(ada->status, NSS_STATUS_SUCCESS);
  EXPECT_STREQ(ada->person.pw_name, "ada");
}

TEST(NssLookup, SaysNotFoundOfStrangersAndOfNoName) {
  const NssWorld world;
  for (const char* name : {"carol", "", "carol@engine", static_cast<const char*>(nullptr)}) {
    const auto asked = ask(name);
    EXPECT_EQ(asked->status, NSS_STATUS_NOTFOUND);
    EXPECT_EQ(asked->error, ENOENT);
  }
}

TEST(NssLookup, LeavesErrnoAlone) {
  NssWorld world;
  for (const char* name : {"ada", "carol"}) {
    errno = E2BIG;
    (void)ask(name);
    EXPECT_EQ(errno, E2BIG) << name;
  }
  world.mark_superseded();
  ASSERT_EQ(::unlink(world.file().c_str()), 0);
  // This one fails inside openat(); what that says goes to errnop alone.
  errno = E2BIG;
  EXPECT_EQ(ask("ada")->status, NSS_STATUS_UNAVAIL);
  EXPECT_EQ(errno, E2BIG);
}

TEST(NssLookup, IsUnavailableWithoutAFileAndWithOneItCannotTrust) {
  NssWorld world;
  world.mark_superseded();
  ASSERT_EQ(::unlink(world.file().c_str()), 0);
  auto asked = ask("ada");
  EXPECT_EQ(asked->status, NSS_STATUS_UNAVAIL);
  EXPECT_EQ(asked->error, ENOENT);
  std::ofstream(world.file()) << std::string(5000, 'x');
  asked = ask("ada");
  EXPECT_EQ(asked->status, NSS_STATUS_UNAVAIL);
  EXPECT_EQ(asked->error, EBADMSG);
  world.publish(fakes::small_directory());
  ASSERT_EQ(::truncate(world.file().c_str(), 3000), 0);
  asked = ask("ada");
  EXPECT_EQ(asked->status, NSS_STATUS_UNAVAIL);
  EXPECT_EQ(asked->error, EBADMSG);
}

TEST(NssLookup, ListsAGroupsMembers) {
  const NssWorld world;
  std::array<char, 256> buffer;
  group engine{};
  int error = 0;
  ASSERT_EQ(group_by_gid(5000, &engine, buffer.data(), buffer.size(), &error), NSS_STATUS_SUCCESS);
  EXPECT_STREQ(engine.gr_name, "engine");
  EXPECT_STREQ(engine.gr_passwd, "*");
  EXPECT_EQ(engine.gr_gid, 5000U);
  EXPECT_STREQ(engine.gr_mem[0], "ada");
  EXPECT_STREQ(engine.gr_mem[1], "bob");
  EXPECT_EQ(engine.gr_mem[2], nullptr);
}

TEST(NssLookup, AddsGroupsButThePrimaryOneAndNoneOverTheLimit) {
  const NssWorld world;
  EXPECT_EQ(groups_of("ada", 100, 0), (std::vector<gid_t>{100, 5000, 5001}));
  EXPECT_EQ(groups_of("ada", 5000, 0), (std::vector<gid_t>{5000, 5001}));
  EXPECT_EQ(groups_of("ada", 100, 2), (std::vector<gid_t>{100, 5000}));
  EXPECT_EQ(groups_of("carol", 100, 0), (std::vector<gid_t>{100}));
}

TEST(NssLookup, AddsAThousandGroups) {
  NssWorld world;
  auto content = fakes::small_directory();
  for (std::uint32_t i = 0; i < 1000; ++i) {
    content.groups.push_back({"team" + std::to_string(i), 10'000 + i, {"bob"}});
  }
  world.publish(content);
  EXPECT_EQ(groups_of("bob", 100, 0).size(), 1002U);
  EXPECT_EQ(groups_of("bob", 100, 300).size(), 300U);
}

TEST(NssLookup, ListsPeopleOnlyWhereTheFileSaysSo) {
  NssWorld world;
  std::array<char, 1024> buffer;
  passwd person{};
  group team{};
  int error = 0;
  EXPECT_EQ(start_people(), NSS_STATUS_SUCCESS);
  EXPECT_EQ(next_person(&person, buffer.data(), buffer.size(), &error), NSS_STATUS_NOTFOUND);
  EXPECT_EQ(next_group(&team, buffer.data(), buffer.size(), &error), NSS_STATUS_NOTFOUND);

  auto content = fakes::small_directory();
  content.enumerable = true;
  world.publish(content);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(start_people(), NSS_STATUS_SUCCESS);
    EXPECT_EQ(start_groups(), NSS_STATUS_SUCCESS);
    EXPECT_EQ(next_person(&person, buffer.data(), 8, &error), NSS_STATUS_TRYAGAIN);
    EXPECT_EQ(error, ERANGE);
    for (const char* name : {"ada", "bob"}) {
      ASSERT_EQ(next_person(&person, buffer.data(), buffer.size(), &error), NSS_STATUS_SUCCESS);
      EXPECT_STREQ(person.pw_name, name);
    }
    EXPECT_EQ(next_person(&person, buffer.data(), buffer.size(), &error), NSS_STATUS_NOTFOUND);
    for (const char* name : {"ada", "engine", "looms"}) {
      ASSERT_EQ(next_group(&team, buffer.data(), buffer.size(), &error), NSS_STATUS_SUCCESS);
      EXPECT_STREQ(team.gr_name, name);
    }
    EXPECT_EQ(next_group(&team, buffer.data(), buffer.size(), &error), NSS_STATUS_NOTFOUND);
  }
}

}  // namespace
}  // namespace usher::nss_module::test
