// Migrations, the writer and the readers.
#include "daemon/store/store.hpp"

#include <atomic>
#include <latch>

#include "daemon/store/migrations.hpp"
#include "daemon/store/people.hpp"
#include "daemon/store/reader_pool.hpp"
#include "tests/daemon/store/fixture.hpp"

namespace usher::store {
namespace {

// --- Migrations ---

TEST(Migrations, MakeTheNewestSchemaOfNothingAndChangeNothingTheSecondTime) {
  Database database = Database::open(":memory:", Access::read_write).release_value();
  ASSERT_OK(migrate(database));
  const auto schema = [&] {
    Query query = database.query("SELECT group_concat(sql) FROM sqlite_schema").release_value();
    EXPECT_TRUE(*query.next());
    return query.text(0);
  };
  const std::string before = schema();
  EXPECT_NE(before.find("CREATE TABLE people"), std::string::npos);
  ASSERT_OK(migrate(database));
  EXPECT_EQ(schema(), before);
  Query query = database.query("PRAGMA user_version").release_value();
  ASSERT_TRUE(*query.next());
  EXPECT_EQ(query.integer(0), newest_schema());
}

TEST(Migrations, KeepEveryTableStrict) {
  Database database = Database::open(":memory:", Access::read_write).release_value();
  ASSERT_OK(migrate(database));
  Query query = database
                    .query(
                        "SELECT group_concat(name) FROM pragma_table_list "
                        "WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
                    .release_value();
  ASSERT_TRUE(*query.next());
  EXPECT_EQ(query.text(0), "");
}

TEST(Migrations, RefuseASchemaNewerThanTheProgram) {
  Database database = Database::open(":memory:", Access::read_write).release_value();
  ASSERT_OK(migrate(database));
  const std::string sql = "PRAGMA user_version = " + std::to_string(newest_schema() + 1);
  ASSERT_OK(database.execute(sql.c_str()));
  EXPECT_EQ(code_of(migrate(database)), Errc::unsupported);
}

TEST(Migrations, RefuseADatabaseThatIsNotOurs) {
  Database database = Database::open(":memory:", Access::read_write).release_value();
  ASSERT_OK(database.execute("CREATE TABLE bookmarks (url)"));
  EXPECT_EQ(code_of(migrate(database)), Errc::unsupported);
}

// A store as an Usher left it that knew no later schema.
Database left_at(std::size_t schema) {
  Database database = Database::open(":memory:", Access::read_write).release_value();
  for (const Migration& migration : migrations().first(schema)) {
    EXPECT_TRUE(database.execute(migration.sql).has_value());
  }
  const std::string version = "PRAGMA user_version = " + std::to_string(schema);
  EXPECT_TRUE(database.execute(version.c_str()).has_value());
  return database;
}

TEST(Migrations, KnowFromTheRecordsWhoseFactorsWereProvenAndWhen) {
  Database database = left_at(16);
  ASSERT_OK(database.execute(
      "INSERT INTO people (uuid, name, display_name, uid, state, state_reason, epoch, created_at, "
      "last_sign_in_at) VALUES"
      "('00000000000000000000000000000001', 'ada', '', 4242, 'active', '', 1, 0, 900),"
      "('00000000000000000000000000000002', 'bob', '', 4243, 'active', '', 1, 0, 900),"
      "('00000000000000000000000000000003', 'eve', '', 4244, 'deleted', '', 1, 0, 900);"
      "INSERT INTO audit (at, request, operation, outcome, reason, person, factor, service, "
      "origin, rhost, tty, peer_uid, detail, hash) SELECT at, '', operation, outcome, '', person, "
      "'', '', '', '', '', 0, '', zeroblob(32) FROM (SELECT 500 AS at, 'ada' AS person, "
      "'authenticate' AS operation, 'accept' AS outcome UNION ALL "
      "SELECT 600, 'ada', 'authenticate', 'accept' UNION ALL "
      "SELECT 700, 'ada', 'authenticate', 'refuse' UNION ALL "
      "SELECT 900, 'ada', 'account', 'accept' UNION ALL "
      "SELECT 900, 'bob', 'account', 'accept' UNION ALL "
      "SELECT 600, 'eve', 'authenticate', 'accept')"));
  ASSERT_OK(migrate(database));
  EXPECT_EQ(find_person(database, "ada").release_value()->last_proven,
            ports::Instant(std::chrono::milliseconds(600)));
  EXPECT_EQ(find_person(database, "bob").release_value()->last_proven, std::nullopt)
      << "by a public key alone";
  Query gone =
      database.query("SELECT last_proven_at FROM people WHERE name = 'eve'").release_value();
  ASSERT_TRUE(*gone.next());
  EXPECT_TRUE(gone.is_null(0));
}

// --- Writing and reading ---

using Stores = StoreTest;

TEST_F(Stores, KeepWhatWasWrittenWhenOpenedAgain) {
  {
    const std::unique_ptr<Store> store = opened();
    ASSERT_OK(put(*store, "a", "1"));
    EXPECT_EQ(**get(*store, "a"), "1");
  }
  EXPECT_FALSE(std::filesystem::exists(path_ + "-wal")) << "a clean end leaves one file";
  EXPECT_EQ(**get(*opened(), "a"), "1");
}

TEST_F(Stores, InMemoryReadThroughTheirOnlyConnectionAndStillRefuseToWriteThere) {
  const std::unique_ptr<Store> store = Store::open({.path = ":memory:"}).release_value();
  ASSERT_OK(put(*store, "a", "1"));
  EXPECT_EQ(**get(*store, "a"), "1");
  const auto write = [](Database& database) { return put_setting(database, "b", "2"); };
  EXPECT_EQ(code_of(store->read(write)), Errc::unavailable);
  ASSERT_OK(store->write(write));
}

TEST_F(Stores, RefuseToWriteOnAReader) {
  const std::unique_ptr<Store> store = opened();
  EXPECT_EQ(
      code_of(store->read([](Database& database) { return put_setting(database, "a", "1"); })),
      Errc::unavailable);
}

TEST_F(Stores, ReadOneSnapshotHoweverMuchIsWrittenMeanwhile) {
  const std::unique_ptr<Store> store = opened();
  ASSERT_OK(put(*store, "a", "old"));
  const Result<std::string> seen = store->read([&](Database& database) -> Result<std::string> {
    const std::string first = *TRY(find_setting(database, "a"));
    TRY(put(*store, "a", "new"));
    return first + " " + *TRY(find_setting(database, "a"));
  });
  EXPECT_EQ(*seen, "old old");
  EXPECT_EQ(**get(*store, "a"), "new");
}

TEST_F(Stores, LetReadersWaitForAConnectionAndLoseNone) {
  const std::unique_ptr<Store> store = opened();
  ASSERT_OK(put(*store, "a", "1"));
  std::atomic<int> right = 0;
  in_threads(16, [&](int) {
    for (int i = 0; i < 100; ++i) {
      const Result<std::optional<std::string>> value = get(*store, "a");
      if (value.has_value() && *value == "1") ++right;
    }
  });
  EXPECT_EQ(right.load(), 1600);
}

TEST_F(Stores, CommitTogetherWhatArrivedTogether) {
  constexpr int kThreads = 40;
  {
    const std::unique_ptr<Store> store = opened();
    const std::uint64_t before = store->batches_committed();
    std::vector<std::thread> threads;
    {
      const Gate gate(*store);
      for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&, i] { EXPECT_TRUE(put(*store, std::to_string(i))); });
      }
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_GE(store->batches_committed(), before + 2);
    EXPECT_LE(store->batches_committed(), before + 1 + kThreads);
  }
  EXPECT_EQ(count_settings(*opened()), kThreads);
}

TEST_F(Stores, TakeFewerCommitsThanWritesUnderLoad) {
  constexpr int kThreads = 32;
  constexpr int kEach = 50;
  const std::unique_ptr<Store> store = opened();
  in_threads(kThreads, [&](int thread) {
    for (int i = 0; i < kEach; ++i) {
      EXPECT_TRUE(put(*store, std::to_string(thread) + "/" + std::to_string(i)));
    }
  });
  EXPECT_EQ(count_settings(*store), kThreads * kEach);
  EXPECT_LT(store->batches_committed(), std::uint64_t{kThreads * kEach});
}

// SQLite's own words for it: 2 is FULL, 1 is NORMAL.
std::int64_t sync_level(Database& database) {
  Query query = database.query("PRAGMA synchronous").release_value();
  EXPECT_TRUE(query.next());
  return query.integer(0);
}

TEST_F(Stores, SyncEachCommitUnlessLessWasAskedFor) {
  const std::unique_ptr<Store> store = opened();
  const auto level = [](Database& database) -> Result<std::int64_t> {
    return sync_level(database);
  };
  EXPECT_EQ(*store->write(level), 2);
  EXPECT_EQ(*store->write(Survives::crash, level), 1);
  EXPECT_EQ(*store->write(Survives::power_cut, level), 2) << "and it comes back";
}

TEST_F(Stores, SyncACommitThatAnyoneInItNeedsSynced) {
  const std::unique_ptr<Store> store = opened();
  constexpr int kThreads = 8;
  std::atomic<int> unsynced_beside_synced = 0;
  std::atomic<std::int64_t> synced_in_batch = -1;
  std::vector<std::thread> threads;
  {
    const Gate gate(*store);
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        const Survives survives = i % 2 == 0 ? Survives::power_cut : Survives::crash;
        EXPECT_TRUE(store->write(survives, [&](Database& database) -> Result<void> {
          const auto batch = static_cast<std::int64_t>(store->batches_committed());
          if (survives == Survives::power_cut) {
            EXPECT_EQ(sync_level(database), 2);
            synced_in_batch = batch;
          } else if (synced_in_batch == batch && sync_level(database) != 2) {
            ++unsynced_beside_synced;
          }
          return {};
        }));
      });
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(unsynced_beside_synced.load(), 0);
}

