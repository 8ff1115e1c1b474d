// Recovery codes in the store: each is spent once, and they go with their set.
#include "daemon/store/recovery_codes.hpp"

#include "daemon/store/terms.hpp"
#include "tests/daemon/store/fixture.hpp"

namespace usher::store {
namespace {

std::string digest(char c) {
  return std::string(32, c);
}

class RecoveryCodes : public Tables {
 protected:
  FactorId put_set(PersonId person, char id) {
    FactorRecord set;
    set.person = person;
    set.uuid = std::string(32, id);
    set.kind = "recovery";
    set.label = "recovery codes";
    set.sealed = "sealed";
    set.created_at = kNow;
    const FactorId factor = *put_pending_factor(database_, set);
    EXPECT_TRUE(*confirm_factor(database_, factor, 0, set.label));
    for (const char c : {'a', 'b', 'c'}) {
      EXPECT_TRUE(put_recovery_code(database_, factor, digest(c)));
    }
    return factor;
  }
};

TEST_F(RecoveryCodes, G16_AreSpentOnceEach) {
  const PersonId ada = add("ada").id;
  const FactorId set = put_set(ada, '1');
  const FactorId bobs = put_set(add("bob").id, '2');
  EXPECT_EQ(*count_recovery_codes(database_, ada), 3);
  EXPECT_EQ(*spend_recovery_code(database_, set, digest('a'), kNow), Spent::now);
  EXPECT_EQ(*spend_recovery_code(database_, set, digest('a'), kNow), Spent::before);
  EXPECT_EQ(*spend_recovery_code(database_, set, digest('x'), kNow), Spent::never);
  EXPECT_EQ(*count_recovery_codes(database_, ada), 2);
  EXPECT_EQ(*spend_recovery_code(database_, bobs, digest('a'), kNow), Spent::now);
}

TEST_F(RecoveryCodes, StaySpent) {
  const FactorId set = put_set(add("ada").id, '1');
  ASSERT_EQ(*spend_recovery_code(database_, set, digest('a'), kNow), Spent::now);
  EXPECT_FALSE(database_.execute("UPDATE recovery_codes SET spent_at = NULL").has_value());
}

TEST_F(RecoveryCodes, GoWithTheirSet) {
  const PersonId ada = add("ada").id;
  const FactorId set = put_set(ada, '1');
  ASSERT_OK(delete_factors_of_kind(database_, ada, "recovery"));
  EXPECT_EQ(*count_recovery_codes(database_, ada), 0);
  EXPECT_EQ(*spend_recovery_code(database_, set, digest('a'), kNow), Spent::never);
}

TEST_F(RecoveryCodes, OfAPendingSetOpenNothing) {
  const PersonId ada = add("ada").id;
  FactorRecord set;
  set.person = ada;
  set.uuid = std::string(32, '1');
  set.kind = "recovery";
  set.label = "recovery codes";
  set.sealed = "sealed";
  const FactorId factor = *put_pending_factor(database_, set);
  ASSERT_OK(put_recovery_code(database_, factor, digest('a')));
  EXPECT_EQ(*spend_recovery_code(database_, factor, digest('a'), kNow), Spent::never);
  EXPECT_EQ(*count_recovery_codes(database_, ada), 0);
}

TEST_F(RecoveryCodes, TermsAreAcceptedByVersionAndGoWithThePerson) {
  const PersonId ada = add("ada").id;
  const std::string first(64, 'a');
  ASSERT_OK(accept_terms(database_, ada, first, kNow));
  ASSERT_OK(accept_terms(database_, ada, first, kNow + std::chrono::hours(1)));
  const auto accepted = *list_accepted_terms(database_, ada);
  ASSERT_EQ(accepted.size(), 1U);
  EXPECT_EQ(accepted[0].version, first);
  EXPECT_EQ(accepted[0].accepted_at, kNow) << "the first time counts";
  EXPECT_FALSE(accept_terms(database_, ada, "not a digest", kNow).has_value());
  ASSERT_OK(set_person_state(database_, ada, PersonState::deleted, ""));
  EXPECT_TRUE(list_accepted_terms(database_, ada)->empty());
}

}  // namespace
}  // namespace usher::store
