// One connection: what is bound comes back, what fails says why, what is not committed is gone.
#include "daemon/store/database.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "tests/daemon/store/fixture.hpp"

namespace usher::store {
namespace {

class Connections : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(database_.execute("CREATE TABLE t (n INTEGER UNIQUE, s TEXT, b BLOB) STRICT"));
  }
  Result<void> insert(std::int64_t number) {
    Query query = TRY(database_.query("INSERT INTO t (n) VALUES (?)"));
    return query.bind(number).run();
  }
  std::int64_t count() {
    Query query = database_.query("SELECT count(*) FROM t").release_value();
    EXPECT_TRUE(*query.next());
    return query.integer(0);
  }

  Database database_ = Database::open(":memory:", Access::read_write).release_value();
};

TEST_F(Connections, GiveBackWhatWasBound) {
  const std::string bytes("a\0\xff", 3);
  {
    Query query = database_.query("INSERT INTO t VALUES (?, ?, ?)").release_value();
    ASSERT_OK(query.bind(std::int64_t{-5}).bind("te\0xt").bind_blob(bytes).run());
  }
  Query query = database_.query("SELECT n, s, b FROM t").release_value();
  ASSERT_TRUE(*query.next());
  EXPECT_EQ(query.integer(0), -5);
  EXPECT_EQ(query.text(1), "te");
  EXPECT_EQ(query.text(2), bytes);
  EXPECT_FALSE(*query.next());
  EXPECT_FALSE(*query.next()) << "the end stays the end";
}

TEST_F(Connections, BindAnEmptyTextAsATextAndNullAsNull) {
  {
    Query query = database_.query("INSERT INTO t VALUES (?, ?, ?)").release_value();
    ASSERT_OK(query.bind_null().bind(std::string_view()).bind_blob(std::string_view()).run());
  }
  Query query = database_.query("SELECT n, s, b FROM t").release_value();
  ASSERT_TRUE(*query.next());
  EXPECT_TRUE(query.is_null(0));
  EXPECT_FALSE(query.is_null(1));
  EXPECT_FALSE(query.is_null(2));
  EXPECT_EQ(query.text(1), "");
}

TEST_F(Connections, RunTheSameTextWhileItIsBorrowed) {
  ASSERT_OK(insert(1));
  ASSERT_OK(insert(2));
  const char* const sql = "SELECT n FROM t ORDER BY n";
  Query outer = database_.query(sql).release_value();
  ASSERT_TRUE(*outer.next());
  {
    Query inner = database_.query(sql).release_value();
    ASSERT_TRUE(*inner.next());
    ASSERT_TRUE(*inner.next());
    EXPECT_EQ(inner.integer(0), 2);
  }
  EXPECT_EQ(outer.integer(0), 1);
  ASSERT_TRUE(*outer.next());
  EXPECT_EQ(outer.integer(0), 2);
}

TEST_F(Connections, NeverRunAnotherTextFromTheSameAddress) {
  ASSERT_OK(insert(7));
  char sql[] = "SELECT n + 0 FROM t";
  for (const std::int64_t added : {0, 1, 2}) {
    sql[11] = static_cast<char>('0' + added);
    Query query = database_.query(sql).release_value();
    ASSERT_TRUE(*query.next());
    EXPECT_EQ(query.integer(0), 7 + added);
  }
}

TEST_F(Connections, RefuseAStatementWithAParameterMissingOrTooMany) {
  const char* const sql = "INSERT INTO t (n) VALUES (?)";
  EXPECT_EQ(code_of(database_.query(sql).release_value().run()), Errc::internal);
  Query query = database_.query(sql).release_value();
  EXPECT_EQ(code_of(query.bind(std::int64_t{1}).bind(std::int64_t{2}).run()), Errc::invalid_input);
  EXPECT_EQ(count(), 0);
}

TEST_F(Connections, SayWhatAConstraintMinds) {
  ASSERT_OK(insert(1));
  EXPECT_EQ(code_of(insert(1)), Errc::already_exists);
  EXPECT_EQ(code_of(database_.execute("INSERT INTO t (n) VALUES ('x')")), Errc::invalid_input);
  EXPECT_EQ(code_of(database_.query("SELECT nothing")), Errc::internal);
  EXPECT_EQ(code_of(database_.query("SELECT \"n a text\" FROM t")), Errc::internal);
}

TEST_F(Connections, UndoATransactionThatIsNotCommitted) {
  {
    const Transaction transaction = Transaction::begin(database_).release_value();
    ASSERT_OK(insert(1));
  }
  EXPECT_EQ(count(), 0);
  Transaction transaction = Transaction::begin(database_).release_value();
  ASSERT_OK(insert(1));
  ASSERT_OK(transaction.commit());
  EXPECT_EQ(count(), 1);
}

TEST_F(Connections, UndoAnInnerTransactionAlone) {
  Transaction outer = Transaction::begin(database_).release_value();
  ASSERT_OK(insert(1));
  {
    const Transaction undone = Transaction::begin(database_).release_value();
    ASSERT_OK(insert(2));
    Transaction kept_inside = Transaction::begin(database_).release_value();
    ASSERT_OK(insert(3));
    ASSERT_OK(kept_inside.commit());
  }
  {
    Transaction kept = Transaction::begin(database_).release_value();
    ASSERT_OK(insert(4));
    ASSERT_OK(kept.commit());
  }
  ASSERT_OK(outer.commit());
  EXPECT_EQ(count(), 2);
}