TEST_F(Stores, UndoAFailedWriteAndKeepItsNeighbours) {
  const std::unique_ptr<Store> store = opened();
  std::atomic<int> refused = 0;
  in_threads(20, [&](int i) {
    const Result<void> written = store->write([&](Database& database) -> Result<void> {
      TRY(put_setting(database, std::to_string(i), "x"));
      if (i % 2 == 0) return Error(Errc::conflict, "changed my mind");
      return {};
    });
    if (!written.has_value() && written.error().code() == Errc::conflict) ++refused;
  });
  EXPECT_EQ(refused.load(), 10);
  EXPECT_EQ(count_settings(*store), 10);
}

TEST_F(Stores, TurnWhatAWriteOrAReadThrowsIntoAnError) {
  const std::unique_ptr<Store> store = opened();
  const Result<void> thrown = store->write([](Database& database) -> Result<void> {
    TRY(put_setting(database, "a", "1"));
    throw std::runtime_error("the library's own words");
  });
  EXPECT_EQ(code_of(thrown), Errc::internal);
  EXPECT_NE(thrown.error().text().find("the library's own words"), std::string_view::npos);
  EXPECT_FALSE(get(*store, "a")->has_value()) << "undone";
  EXPECT_EQ(code_of(store->write([](Database&) -> Result<void> { throw std::bad_alloc(); })),
            Errc::exhausted);
  for (int i = 0; i < 5; ++i) {  // more often than there are readers
    EXPECT_EQ(
        code_of(store->read([](Database&) -> Result<void> { throw std::runtime_error("x"); })),
        Errc::internal);
  }
  ASSERT_OK(put(*store, "b"));
}

