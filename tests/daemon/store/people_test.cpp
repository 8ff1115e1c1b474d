// People and their uids: who is found, what is refused, what is never given twice.
#include "daemon/store/people.hpp"

#include "daemon/store/codes.hpp"
#include "daemon/store/directory_rows.hpp"
#include "daemon/store/factors.hpp"
#include "daemon/store/lifecycle.hpp"
#include "daemon/store/passwords.hpp"
#include "daemon/store/put_off.hpp"
#include "tests/daemon/store/fixture.hpp"

namespace usher::store {
namespace {

class People : public Tables {
 protected:
  Result<PersonRecord> try_add(std::string_view name, std::optional<Uid> uid = std::nullopt) {
    return add_person(database_, {.name = name_from(name), .display_name = "", .uid = uid},
                      uuid_of(++people_), kNow);
  }
  Result<void> remove(PersonId id) {
    return set_person_state(database_, id, PersonState::deleted, "left");
  }
};

TEST_F(People, AreFoundByNameAndByUidAsTheyWereAdded) {
  const PersonRecord ada = *add_person(
      database_, {.name = name_from("ada"), .display_name = "Ada Lovelace", .uid = Uid{1000}},
      uuid_of(1), kNow);
  const std::optional<PersonRecord> by_name = *find_person(database_, "ada");
  const std::optional<PersonRecord> by_uid = *find_person_by_uid(database_, Uid{1000});
  ASSERT_TRUE(by_name.has_value() && by_uid.has_value());
  for (const PersonRecord& person : {ada, *by_name, *by_uid}) {
    EXPECT_EQ(person.id, ada.id);
    EXPECT_EQ(person.name.view(), "ada");
    EXPECT_EQ(person.display_name, "Ada Lovelace");
    EXPECT_EQ(person.uid, Uid{1000});
    EXPECT_EQ(person.state, PersonState::invited);
    EXPECT_EQ(person.state_reason, "");
    EXPECT_EQ(person.epoch, 1);
    EXPECT_EQ(person.created_at, kNow);
    EXPECT_FALSE(person.last_sign_in.has_value());
  }
}

TEST_F(People, AreNotFoundUnderAnotherName) {
  add("ada");
  for (const char* name : {"", "Ada", "ad", "adaa", "ada ", "a%", "bob"}) {
    EXPECT_FALSE(find_person(database_, name)->has_value()) << name;
  }
  EXPECT_FALSE(find_person(database_, std::string_view("ada\0", 4))->has_value());
  EXPECT_FALSE(find_person_by_uid(database_, Uid{4711})->has_value());
}

TEST_F(People, DoNotShareANameOrAUid) {
  add("ada", Uid{2000});
  EXPECT_EQ(code_of(try_add("ada")), Errc::already_exists);
  EXPECT_EQ(code_of(try_add("ada", Uid{2001})), Errc::already_exists);
  EXPECT_EQ(code_of(try_add("bob", Uid{2000})), Errc::already_exists);
  EXPECT_EQ(*count_people(database_), 1);
}

TEST_F(People, DoNotShareAUuid) {
  const NewPerson bob{.name = name_from("bob"), .display_name = "", .uid = std::nullopt};
  add("ada");
  EXPECT_EQ(code_of(add_person(database_, bob, uuid_of(1), kNow)), Errc::already_exists);
  EXPECT_EQ(code_of(add_person(database_, bob, "no uuid", kNow)), Errc::invalid_input);
}

TEST_F(People, HoldNoControlCharactersInTheirNames) {
  const NewPerson bob{.name = name_from("bob"), .display_name = "Bob\x1b[2J", .uid = std::nullopt};
  EXPECT_EQ(code_of(add_person(database_, bob, uuid_of(1), kNow)), Errc::invalid_input);
}

TEST_F(People, GetNoReservedUid) {
  for (const std::uint32_t uid :
       {0U, 1U, 999U, 61184U, 65519U, 65534U, 65535U, 2147483648U, 4294967294U, 4294967295U}) {
    EXPECT_EQ(code_of(try_add("ada", Uid{uid})), Errc::invalid_input) << uid;
  }
  EXPECT_EQ(*count_people(database_), 0);
  for (const std::uint32_t uid : {1000U, 61183U, 65536U, 2147483647U}) {
    ASSERT_OK(try_add("u" + std::to_string(uid), Uid{uid}));
  }
}

TEST_F(People, GetTheUidTheirUuidPointsTo) {
  const PersonRecord ada = add("ada");
  EXPECT_EQ(ada.uid, first_uid_to_try(uuid_of(1)));
  EXPECT_GE(ada.uid.number, kFirstUid);
  EXPECT_LE(ada.uid.number, kLastUid);
}

TEST_F(People, GetTheNextFreeUidOnACollision) {
  const Uid first = first_uid_to_try(uuid_of(3));
  ASSERT_OK(try_add("ada", first));
  ASSERT_OK(try_add("bob", next_uid_to_try(first)));
  EXPECT_EQ(add("eve").uid, next_uid_to_try(next_uid_to_try(first)));
}

TEST_F(People, AreProbedRoundTheEndOfTheRange) {
  EXPECT_EQ(next_uid_to_try(Uid{kLastUid}), Uid{kFirstUid});
  EXPECT_EQ(next_uid_to_try(Uid{kFirstUid}), Uid{kFirstUid + 1});
}

TEST_F(People, OnceDeletedAreNeitherFoundNorListedNorCounted) {
  const PersonRecord ada = add("ada", Uid{2000});
  add("bob");
  ASSERT_OK(remove(ada.id));
  EXPECT_FALSE(find_person(database_, "ada")->has_value());
  EXPECT_FALSE(find_person_by_uid(database_, Uid{2000})->has_value());
  EXPECT_EQ(list_people(database_, "", 10)->size(), 1U);
  EXPECT_EQ(*count_people(database_), 1);
}

TEST_F(People, OnceDeletedKeepTheirUidForEverAndFreeTheirName) {
  const PersonRecord ada = add("ada", Uid{2000});
  ASSERT_OK(remove(ada.id));
  EXPECT_EQ(code_of(try_add("bob", Uid{2000})), Errc::already_exists);
  const PersonRecord second = add("ada");
  EXPECT_NE(second.uid, ada.uid);
  EXPECT_NE(second.id, ada.id);
  ASSERT_OK(remove(second.id));
  ASSERT_OK(try_add("ada"));
}

TEST_F(People, OnceDeletedKeepNothingThatProvesThem) {
  const PersonRecord ada = add("ada");
  ASSERT_OK(put_password(database_, ada.id, {.phc = "$x", .changed_at = kNow}));
  ASSERT_OK(put_code(database_, ada.id,
                     {.handle = "ABCD",
                      .purpose = "reset",
                      .digest = "d",
                      .epoch = 1,
                      .expires_at = kNow + kMinute}));
  FactorRecord factor;
  factor.person = ada.id;
  factor.uuid = uuid_of(1);
  factor.kind = "totp";
  factor.sealed = "s";
  ASSERT_OK(put_pending_factor(database_, factor));
  ASSERT_OK(remove(ada.id));
  for (const char* sql : {"SELECT count(*) FROM passwords", "SELECT count(*) FROM codes",
                          "SELECT count(*) FROM factors"}) {
    Query query = database_.query(sql).release_value();
    ASSERT_TRUE(*query.next());
    EXPECT_EQ(query.integer(0), 0) << sql;
  }
}

TEST_F(People, OnceDeletedDoNotComeBack) {
  const PersonRecord ada = add("ada");
  ASSERT_OK(remove(ada.id));
  EXPECT_EQ(code_of(set_person_state(database_, ada.id, PersonState::active, "")), Errc::not_found);
  EXPECT_EQ(code_of(remove(ada.id)), Errc::not_found);
  EXPECT_EQ(code_of(raise_epoch(database_, ada.id)), Errc::not_found);
  EXPECT_EQ(code_of(note_sign_in(database_, ada.id, kNow)), Errc::not_found);
  EXPECT_EQ(code_of(database_.execute("UPDATE people SET state = 'active'")), Errc::not_permitted);
}

TEST_F(People, KeepTheirIdsWhateverIsWritten) {
  add("ada");
  for (const char* sql :
       {"UPDATE people SET uid = 3000", "UPDATE people SET uuid = hex(randomblob(16))",
        "UPDATE people SET id = 99", "DELETE FROM people", "UPDATE people SET epoch = 0"}) {
    EXPECT_EQ(code_of(database_.execute(sql)), Errc::not_permitted) << sql;
  }
  EXPECT_EQ(code_of(database_.execute("UPDATE people SET state = 'root'")), Errc::invalid_input);
  EXPECT_EQ(code_of(database_.execute("UPDATE people SET name = 'Root'")), Errc::invalid_input);
  EXPECT_EQ(code_of(database_.execute("UPDATE people SET display_name = 7.5, name = NULL")),
            Errc::invalid_input);
}

TEST_F(People, AreListedInOrderOfNamePageByPage) {
  for (const char* name : {"eve", "ada", "dan", "bob", "cat"}) add(name);
  std::string names;
  std::string after;
  while (true) {
    const std::vector<PersonRecord> page = *list_people(database_, after, 2);
    if (page.empty()) break;
    EXPECT_LE(page.size(), 2U);
    for (const PersonRecord& person : page) names.append(person.name.view()).append(" ");
    after = page.back().name.view();
  }
  EXPECT_EQ(names, "ada bob cat dan eve ");
  EXPECT_TRUE(list_people(database_, "", 0)->empty());
  EXPECT_TRUE(list_people(database_, "", -1)->empty());
}

TEST_F(People, AreSuspendedWithAReason) {
  const PersonRecord ada = add("ada");
  ASSERT_OK(set_person_state(database_, ada.id, PersonState::suspended, "on leave"));
  const PersonRecord found = **find_person(database_, "ada");
  EXPECT_EQ(found.state, PersonState::suspended);
  EXPECT_EQ(found.state_reason, "on leave");
  EXPECT_EQ(code_of(set_person_state(database_, PersonId{99}, PersonState::active, "")),
            Errc::not_found);
}

TEST_F(People, P1_AreDisabledAndPublishedLikeTheSuspended) {
  const PersonRecord ada = add("ada");
  ASSERT_OK(set_person_state(database_, ada.id, PersonState::disabled, "left"));
  EXPECT_EQ((**find_person(database_, "ada")).state, PersonState::disabled);
  bool shut_out = false;
  ASSERT_OK(each_account(database_, [&](const AccountRow& person) -> Result<void> {
    shut_out = person.suspended;
    return {};
  }));
  EXPECT_TRUE(shut_out);
  ASSERT_OK(set_person_state(database_, ada.id, PersonState::suspended, ""));
  EXPECT_EQ((**find_person(database_, "ada")).state, PersonState::suspended);
  ASSERT_OK(set_person_state(database_, ada.id, PersonState::disabled, ""));
  ASSERT_OK(set_person_state(database_, ada.id, PersonState::deleted, ""));
  EXPECT_FALSE(*find_person(database_, "ada")) << "the mark does not stand in the way";
}

TEST_F(People, M2_HaveNoPasswordWhereSomebodyElseSignsThemIn) {
  const PersonRecord ada = add("ada");
  ASSERT_OK(set_source(database_, ada.id, "federated:acme"));
  EXPECT_EQ((**find_person(database_, "ada")).source, "federated:acme");
  EXPECT_FALSE(put_password(database_, ada.id, {"$argon2id$x", false, kNow}));
  for (const char* source : {"", "federated:", "federated:A", "federated:a b", "ldap"}) {
    EXPECT_FALSE(set_source(database_, ada.id, source)) << source;
  }
  ASSERT_OK(set_source(database_, ada.id, "local"));
  ASSERT_OK(put_password(database_, ada.id, {"$argon2id$x", false, kNow}));
}

TEST_F(People, KeepWhatAnAdministratorSetOfTheirLife) {
  const PersonRecord ada = add("ada");
  ASSERT_OK(set_expiry(database_, ada.id, kNow + kMinute));
  ASSERT_OK(reopen(database_, ada.id, kNow + 2 * kMinute));
  ASSERT_OK(suspend_factors(database_, ada.id, kNow + 3 * kMinute));
  ASSERT_OK(note_activity(database_, ada.id, kNow + 4 * kMinute));
  PersonRecord found = **find_person(database_, "ada");
  EXPECT_EQ(found.expires_at, kNow + kMinute);
  EXPECT_EQ(found.reopened_at, kNow + 2 * kMinute);
  EXPECT_EQ(found.factors_suspended_until, kNow + 3 * kMinute);
  EXPECT_EQ(found.last_sign_in, kNow + 4 * kMinute);
  EXPECT_EQ(found.state, PersonState::invited) << "a key alone is no first sign-in";
  ASSERT_OK(set_expiry(database_, ada.id, std::nullopt));
  ASSERT_OK(suspend_factors(database_, ada.id, std::nullopt));
  found = **find_person(database_, "ada");
  EXPECT_FALSE(found.expires_at || found.factors_suspended_until);
  EXPECT_EQ(code_of(reopen(database_, PersonId{99}, kNow)), Errc::not_found);
}

TEST_F(People, P13_AreGreetedUnlessTheyDoNotWantIt) {
  const PersonRecord ada = add("ada");
  EXPECT_TRUE(ada.greeted);
  ASSERT_OK(change_account(database_, ada.id, {.greeted = false}));
  ASSERT_OK(change_account(database_, ada.id, {.display_name = "Ada"}));
  EXPECT_FALSE((*find_person(database_, "ada"))->greeted) << "what is missing stays";
  ASSERT_OK(change_account(database_, ada.id, {.greeted = true}));
  EXPECT_TRUE((*find_person(database_, "ada"))->greeted);
}

TEST_F(People, M12_PutOffAnActionTheLastTimeCounts) {
  using policy::Action;
  const PersonId ada = add("ada").id;
  ASSERT_OK(put_off(database_, ada, Action::enrol_factor, kNow));
  ASSERT_OK(put_off(database_, ada, Action::enrol_factor, kNow + kMinute));
  ASSERT_OK(put_off(database_, add("bob").id, Action::accept_terms, kNow));
  const PutOff found = *find_put_off(database_, ada);
  EXPECT_EQ(found[Action::enrol_factor], kNow + kMinute);
  EXPECT_EQ(found[Action::accept_terms], std::nullopt);
  ASSERT_OK(remove(ada));
  EXPECT_EQ((*find_put_off(database_, ada))[Action::enrol_factor], std::nullopt);
}

TEST_F(People, RaiseTheirEpochByOneEachTime) {
  const PersonRecord ada = add("ada");
  const PersonRecord bob = add("bob");
  EXPECT_EQ(*raise_epoch(database_, ada.id), 2);
  EXPECT_EQ(*raise_epoch(database_, ada.id), 3);
  EXPECT_EQ((**find_person(database_, "ada")).epoch, 3);
  EXPECT_EQ((**find_person(database_, "bob")).epoch, bob.epoch);
  EXPECT_EQ(code_of(raise_epoch(database_, PersonId{99})), Errc::not_found);
}

TEST_F(People, AreActiveFromTheirFirstSignInOn) {
  const PersonRecord ada = add("ada");
  ASSERT_OK(note_sign_in(database_, ada.id, kNow + kMinute));
  PersonRecord found = **find_person(database_, "ada");
  EXPECT_EQ(found.state, PersonState::active);
  EXPECT_EQ(found.last_sign_in, kNow + kMinute);
  ASSERT_OK(set_person_state(database_, ada.id, PersonState::suspended, ""));
  ASSERT_OK(note_sign_in(database_, ada.id, kNow + 2 * kMinute));
  EXPECT_EQ((**find_person(database_, "ada")).state, PersonState::suspended);
}

TEST_F(People, LeaveNothingBehindWhenAddingFails) {
  add("ada", Uid{2000});
  const Transaction outer = Transaction::begin(database_).release_value();
  EXPECT_FALSE(try_add("bob", Uid{2000}).has_value());
  EXPECT_EQ(*count_people(database_), 1);
}

class Passwords : public Tables {};

TEST_F(Passwords, AreReadAsTheyWereWrittenAndReplaced) {
  const PersonId ada = add("ada").id;
  EXPECT_FALSE(find_password(database_, ada)->has_value());
  ASSERT_OK(put_password(database_, ada, {.phc = "$old", .must_change = true, .changed_at = kNow}));
  std::optional<PasswordRecord> found = *find_password(database_, ada);
  EXPECT_EQ(found->phc, "$old");
  EXPECT_TRUE(found->must_change);
  EXPECT_EQ(found->changed_at, kNow);
  ASSERT_OK(put_password(database_, ada, {.phc = "$new", .changed_at = kNow + kMinute}));
  found = *find_password(database_, ada);
  EXPECT_EQ(found->phc, "$new");
  EXPECT_FALSE(found->must_change);
  EXPECT_EQ(found->changed_at, kNow + kMinute);
}

TEST_F(Passwords, AreRenewedOnlyIfNobodyChangedThemMeanwhile) {
  const PersonId ada = add("ada").id;
  ASSERT_OK(put_password(database_, ada, {.phc = "$old", .must_change = true, .changed_at = kNow}));
  EXPECT_FALSE(*replace_phc(database_, ada, "$other", "$new"));
  EXPECT_TRUE(*replace_phc(database_, ada, "$old", "$new"));
  EXPECT_FALSE(*replace_phc(database_, ada, "$old", "$newer"));
  const PasswordRecord found = **find_password(database_, ada);
  EXPECT_EQ(found.phc, "$new");
  EXPECT_TRUE(found.must_change) << "renewing the cost is no change of the password";
  EXPECT_EQ(found.changed_at, kNow);
}

TEST_F(Passwords, BelongToAPersonAndGoWithoutTrace) {
  const PersonId ada = add("ada").id;
  const PersonId bob = add("bob").id;
  ASSERT_OK(put_password(database_, ada, {.phc = "$a", .changed_at = kNow}));
  ASSERT_OK(put_password(database_, bob, {.phc = "$b", .changed_at = kNow}));
  ASSERT_OK(delete_password(database_, ada));
  EXPECT_FALSE(find_password(database_, ada)->has_value());
  EXPECT_EQ((**find_password(database_, bob)).phc, "$b");
  EXPECT_EQ(code_of(put_password(database_, PersonId{99}, {.phc = "$x", .changed_at = kNow})),
            Errc::conflict);
  EXPECT_EQ(code_of(put_password(database_, ada, {.phc = "", .changed_at = kNow})),
            Errc::invalid_input);
}

}  // namespace
}  // namespace usher::store
