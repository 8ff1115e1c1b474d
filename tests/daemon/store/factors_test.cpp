// Second factors and one-time codes: each code has one winner, pending ones prove nothing.
#include "daemon/store/factors.hpp"

#include <atomic>

#include "daemon/store/codes.hpp"
#include "tests/daemon/store/fixture.hpp"

namespace usher::store {
namespace {

FactorRecord factor_of(PersonId person, int number, std::string_view kind = "totp") {
  FactorRecord factor;
  factor.person = person;
  factor.uuid = uuid_of(number);
  factor.kind = kind;
  factor.label = number == 1 ? "phone" : "phone " + std::to_string(number);
  factor.sealed = std::string("\0sealed\xff", 8);
  factor.created_at = kNow;
  return factor;
}

FactorId put_active(Database& database, const FactorRecord& factor) {
  const FactorId id = *put_pending_factor(database, factor);
  EXPECT_TRUE(*confirm_factor(database, id, factor.counter, factor.label));
  return id;
}

class Factors : public Tables {};

TEST_F(Factors, ArePendingUntilConfirmed) {
  const PersonId ada = add("ada").id;
  const FactorId id = *put_pending_factor(database_, factor_of(ada, 1));
  EXPECT_TRUE(list_factors(database_, ada)->empty());
  EXPECT_FALSE(*advance_counter(database_, id, 5)) << "a pending factor proves nothing";

  const FactorRecord pending = **find_pending_factor(database_, ada, "totp", kNow);
  EXPECT_EQ(pending.id, id);
  EXPECT_TRUE(pending.pending);
  EXPECT_TRUE(*confirm_factor(database_, id, 7, "my phone"));
  EXPECT_FALSE(*confirm_factor(database_, id, 9, "again"));

  const std::vector<FactorRecord> active = *list_factors(database_, ada);
  ASSERT_EQ(active.size(), 1U);
  EXPECT_EQ(active[0].id, id);
  EXPECT_EQ(active[0].person, ada);
  EXPECT_EQ(active[0].uuid, uuid_of(1));
  EXPECT_EQ(active[0].kind, "totp");
  EXPECT_EQ(active[0].label, "my phone");
  EXPECT_EQ(active[0].sealed, std::string("\0sealed\xff", 8));
  EXPECT_EQ(active[0].counter, 7);
  EXPECT_FALSE(active[0].pending);
  EXPECT_EQ(active[0].created_at, kNow);
  EXPECT_FALSE(find_pending_factor(database_, ada, "totp", kNow)->has_value());
}

TEST_F(Factors, HaveOnePendingAKindAndTheNewerReplacesIt) {
  const PersonId ada = add("ada").id;
  const FactorId first = *put_pending_factor(database_, factor_of(ada, 1));
  const FactorId other_kind = *put_pending_factor(database_, factor_of(ada, 2, "yubikey"));
  const FactorId second = *put_pending_factor(database_, factor_of(ada, 3));
  EXPECT_NE(first, second);
  EXPECT_FALSE(*confirm_factor(database_, first, 1, "x"));
  EXPECT_EQ((**find_pending_factor(database_, ada, "totp", kNow)).id, second);
  EXPECT_EQ((**find_pending_factor(database_, ada, "yubikey", kNow)).id, other_kind);
}

TEST_F(Factors, ArePendingForALimitedTime) {
  const PersonId ada = add("ada").id;
  ASSERT_OK(put_pending_factor(database_, factor_of(ada, 1)));
  EXPECT_TRUE(find_pending_factor(database_, ada, "totp", kNow)->has_value());
  EXPECT_FALSE(find_pending_factor(database_, ada, "totp", kNow + kMinute)->has_value());
}

TEST_F(Factors, NeverSpendACounterTwiceOrGoBack) {
  const PersonId ada = add("ada").id;
  const FactorId id = put_active(database_, factor_of(ada, 1));
  EXPECT_TRUE(*advance_counter(database_, id, 10));
  EXPECT_FALSE(*advance_counter(database_, id, 10));
  EXPECT_FALSE(*advance_counter(database_, id, 9));
  EXPECT_TRUE(*advance_counter(database_, id, 11));
  EXPECT_FALSE(*advance_counter(database_, FactorId{99}, 11));
}

TEST_F(Factors, AreDeletedByLabelOrUuid) {
  const PersonId ada = add("ada").id;
  const PersonId bob = add("bob").id;
  FactorRecord phone = factor_of(ada, 1);
  FactorRecord key = factor_of(ada, 2, "fido2");
  key.label = "blue key";
  put_active(database_, phone);
  put_active(database_, key);
  put_active(database_, factor_of(bob, 3));
  EXPECT_FALSE(*delete_factor(database_, ada, "tablet"));
  EXPECT_FALSE(*delete_factor(database_, ada, uuid_of(3))) << "another person's";
  EXPECT_TRUE(*delete_factor(database_, ada, "blue key"));
  EXPECT_TRUE(*delete_factor(database_, ada, uuid_of(1)));
  EXPECT_FALSE(*delete_factor(database_, ada, uuid_of(1)));
  EXPECT_EQ(list_factors(database_, bob)->size(), 1U);
}

TEST_F(Factors, G16_GiveWayToOneOfTheirPersons) {
  const PersonId ada = add("ada").id;
  const PersonId bob = add("bob").id;
  (void)put_active(database_, factor_of(ada, 1));
  (void)put_active(database_, factor_of(ada, 2, "recovery"));
  const FactorId kept = put_active(database_, factor_of(ada, 3));
  (void)put_active(database_, factor_of(bob, 4));
  (void)*put_pending_factor(database_, factor_of(ada, 5));
  EXPECT_EQ(*delete_factors_but(database_, ada, kept), 2);
  ASSERT_EQ(list_factors(database_, ada)->size(), 1U);
  EXPECT_EQ(list_factors(database_, ada)->front().id, kept);
  EXPECT_EQ(list_factors(database_, bob)->size(), 1U);
  // What was begun is apart.
  EXPECT_TRUE(find_pending_factor(database_, ada, "totp", kNow)->has_value());
  EXPECT_TRUE(delete_pending_factors(database_, ada));
  EXPECT_FALSE(find_pending_factor(database_, ada, "totp", kNow)->has_value());
  EXPECT_EQ(list_factors(database_, ada)->size(), 1U);
}

TEST_F(Factors, G18_OfOnePersonHaveNamesOfTheirOwn) {
  const PersonId ada = add("ada").id;
  const PersonId bob = add("bob").id;
  const FactorId phone = put_active(database_, factor_of(ada, 1));
  const FactorId key = put_active(database_, factor_of(ada, 2));
  EXPECT_EQ(code_of(rename_factor(database_, key, "phone")), Errc::already_exists);
  EXPECT_TRUE(*rename_factor(database_, phone, "tablet"));
  EXPECT_TRUE(*rename_factor(database_, key, "phone"));
  EXPECT_EQ(code_of(rename_factor(database_, key, "a\tb")), Errc::invalid_input);
  put_active(database_, factor_of(bob, 3));
  EXPECT_EQ((*list_factors(database_, ada))[0].label, "tablet");
  EXPECT_TRUE(*delete_factor(database_, ada, "phone"));
  EXPECT_FALSE(*rename_factor(database_, key, "gone"));
}

TEST_F(Factors, NeverGetTheIdOfADeletedOne) {
  const PersonId ada = add("ada").id;
  const FactorId first = put_active(database_, factor_of(ada, 1));
  ASSERT_OK(delete_factors(database_, ada));
  EXPECT_NE(put_active(database_, factor_of(ada, 2)), first);
  EXPECT_FALSE(*advance_counter(database_, first, 100));
}

TEST_F(Factors, AreListedOldestFirst) {
  const PersonId ada = add("ada").id;
  FactorRecord newer = factor_of(ada, 1);
  newer.created_at = kNow + kMinute;
  const FactorId second = put_active(database_, newer);
  const FactorId first = put_active(database_, factor_of(ada, 2));
  const std::vector<FactorRecord> listed = *list_factors(database_, ada);
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].id, first);
  EXPECT_EQ(listed[1].id, second);
}

