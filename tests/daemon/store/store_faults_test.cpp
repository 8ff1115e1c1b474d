// A store under a full disk, a failing disk, a foreign lock and kill -9: nothing is half done, and
// what was answered is there.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <mutex>

#include "daemon/store/audit.hpp"
#include "tests/daemon/store/fixture.hpp"

namespace usher::store {
namespace {

using StoreFaults = StoreTest;

// --- A full disk ---

TEST_F(StoreFaults, KeepTheOldStateWhenTheDiskIsFullAndGoOnWhenThereIsSpace) {
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

TEST_F(StoreFaults, AnswerEveryNeighbourOfAWriteThatFilledTheDiskTruly) {
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

// A disk that fails at the commit itself, where the log is written.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &before_), 0);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  ~FileSizeLimit() {
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &before_), 0);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  sighandler_t handler_ = nullptr;
};

TEST_F(StoreFaults, RefuseEveryWriteOfABatchThatCouldNotBeWrittenDown) {
  const std::unique_ptr<Store> store = opened();
  ASSERT_OK(put(*store, "old"));
  std::atomic<int> refused = 0;
  {
    const FileSizeLimit limit(std::filesystem::file_size(path_ + "-wal"));
    std::vector<std::thread> threads;
    {
      const Gate gate(*store);
      for (int i = 0; i < 10; ++i) {
        threads.emplace_back([&, i] {
          const Result<void> written = put(*store, std::to_string(i));
          if (!written.has_value() && written.error().code() == Errc::unavailable) ++refused;
        });
      }
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(refused.load(), 10);
    EXPECT_EQ(count_settings(*store), 1);
  }
  ASSERT_OK(put(*store, "new"));
  EXPECT_EQ(count_settings(*store), 2);
}

TEST_F(StoreFaults, RefuseEveryWriteOfABatchWhoseCommitFails) {
  const std::unique_ptr<Store> store = opened();
  std::atomic<int> refused = 0;
  std::atomic<int> standing = 0;
  in_threads(12, [&](int i) {
    const Result<void> written = store->write([&](Database& database) -> Result<void> {
      TRY(put_setting(database, std::to_string(i), "x"));
      if (i % 4 != 0) return {};
      TRY(database.execute("PRAGMA defer_foreign_keys = ON"));
      const std::string nobody = std::to_string(4711 + i);
      return database.execute(("INSERT INTO passwords VALUES (" + nobody + ", '$', 0, 0)").c_str());
    });
    if (i % 4 == 0) {
      EXPECT_EQ(code_of(written), Errc::conflict);
    }
    ++(written.has_value() ? standing : refused);
  });
  EXPECT_GE(refused.load(), 3);
  EXPECT_EQ(count_settings(*store), standing.load());
}

TEST_F(StoreFaults, SayTheyAreUnavailableWhileAnotherProgramWrites) {
  const std::unique_ptr<Store> store = opened();
  // Else the writer waits five seconds first.
  ASSERT_OK(
      store->write([](Database& database) { return database.execute("PRAGMA busy_timeout = 0"); }));
  Database other = Database::open(path_, Access::read_write).release_value();
  {
    const Transaction held = Transaction::begin(other).release_value();
    EXPECT_EQ(code_of(put(*store, "a")), Errc::unavailable);
    EXPECT_FALSE(get(*store, "a")->has_value()) << "readers go on";
  }
  ASSERT_OK(put(*store, "a"));
}

TEST_F(StoreFaults, SayTheyAreUnavailableInADirectoryThatMayNotBeWritten) {
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

TEST_F(StoreFaults, HaveEveryAnsweredWriteAfterAKill) {
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
    EXPECT_EQ(code_of(put(*store, "")), Errc::invalid_input)
        << "CHECKs are left out of the check only";
    // Both halves of a write, or none: as many audit records as settings, chained.
    EXPECT_FALSE(store->read([](Database& d) { return first_broken_audit(d); })->has_value());
    EXPECT_EQ(store->read([](Database& d) { return list_audit(d, 0, 1, ""); })->front().sequence,
              count_settings(*store));
  }
}

}  // namespace
}  // namespace usher::store
