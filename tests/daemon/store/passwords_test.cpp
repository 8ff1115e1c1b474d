// The history of passwords: what enters it, in which order, and how it is forgotten.
#include "daemon/store/passwords.hpp"

#include "tests/daemon/store/fixture.hpp"

namespace usher::store {
namespace {

using Phcs = std::vector<std::string>;

class History : public Tables {
 protected:
  void put(PersonId person, const std::string& phc) {
    ASSERT_OK(put_password(database_, person, {.phc = phc, .changed_at = kNow}));
  }
  Phcs history(PersonId person, std::size_t limit = 99) {
    return list_password_history(database_, person, limit).release_value();
  }
};

TEST_F(History, HoldsEveryPasswordTheNewestFirst) {
  const PersonId ada = add("ada").id;
  EXPECT_EQ(history(ada), Phcs{});
  // The clock stands still, and yet there is an order.
  for (const char* phc : {"$a", "$b", "$c"}) put(ada, phc);
  EXPECT_EQ(history(ada), (Phcs{"$c", "$b", "$a"}));
  EXPECT_EQ(history(ada, 2), (Phcs{"$c", "$b"}));
  EXPECT_EQ(history(ada, 0), Phcs{});
}

TEST_F(History, TakesTheSameStringOnce) {
  const PersonId ada = add("ada").id;
  put(ada, "$a");
  // A change is demanded: no new password.
  ASSERT_OK(put_password(database_, ada, {.phc = "$a", .must_change = true, .changed_at = kNow}));
  EXPECT_EQ(history(ada), Phcs{"$a"});
  put(ada, "$b");
  put(ada, "$a");
  EXPECT_EQ(history(ada), (Phcs{"$a", "$b", "$a"}));
}

TEST_F(History, KeepsTheStringOfAnOlderCost) {
  const PersonId ada = add("ada").id;
  put(ada, "$cheap");
  ASSERT_OK(replace_phc(database_, ada, "$cheap", "$dear"));
  EXPECT_EQ(history(ada), Phcs{"$cheap"});
}

TEST_F(History, OutlivesAResetAndGoesWithThePerson) {
  const PersonId ada = add("ada").id;
  put(ada, "$a");
  ASSERT_OK(delete_password(database_, ada));
  EXPECT_EQ(history(ada), Phcs{"$a"});
  ASSERT_OK(set_person_state(database_, ada, PersonState::deleted, ""));
  EXPECT_EQ(history(ada), Phcs{});
}

TEST_F(History, IsTrimmedForOneOrForEverybody) {
  const PersonId ada = add("ada").id;
  const PersonId bob = add("bob").id;
  for (const char* phc : {"$1", "$2", "$3", "$4"}) {
    put(ada, phc);
    put(bob, phc);
  }
  ASSERT_OK(trim_password_history(database_, ada, 3));
  EXPECT_EQ(history(ada), (Phcs{"$4", "$3", "$2"}));
  EXPECT_EQ(history(bob).size(), 4U);
  ASSERT_OK(trim_password_histories(database_, 2));
  EXPECT_EQ(history(ada), (Phcs{"$4", "$3"}));
  EXPECT_EQ(history(bob), (Phcs{"$4", "$3"}));
  ASSERT_OK(trim_password_histories(database_, 0));
  EXPECT_EQ(history(ada), Phcs{});
}

}  // namespace
}  // namespace usher::store
