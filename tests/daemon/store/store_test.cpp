// The writer, the readers and the opening of a store.
#include "daemon/store/store.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <latch>
#include <mutex>

#include "daemon/store/audit.hpp"
#include "daemon/store/settings.hpp"
#include "tests/daemon/store/fixture.hpp"

namespace usher::store {
namespace {

Result<void> put(Store& store, const std::string& name, const std::string& value = "x") {
  return store.write([&](Database& database) { return put_setting(database, name, value); });
}

Result<std::optional<std::string>> get(Store& store, const std::string& name) {
  return store.read([&](Database& database) { return find_setting(database, name); });
}

std::int64_t count_settings(Store& store) {
  return *store.read([](Database& database) -> Result<std::int64_t> {
    Query query = TRY(database.query("SELECT count(*) FROM settings"));
    TRY(query.next());
    return query.integer(0);
  });
}

// Holds the writer inside a write, so that what is asked meanwhile arrives together.
class Gate {
 public:
  explicit Gate(Store& store)
      : thread_([this, &store] {
          (void)store.write([this](Database&) -> Result<void> {
            entered_.count_down();
            open_.wait();
            return {};
          });
        }) {
    entered_.wait();
  }
  ~Gate() {
    open_.count_down();
    thread_.join();
  }

 private:
  std::latch entered_{1};
  std::latch open_{1};
  std::thread thread_;
};

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

// --- Writing and reading ---

class Stores : public StoreFile {
 protected:
  std::unique_ptr<Store> opened() { return open().release_value(); }
};

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

// --- A full disk ---

TEST_F(Stores, KeepTheOldStateWhenTheDiskIsFullAndGoOnWhenThereIsSpace) {
  const std::unique_ptr<Store> store = opened();
  ASSERT_OK(put(*store, "old", "value"));
  const auto limit = [&](const char* sql) {
    return store->write([&](Database& database) { return database.execute(sql); });
  };
  ASSERT_OK(limit("PRAGMA max_page_count = 1"));  // SQLite takes the present size
  const std::string large(100'000, 'x');
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(code_of(put(*store, "large", large)), Errc::exhausted);
    EXPECT_FALSE(get(*store, "large")->has_value());
    EXPECT_EQ(**get(*store, "old"), "value");
  }
  ASSERT_OK(put(*store, "small", "fits"));
  ASSERT_OK(limit("PRAGMA max_page_count = 1000000"));
  ASSERT_OK(put(*store, "large", large));
  EXPECT_EQ(**get(*store, "large"), large);
  EXPECT_EQ(**get(*store, "small"), "fits");
}

TEST_F(Stores, AnswerEveryNeighbourOfAWriteThatFilledTheDiskTruly) {
  const std::unique_ptr<Store> store = opened();
  ASSERT_OK(store->write(
      [](Database& database) { return database.execute("PRAGMA max_page_count = 1"); }));
  const std::string large(100'000, 'x');
  std::mutex mutex;
  std::vector<std::string> acknowledged;
  std::vector<std::thread> threads;
  {
    const Gate gate(*store);
    for (int i = 0; i < 24; ++i) {
      threads.emplace_back([&, i] {
        const std::string name = std::to_string(i);
        const Result<void> written = put(*store, name, i % 4 == 0 ? large : "small");
        if (i % 4 == 0) {
          EXPECT_EQ(code_of(written), Errc::exhausted);
        }
        const std::lock_guard lock(mutex);
        if (written.has_value()) acknowledged.push_back(name);
      });
    }
  }
  for (std::thread& thread : threads) thread.join();
  // Exactly the acknowledged ones are there.
  EXPECT_EQ(count_settings(*store), static_cast<std::int64_t>(acknowledged.size()));
  for (const std::string& name : acknowledged) EXPECT_TRUE(get(*store, name)->has_value());
}

TEST_F(Stores, SayTheyAreUnavailableInADirectoryThatMayNotBeWritten) {
  constexpr uid_t kNobody = 65534;
  opened().reset();
  const bool root = ::geteuid() == 0;  // whom no mode stops
  if (root) {
    ASSERT_EQ(::chown(directory_.c_str(), kNobody, kNobody), 0);
    ASSERT_EQ(::chown(path_.c_str(), kNobody, kNobody), 0);
  }
  ASSERT_EQ(::chmod(directory_.c_str(), 0500), 0);
  const std::string before = read_file(path_);
  if (root) {
    ASSERT_EQ(::seteuid(kNobody), 0);
  }
  const Result<std::unique_ptr<Store>> refused = open();
  const Result<std::unique_ptr<Store>> not_made = Store::open({.path = directory_ + "/other.db"});
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  ASSERT_EQ(::chmod(directory_.c_str(), 0700), 0);
  EXPECT_EQ(code_of(refused), Errc::unavailable);
  EXPECT_EQ(code_of(not_made), Errc::not_permitted);
  EXPECT_EQ(read_file(path_), before);
}

// --- kill -9 ---

// The child writes, tells the parent each write it was answered for, and is killed in the middle.
// Returns what the parent was told.
std::vector<std::string> kill_a_writer_after(const std::string& path, int answers) {
  int pipe_ends[2];
  EXPECT_EQ(::pipe(pipe_ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(pipe_ends[0]);
    Result<std::unique_ptr<Store>> store = Store::open({.path = path});
    if (!store.has_value()) ::_exit(1);
    in_threads(4, [&](int thread) {
      for (int i = 0;; ++i) {
        char name[32];
        const int size = std::snprintf(name, sizeof name, "%d/%d/%d\n", ::getpid(), thread, i);
        const std::string_view line(name, static_cast<std::size_t>(size));
        AuditRecord audit;
        audit.operation = "authenticate";
        audit.outcome = "accept";
        const Result<void> written = (*store)->write([&](Database& database) -> Result<void> {
          TRY(put_setting(database, line.substr(0, line.size() - 1), "x"));
          TRY(append_audit(database, audit));
          return {};
        });
        // A line is shorter than PIPE_BUF: written whole or not at all.
        if (!written.has_value() || ::write(pipe_ends[1], line.data(), line.size()) < 0) ::_exit(1);
      }
    });
  }
  ::close(pipe_ends[1]);
  std::string told;
  char buffer[4096];
  bool killed = false;
  while (true) {
    const ssize_t got = ::read(pipe_ends[0], buffer, sizeof buffer);
    if (got <= 0) break;
    told.append(buffer, static_cast<std::size_t>(got));
    if (!killed && std::count(told.begin(), told.end(), '\n') >= answers) {
      EXPECT_EQ(::kill(child, SIGKILL), 0);
      killed = true;
    }
  }
  ::close(pipe_ends[0]);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself";
  std::vector<std::string> names;
  for (std::size_t begin = 0, end = 0; (end = told.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    names.push_back(told.substr(begin, end - begin));
  }
  return names;
}

TEST_F(Stores, HaveEveryAnsweredWriteAfterAKill) {
  std::vector<std::string> answered;
  for (const int answers : {1, 2, 3, 10, 50, 200, 400, 777, 1500}) {
    const std::vector<std::string> told = kill_a_writer_after(path_, answers);
    EXPECT_GE(told.size(), static_cast<std::size_t>(answers));
    answered.insert(answered.end(), told.begin(), told.end());
    const std::unique_ptr<Store> store = opened();
    for (const std::string& name : answered) {
      EXPECT_TRUE(get(*store, name)->has_value()) << name;
    }
    const Result<std::string> check = store->read([](Database& database) -> Result<std::string> {
      Query query = TRY(database.query("PRAGMA integrity_check"));
      TRY(query.next());
      return query.text(0);
    });
    EXPECT_EQ(*check, "ok");
    // Both halves of a write, or none: as many audit records as settings, chained.
    EXPECT_FALSE(store->read([](Database& d) { return first_broken_audit(d); })->has_value());
    EXPECT_EQ(store->read([](Database& d) { return list_audit(d, 0, 1, ""); })->front().sequence,
              count_settings(*store));
  }
}

}  // namespace
}  // namespace usher::store