TEST_F(Factors, RefuseLabelsAndKindsThatAreNone) {
  const PersonId ada = add("ada").id;
  FactorRecord factor = factor_of(ada, 1);
  factor.label = "a\nb";
  EXPECT_EQ(code_of(put_pending_factor(database_, factor)), Errc::invalid_input);
  factor = factor_of(ada, 1, "TOTP");
  EXPECT_EQ(code_of(put_pending_factor(database_, factor)), Errc::invalid_input);
  factor = factor_of(ada, 1);
  factor.sealed.clear();
  EXPECT_EQ(code_of(put_pending_factor(database_, factor)), Errc::invalid_input);
  EXPECT_EQ(code_of(put_pending_factor(database_, factor_of(PersonId{99}, 1))), Errc::conflict);
  const FactorId id = *put_pending_factor(database_, factor_of(ada, 1));
  EXPECT_EQ(code_of(confirm_factor(database_, id, 1, "\x1b]0;x")), Errc::invalid_input);
  EXPECT_EQ(code_of(database_.execute("UPDATE factors SET person = 2")), Errc::not_permitted);
}

class Codes : public Tables {
 protected:
  static CodeRecord code(std::string_view handle, std::string_view purpose = "first-sign-in") {
    return {.handle = std::string(handle),
            .purpose = std::string(purpose),
            .digest = std::string("\0digest", 7),
            .epoch = 1,
            .expires_at = kNow + kMinute};
  }
};

