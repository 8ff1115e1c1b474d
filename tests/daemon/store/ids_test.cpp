// The ledger of numbers: whatever was a uid or a gid once is never given again.
#include "daemon/store/ids.hpp"

#include "daemon/store/groups.hpp"
#include "daemon/store/migrations.hpp"
#include "tests/daemon/store/fixture.hpp"

namespace usher::store {
namespace {

class Ids : public Tables {
 protected:
  Result<PersonRecord> try_person(std::string_view name, std::optional<Uid> uid,
                                  std::optional<Gid> gid = std::nullopt) {
    return add_person(database_,
                      {.name = name_from(name), .display_name = "", .uid = uid, .gid = gid},
                      uuid_of(++people_), kNow);
  }
  Result<GroupRecord> try_group(std::string_view name, std::optional<Gid> gid) {
    return add_group(database_, name_from(name), gid, uuid_of(++people_), kNow);
  }
};

TEST_F(Ids, APersonsPrivateGroupHasTheUidsNumber) {
  const PersonRecord ada = add("ada");
  EXPECT_EQ(ada.gid, Gid{ada.uid.number});
  EXPECT_EQ(add("bob", Uid{4242}).gid, Gid{4242});
}

TEST_F(Ids, AGroupOfItsOwnNumberIsKept) {
  const auto ada = try_person("ada", Uid{1000}, Gid{1001});
  ASSERT_OK(ada);
  EXPECT_EQ(ada->gid, Gid{1001});
  // One number may be a uid here and another's gid there: local files have such pairs.
  ASSERT_OK(try_person("bob", Uid{1001}, Gid{1002}));
  EXPECT_EQ(code_of(try_person("eve", Uid{1002})), Errc::already_exists) << "1002 is bob's group";
}

TEST_F(Ids, ANumberOfTheDeletedIsNeverGivenAgain) {
  const PersonRecord ada = add("ada", Uid{4242});
  ASSERT_OK(set_person_state(database_, ada.id, PersonState::deleted, ""));
  EXPECT_EQ(code_of(try_person("bob", Uid{4242})), Errc::already_exists);
  EXPECT_EQ(code_of(try_group("staff2", Gid{4242})), Errc::already_exists);

  const auto group = try_group("editors", Gid{5000});
  ASSERT_OK(group);
  ASSERT_OK(delete_group(database_, group->id));
  EXPECT_EQ(code_of(try_group("editors", Gid{5000})), Errc::already_exists);
  EXPECT_EQ(code_of(try_person("eve", Uid{5000})), Errc::already_exists);
  EXPECT_TRUE(try_group("editors", std::nullopt)) << "the name may come back, the number not";
}

TEST_F(Ids, WhatTheHashYieldsIsProbedPastGroupsAndPeople) {
  const std::string uuid = uuid_of(77);
  const Uid first = first_uid_to_try(uuid);
  ASSERT_OK(try_group("blocker", Gid{first.number}));
  const auto ada =
      add_person(database_, {.name = name_from("ada"), .display_name = "", .uid = {}}, uuid, kNow);
  ASSERT_OK(ada);
  EXPECT_EQ(ada->uid, next_uid_to_try(first));
}

TEST_F(Ids, ReservedNumbersAreRefusedForGroupsToo) {
  for (const std::uint32_t number : {0U, 27U, 999U, 61'184U, 65'534U, 65'535U, 2'147'483'648U}) {
    EXPECT_EQ(code_of(try_group("editors", Gid{number})), Errc::invalid_input) << number;
    EXPECT_EQ(code_of(try_person("ada", Uid{1000}, Gid{number})), Errc::invalid_input) << number;
  }
}

TEST_F(Ids, NothingTakesANumberBack) {
  (void)add("ada", Uid{4242});
  EXPECT_EQ(code_of(database_.execute("DELETE FROM ids")), Errc::not_permitted);
  EXPECT_EQ(code_of(database_.execute("UPDATE ids SET number = 4243")), Errc::not_permitted);
  EXPECT_EQ(code_of(database_.execute("REPLACE INTO ids SELECT space, number, "
                                      "'00000000000000000000000000000009' FROM ids")),
            Errc::not_permitted);
  EXPECT_EQ(code_of(database_.execute("UPDATE people SET gid = 4300")), Errc::not_permitted);
}

TEST(Migrations, TheLedgerKnowsEverybodyOfTheFirstSchema) {
  ASSERT_TRUE(crypto::initialise());
  Database database = Database::open(":memory:", Access::read_write).release_value();
  ASSERT_OK(database.execute(migrations()[0].sql));
  ASSERT_OK(database.execute(
      "PRAGMA user_version = 1;"
      "INSERT INTO people (uuid, name, display_name, uid, state, state_reason, epoch, created_at) "
      "VALUES ('00000000000000000000000000000001', 'ada', 'Ada', 4242, 'active', '', 1, 0),"
      "('00000000000000000000000000000002', 'gone', '', 4243, 'deleted', '', 2, 0)"));
  ASSERT_OK(migrate(database));
  const auto ada = find_person(database, "ada").release_value();
  ASSERT_TRUE(ada.has_value());
  EXPECT_EQ(ada->gid, Gid{4242});
  EXPECT_EQ(ada->home, "/home/ada");
  EXPECT_EQ(ada->shell, "/bin/bash");
  for (const std::uint32_t taken : {4242U, 4243U}) {
    EXPECT_EQ(code_of(take_group_id(database, uuid_of(3), Gid{taken})), Errc::already_exists);
  }
}

}  // namespace
}  // namespace usher::store