TEST_F(Connections, RunNothingOutsideATransactionThatWasLost) {
  {
    const Transaction outer = Transaction::begin(database_).release_value();
    ASSERT_OK(insert(1));
    ASSERT_OK(database_.execute("ROLLBACK"));  // as SQLite does by itself on a full disk
    EXPECT_TRUE(database_.transaction_lost());
    EXPECT_EQ(code_of(insert(2)), Errc::conflict);
    EXPECT_EQ(code_of(database_.execute("INSERT INTO t (n) VALUES (3)")), Errc::conflict);
    EXPECT_EQ(code_of(Transaction::begin(database_)), Errc::conflict);
  }
  EXPECT_FALSE(database_.transaction_lost());
  EXPECT_EQ(count(), 0);
  ASSERT_OK(insert(4));
}

TEST_F(Connections, CountTheStatementsOfThisThread) {
  const std::uint64_t before = Database::statements_run_on_this_thread();
  ASSERT_OK(insert(1));
  count();
  EXPECT_EQ(Database::statements_run_on_this_thread(), before + 2);
}

TEST_F(Connections, FollowTheRulesTheFileStates) {
  const auto pragma = [&](const char* sql) {
    Query query = database_.query(sql).release_value();
    EXPECT_TRUE(*query.next());
    return query.integer(0);
  };
  EXPECT_EQ(pragma("PRAGMA synchronous"), 2);
  EXPECT_EQ(pragma("PRAGMA foreign_keys"), 1);
  EXPECT_EQ(pragma("PRAGMA secure_delete"), 1);
  EXPECT_EQ(pragma("PRAGMA cell_size_check"), 1);
  EXPECT_EQ(pragma("PRAGMA trusted_schema"), 0);
  EXPECT_EQ(pragma("PRAGMA recursive_triggers"), 1);
}

class Files : public StoreFile {
 protected:
  Result<Database> open_file(Access access = Access::read_write) {
    return Database::open(path_, access);
  }
};

TEST_F(Files, AreMade0600UnderAnyUmask) {
  const mode_t before = ::umask(0);
  Result<Database> database = open_file();
  const bool written =
      database.has_value() && database->execute("CREATE TABLE t (n INTEGER)").has_value();
  ::umask(before);
  ASSERT_TRUE(written);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat status {};
    ASSERT_EQ(::stat((path_ + suffix).c_str(), &status), 0) << suffix;
    EXPECT_EQ(status.st_mode & 07777, 0600U) << suffix;
  }
}

TEST_F(Files, KeepALogAndAChecksumInEveryPage) {
  Database database = open_file().release_value();
  ASSERT_OK(database.execute("CREATE TABLE t (n INTEGER) STRICT"));
  Query query = database.query("PRAGMA journal_mode").release_value();
  ASSERT_TRUE(*query.next());
  EXPECT_EQ(query.text(0), "wal");
}

TEST_F(Files, AreRefusedWhenOthersMayWriteThem) {
  ASSERT_OK(open_file());
  for (const mode_t mode : {0620U, 0602U, 0666U}) {
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
    EXPECT_EQ(code_of(open_file()), Errc::not_permitted);
    EXPECT_EQ(code_of(open_file(Access::read_only)), Errc::not_permitted);
  }
  ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
  ASSERT_OK(open_file());
}

TEST_F(Files, AreRefusedWhenTheyBelongToSomebodyElse) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_OK(open_file());
  ASSERT_EQ(::chown(path_.c_str(), 12345, 12345), 0);
  EXPECT_EQ(code_of(open_file()), Errc::not_permitted);
}

TEST_F(Files, AreRefusedBehindALinkButFoundInALinkedDirectory) {
  std::filesystem::create_directory(directory_ + "/real");
  std::filesystem::create_directory_symlink(directory_ + "/real", directory_ + "/linked");
  ASSERT_OK(Database::open(directory_ + "/linked/usher.db", Access::read_write));
  std::filesystem::create_symlink(directory_ + "/real/usher.db", path_);
  EXPECT_EQ(code_of(open_file()), Errc::not_permitted);
}

TEST_F(Files, AreNotMadeByReaders) {
  EXPECT_EQ(code_of(open_file(Access::read_only)), Errc::not_found);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(Files, AreNotWrittenByReaders) {
  Database writer = open_file().release_value();
  ASSERT_OK(writer.execute("CREATE TABLE t (n INTEGER) STRICT"));
  Database reader = open_file(Access::read_only).release_value();
  EXPECT_EQ(code_of(reader.execute("INSERT INTO t VALUES (1)")), Errc::unavailable);
}

TEST_F(Files, NoLongerHoldWhatWasDeleted) {
  const std::string seed = "find-me-if-you-can-0123456789";
  {
    Database database = open_file().release_value();
    database.merge_log_on_close();
    ASSERT_OK(database.execute("CREATE TABLE t (s TEXT) STRICT"));
    Query query = database.query("INSERT INTO t VALUES (?)").release_value();
    ASSERT_OK(query.bind(seed).run());
  }
  ASSERT_NE(read_file(path_).find(seed), std::string::npos);
  {
    Database database = open_file().release_value();
    database.merge_log_on_close();
    ASSERT_OK(database.execute("DELETE FROM t"));
  }
  EXPECT_EQ(read_file(path_).find(seed), std::string::npos);
}

}  // namespace
}  // namespace usher::store