TEST_F(Codes, AreFoundByTheirPersonAndHandle) {
  const PersonId ada = add("ada").id;
  const PersonId bob = add("bob").id;
  ASSERT_OK(put_code(database_, ada, code("ABCD")));
  const CodeRecord found = **find_code(database_, ada, "ABCD", kNow);
  EXPECT_EQ(found.handle, "ABCD");
  EXPECT_EQ(found.purpose, "first-sign-in");
  EXPECT_EQ(found.digest, std::string("\0digest", 7));
  EXPECT_EQ(found.epoch, 1);
  EXPECT_EQ(found.expires_at, kNow + kMinute);
  EXPECT_FALSE(find_code(database_, ada, "ABCE", kNow)->has_value());
  EXPECT_FALSE(find_code(database_, bob, "ABCD", kNow)->has_value());
}

TEST_F(Codes, AreSpentOnce) {
  const PersonId ada = add("ada").id;
  ASSERT_OK(put_code(database_, ada, code("ABCD")));
  EXPECT_TRUE(*spend_code(database_, ada, "ABCD", kNow));
  EXPECT_FALSE(*spend_code(database_, ada, "ABCD", kNow));
  EXPECT_FALSE(find_code(database_, ada, "ABCD", kNow)->has_value());
  EXPECT_EQ(code_of(database_.execute("UPDATE codes SET spent_at = NULL")), Errc::not_permitted);
}

TEST_F(Codes, DieAtTheirTime) {
  const PersonId ada = add("ada").id;
  ASSERT_OK(put_code(database_, ada, code("ABCD")));
  const ports::Instant last = kNow + kMinute - std::chrono::milliseconds{1};
  EXPECT_TRUE(find_code(database_, ada, "ABCD", last)->has_value());
  EXPECT_FALSE(find_code(database_, ada, "ABCD", kNow + kMinute)->has_value());
  EXPECT_FALSE(*spend_code(database_, ada, "ABCD", kNow + kMinute));
  EXPECT_TRUE(*spend_code(database_, ada, "ABCD", last));
}

TEST_F(Codes, DieWithTheirEpoch) {
  const PersonId ada = add("ada").id;
  ASSERT_OK(put_code(database_, ada, code("ABCD")));
  ASSERT_OK(raise_epoch(database_, ada));
  EXPECT_FALSE(find_code(database_, ada, "ABCD", kNow)->has_value());
  EXPECT_FALSE(*spend_code(database_, ada, "ABCD", kNow));
}