TEST_F(Stores, RefuseAWriteOrAReadInsideAWriteInsteadOfWaitingForEver) {
  const std::unique_ptr<Store> store = opened();
  EXPECT_EQ(code_of(store->write([&](Database&) { return put(*store, "a"); })), Errc::internal);
  EXPECT_EQ(code_of(store->write([&](Database&) { return get(*store, "a"); })), Errc::internal);
}

TEST_F(Stores, CountAWritesStatementsForTheThreadThatAsked) {
  const std::unique_ptr<Store> store = opened();
  const auto cost = [&](const char* name) {
    const std::uint64_t before = Database::statements_run_on_this_thread();
    EXPECT_TRUE(put(*store, name));
    return Database::statements_run_on_this_thread() - before;
  };
  const std::uint64_t first = cost("a");
  EXPECT_GE(first, 1U);
  EXPECT_EQ(cost("b"), first);
}

TEST_F(Stores, AnswerTheWritesTheyHaveBegunBeforeTheyEnd) {
  constexpr int kRounds = 20;
  for (int round = 0; round < kRounds; ++round) {
    std::unique_ptr<Store> store = opened();
    std::latch begun(1);
    std::thread writer([&begun, round, &target = *store] {
      EXPECT_TRUE(target.write([&](Database& database) {
        begun.count_down();
        return put_setting(database, std::to_string(round), "x");
      }));
    });
    begun.wait();
    store.reset();
    writer.join();
  }
  EXPECT_EQ(count_settings(*opened()), kRounds);
}

// --- Readers ---

TEST(ReaderPool, RefusesWhoWaitsTooLongAndLendsWhatCameBack) {
  std::vector<Database> opened;
  opened.push_back(Database::open(":memory:", Access::read_write).release_value());
  ReaderPool pool(std::move(opened));
  Database lent = pool.borrow(std::chrono::milliseconds(0)).release_value();
  EXPECT_EQ(code_of(pool.borrow(std::chrono::milliseconds(0))), Errc::exhausted);
  pool.give_back(std::move(lent));
  EXPECT_TRUE(pool.borrow(std::chrono::milliseconds(0)));
}

// A walk in pieces gives its connection back and takes it again at once, over and over.
TEST(ReaderPool, LetsNobodyWaitBehindAWalkThatComesBack) {
  std::vector<Database> opened;
  opened.push_back(Database::open(":memory:", Access::read_write).release_value());
  ReaderPool pool(std::move(opened));
  std::optional<Database> walk;
  walk.emplace(pool.borrow(std::chrono::seconds(0)).release_value());
  std::atomic<bool> served = false;
  std::thread other([&] {
    Database lent = pool.borrow(std::chrono::seconds(60)).release_value();
    served = true;
    pool.give_back(std::move(lent));
  });
  int pieces = 0;
  for (; pieces < 5'000'000 && !served; ++pieces) {
    pool.give_back(std::move(*walk));
    walk.emplace(pool.borrow(std::chrono::seconds(60)).release_value());
  }
  EXPECT_TRUE(served) << pieces;
  pool.give_back(std::move(*walk));
  other.join();
}

}  // namespace
}  // namespace usher::store
