// What usherd answers in pages, usherctl shows whole.
#include "daemon/store/groups.hpp"
#include "tests/ctl/ctl_world.hpp"

namespace usher::ctl {
namespace {

// person10000, person10001 and so on.
std::vector<store::PersonId> add_people(store::Store& store, int count) {
  crypto::SodiumEntropy entropy;
  std::vector<store::PersonId> added;
  EXPECT_TRUE(store.write([&](store::Database& database) -> Result<void> {
    for (int i = 0; i < count; ++i) {
      const UserName name = TRY(UserName::parse("person" + std::to_string(10'000 + i)));
      const store::NewPerson person{name, "", {}};
      const std::string id = crypto::random_id(entropy);
      added.push_back(TRY(store::add_person(database, person, id, admin::kStart)).id);
    }
    return {};
  }));
  return added;
}

TEST_F(CtlWorld, AGroupOfManyIsShownWhole) {
  (void)usherctl({"group", "add", "everybody"});
  const auto people = add_people(world_.store(), 1200);
  ASSERT_TRUE(world_.store().write([&](store::Database& database) -> Result<void> {
    const auto group = TRY(store::find_group(database, "everybody"));
    for (const auto person : people) TRY(store::add_member(database, group->id, person));
    return {};
  }));
  const admin::Json shown = json({"group", "show", "everybody"});
  EXPECT_EQ(shown["members"].size(), 1200U);
  EXPECT_EQ(shown["members"][1199], "person11199");
}

TEST_F(CtlWorld, ListGoesThroughAllPages) {
  ASSERT_EQ(add_people(world_.store(), 250).size(), 250U);
  const admin::Json users = json({"user", "list"})["users"];
  ASSERT_EQ(users.size(), 250U);
  EXPECT_EQ(users[249]["name"], "person10249");
}

}  // namespace
}  // namespace usher::ctl