TEST_F(Codes, AreVoidedByANewerOneOfTheirPurposeOnly) {
  const PersonId ada = add("ada").id;
  ASSERT_OK(put_code(database_, ada, code("AAAA")));
  ASSERT_OK(put_code(database_, ada, code("BBBB", "reset")));
  ASSERT_OK(put_code(database_, ada, code("CCCC")));
  EXPECT_FALSE(*spend_code(database_, ada, "AAAA", kNow));
  EXPECT_TRUE(*spend_code(database_, ada, "BBBB", kNow));
  EXPECT_TRUE(*spend_code(database_, ada, "CCCC", kNow));
}

TEST_F(Codes, DoNotShareALiveHandle) {
  const PersonId ada = add("ada").id;
  ASSERT_OK(put_code(database_, ada, code("AAAA")));
  EXPECT_EQ(code_of(put_code(database_, ada, code("AAAA", "reset"))), Errc::already_exists);
  EXPECT_TRUE(*spend_code(database_, ada, "AAAA", kNow));
  ASSERT_OK(put_code(database_, ada, code("AAAA", "reset")));
  EXPECT_EQ((**find_code(database_, ada, "AAAA", kNow)).purpose, "reset");
}

TEST_F(Codes, AreDeletedTogether) {
  const PersonId ada = add("ada").id;
  ASSERT_OK(put_code(database_, ada, code("AAAA")));
  ASSERT_OK(put_code(database_, ada, code("BBBB", "reset")));
  ASSERT_OK(delete_codes(database_, ada));
  EXPECT_FALSE(find_code(database_, ada, "AAAA", kNow)->has_value());
  EXPECT_FALSE(find_code(database_, ada, "BBBB", kNow)->has_value());
}

// --- Many at once, through the writer, on a real file ---

class Races : public StoreFile {
 protected:
  void SetUp() override {
    StoreFile::SetUp();
    store_ = open().release_value();
    ada_ = store_
               ->write([](Database& database) {
                 return add_person(
                     database, {.name = name_from("ada"), .display_name = "", .uid = std::nullopt},
                     uuid_of(1), kNow);
               })
               ->id;
  }
  void TearDown() override {
    store_.reset();
    StoreFile::TearDown();
  }

  std::unique_ptr<Store> store_;
  PersonId ada_{};
};

TEST_F(Races, ACounterHasExactlyOneWinnerARound) {
  constexpr int kThreads = 64;
  constexpr int kRounds = 200;
  const FactorId id = *store_->write([&](Database& database) -> Result<FactorId> {
    return put_active(database, factor_of(ada_, 1));
  });
  std::atomic<int> arrived = 0;
  std::vector<std::atomic<int>> winners(kRounds);
  in_threads(kThreads, [&](int) {
    for (int round = 0; round < kRounds; ++round) {
      const Result<bool> won =
          store_->write([&](Database& database) { return advance_counter(database, id, round); });
      if (won.has_value() && *won) ++winners[static_cast<std::size_t>(round)];
      // All meet before the next round begins.
      if (arrived.fetch_add(1) + 1 == kThreads * (round + 1)) {
        arrived.notify_all();
      }
      for (int seen = arrived.load(); seen < kThreads * (round + 1); seen = arrived.load()) {
        arrived.wait(seen);
      }
    }
  });
  for (const std::atomic<int>& count : winners) EXPECT_EQ(count.load(), 1);
}

TEST_F(Races, ACodeIsSpentByOneOfFifty) {
  constexpr int kRounds = 20;
  for (int round = 0; round < kRounds; ++round) {
    ASSERT_OK(store_->write([&](Database& database) {
      return put_code(database, ada_,
                      {.handle = "ABCD",
                       .purpose = "reset",
                       .digest = "d",
                       .epoch = 1,
                       .expires_at = kNow + kMinute});
    }));
    std::atomic<int> winners = 0;
    in_threads(50, [&](int) {
      const Result<bool> spent = store_->write(
          [&](Database& database) { return spend_code(database, ada_, "ABCD", kNow); });
      if (spent.has_value() && *spent) ++winners;
    });
    EXPECT_EQ(winners.load(), 1);
  }
}

}  // namespace
}  // namespace usher::store
