// A store that is not what was written: refused with the cure named, and not touched.
#include <sys/stat.h>

#include <algorithm>
#include <cstring>

#include "daemon/store/audit.hpp"
#include "daemon/store/factors.hpp"
#include "daemon/store/passwords.hpp"
#include "daemon/store/settings.hpp"
#include "tests/daemon/store/fixture.hpp"

namespace usher::store {
namespace {

constexpr int kPeople = 60;

class Damage : public StoreFile {
 protected:
  void SetUp() override {
    StoreFile::SetUp();
    const std::unique_ptr<Store> store = open().release_value();
    ASSERT_OK(store->write([](Database& database) -> Result<void> {
      for (int i = 1; i <= kPeople; ++i) TRY(add(database, i));
      return {};
    }));
  }
  void TearDown() override { StoreFile::TearDown(); }

  static Result<void> add(Database& database, int number) {
    const PersonRecord person = TRY(add_person(database,
                                               {.name = name_from("p" + std::to_string(number)),
                                                .display_name = "Person",
                                                .uid = std::nullopt},
                                               uuid_of(number), kNow));
    TRY(put_password(database, person.id, {.phc = std::string(100, '$'), .changed_at = kNow}));
    FactorRecord factor;
    factor.person = person.id;
    factor.uuid = uuid_of(number);
    factor.kind = "totp";
    factor.sealed = std::string(60, 's');
    TRY(put_pending_factor(database, factor));
    AuditRecord audit;
    audit.operation = "admin.AddUser";
    audit.outcome = "accept";
    audit.person = person.name.view();
    TRY(append_audit(database, audit));
    return {};
  }

  // Everything there is, as text.
  static Result<std::string> dump(Database& database) {
    std::string all;
    for (const char* sql :
         {"SELECT quote(id) || quote(uuid) || quote(name) || quote(display_name) || quote(uid) || "
          "quote(state) || quote(epoch) || quote(created_at) FROM people ORDER BY id",
          "SELECT quote(person) || quote(phc) FROM passwords ORDER BY person",
          "SELECT quote(id) || quote(person) || quote(uuid) || quote(sealed) FROM factors ORDER BY "
          "id",
          "SELECT quote(sequence) || quote(person) || quote(hash) FROM audit ORDER BY sequence",
          "SELECT name || sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"}) {
      Query query = TRY(database.query(sql));
      while (TRY(query.next())) all.append(query.text(0)).append("\n");
    }
    return all;
  }
  Result<std::string> dump_store() {
    std::unique_ptr<Store> store = TRY(open());
    return store->read([](Database& database) { return dump(database); });
  }

  // Refused as damaged or unsupported with the file untouched, or opened with all its data.
  void expect_refused_or_intact(const std::string& bytes, const std::string& intact) {
    remove_files();
    write_file(path_, bytes);
    ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
    const Result<std::string> found = dump_store();
    if (found.has_value()) {
      EXPECT_EQ(*found, intact);
      ++intact_;
      return;
    }
    ++refused_;
    const Errc code = found.error().code();
    EXPECT_TRUE(code == Errc::damaged || code == Errc::unsupported) << found.error().text();
    EXPECT_EQ(read_file(path_), bytes) << "a refused file was changed";
  }
  void remove_files() {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
      std::filesystem::remove(path_ + suffix);
    }
  }

  int intact_ = 0;
  int refused_ = 0;
};

// A fixed sequence (Knuth's MMIX generator): the same mutants each time.
class Sequence {
 public:
  std::size_t next(std::size_t below) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(state_ >> 33U) % below;
  }

 private:
  std::uint64_t state_ = 1;
};

TEST_F(Damage, OfOneBitIsNeverServed) {
  const std::string intact = *dump_store();
  const std::string bytes = read_file(path_);
  Sequence sequence;
  for (int i = 0; i < 400; ++i) {
    std::string mutant = bytes;
    const std::size_t at = sequence.next(mutant.size());
    mutant[at] = static_cast<char>(mutant[at] ^ (1 << sequence.next(8)));
    SCOPED_TRACE("a bit of byte " + std::to_string(at));
    expect_refused_or_intact(mutant, intact);
  }
  EXPECT_EQ(refused_, 400) << "every page has a checksum";
}

TEST_F(Damage, OfTheHeaderIsNeverServed) {
  const std::string intact = *dump_store();
  const std::string bytes = read_file(path_);
  for (std::size_t at = 0; at < 110; ++at) {
    std::string mutant = bytes;
    mutant[at] = static_cast<char>(mutant[at] ^ 0x55);
    SCOPED_TRACE("byte " + std::to_string(at));
    expect_refused_or_intact(mutant, intact);
  }
  EXPECT_EQ(refused_, 110);
}

TEST_F(Damage, OfALostEndIsNeverServed) {
  const std::string intact = *dump_store();
  const std::string bytes = read_file(path_);
  Sequence sequence;
  for (int i = 0; i < 100; ++i) {
    const std::size_t size = i == 0 ? 0 : sequence.next(bytes.size());
    SCOPED_TRACE("cut to " + std::to_string(size));
    expect_refused_or_intact(bytes.substr(0, size), intact);
  }
  EXPECT_EQ(refused_, 100);
}

// SQLite reads what is missing of a page as zeros, and may find nothing wrong with them.
TEST_F(Damage, OfThePartOfAPageIsNeverServed) {
  const std::string intact = *dump_store();
  const std::string bytes = read_file(path_);
  for (const std::size_t cut : std::initializer_list<std::size_t>{1, 8, 9, 100, 2000, 4095}) {
    SCOPED_TRACE(std::to_string(cut) + " bytes cut off");
    expect_refused_or_intact(bytes.substr(0, bytes.size() - cut), intact);
  }
  EXPECT_EQ(refused_, 6);
}

TEST_F(Damage, OfAWholePageIsNeverServed) {
  const std::string intact = *dump_store();
  const std::string bytes = read_file(path_);
  const std::size_t pages = bytes.size() / 4096;
  for (std::size_t page = 0; page < pages; ++page) {
    std::string zeroed = bytes;
    std::memset(zeroed.data() + page * 4096, 0, 4096);
    SCOPED_TRACE("page " + std::to_string(page));
    expect_refused_or_intact(zeroed, intact);
    // Each page is right by itself, and in the wrong place.
    std::string swapped = bytes;
    const std::size_t other = (page + 1) % pages;
    std::memcpy(swapped.data() + page * 4096, bytes.data() + other * 4096, 4096);
    std::memcpy(swapped.data() + other * 4096, bytes.data() + page * 4096, 4096);
    expect_refused_or_intact(swapped, intact);
  }
  EXPECT_EQ(static_cast<std::size_t>(refused_), 2 * pages);
}

TEST_F(Damage, NamesTheCure) {
  std::string bytes = read_file(path_);
  bytes[5000] = static_cast<char>(bytes[5000] ^ 1);
  write_file(path_, bytes);
  const Result<std::unique_ptr<Store>> store = open();
  ASSERT_EQ(code_of(store), Errc::damaged);
  const std::string text(store.error().text());
  EXPECT_NE(text.find("stop usherd, move the file away and restore the last backup; nothing was "
                      "changed"),
            std::string::npos)
      << text;
}

TEST_F(Damage, LeavesTheLogOfARefusedStoreUntouchedToo) {
  const std::string log(8192, 'w');
  std::string bytes = read_file(path_);
  bytes[5000] = static_cast<char>(bytes[5000] ^ 1);
  write_file(path_, bytes);
  write_file(path_ + "-wal", log);
  EXPECT_EQ(code_of(open()), Errc::damaged);
  EXPECT_EQ(read_file(path_), bytes);
  EXPECT_EQ(read_file(path_ + "-wal"), log);
}

TEST_F(Damage, WhileItIsOpenIsNoticedByTheNextReader) {
  const std::unique_ptr<Store> store = open().release_value();
  std::string bytes = read_file(path_);
  for (std::size_t page = 0; page < bytes.size(); page += 4096) {
    bytes[page + 2000] = static_cast<char>(bytes[page + 2000] ^ 1);
  }
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  EXPECT_EQ(code_of(store->read([](Database& database) { return dump(database); })), Errc::damaged);
}

TEST_F(Damage, OfTheLogLosesItsEndAtMost) {
  // Ten more people, all still in the log.
  remove_files();
  std::vector<std::string> states;
  std::string file;
  std::string log;
  {
    const std::unique_ptr<Store> store = open().release_value();
    for (int i = 1; i <= 10; ++i) {
      states.push_back(*store->read([](Database& database) { return dump(database); }));
      ASSERT_OK(store->write([&](Database& database) { return add(database, i); }));
    }
    states.push_back(*store->read([](Database& database) { return dump(database); }));
    file = read_file(path_);
    log = read_file(path_ + "-wal");
  }
  Sequence sequence;
  for (int i = 0; i < 60; ++i) {
    remove_files();
    write_file(path_, file);
    ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
    std::string mutant = log;
    if (i % 2 == 0) {
      const std::size_t at = sequence.next(mutant.size());
      mutant[at] = static_cast<char>(mutant[at] ^ 1);
    } else {
      mutant.resize(sequence.next(mutant.size()));
    }
    write_file(path_ + "-wal", mutant);
    const Result<std::string> found = dump_store();
    if (!found.has_value()) {
      EXPECT_EQ(found.error().code(), Errc::damaged) << found.error().text();
      continue;
    }
    EXPECT_NE(std::find(states.begin(), states.end(), *found), states.end())
        << "no state there ever was";
  }
}

TEST_F(Damage, OfALostFileIsNotHealedByANewOneBesideItsLog) {
  const std::string log = "what is left";
  std::filesystem::remove(path_);
  write_file(path_ + "-wal", log);
  EXPECT_EQ(code_of(open()), Errc::damaged);
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_EQ(read_file(path_ + "-wal"), log);
}

TEST_F(Damage, IsNotWhatACutOffFirstStartLeaves) {
  remove_files();
  write_file(path_ + ".new", "half");
  write_file(path_ + ".new-wal", "half");
  ASSERT_OK(open());
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new-wal"));
}

TEST_F(Damage, IsNotWhatANewerUsherLeaves) {
  {
    Database database = Database::open(path_, Access::read_write).release_value();
    database.merge_log_on_close();
    ASSERT_OK(database.execute("PRAGMA user_version = 9999"));
  }
  const std::string before = read_file(path_);
  EXPECT_EQ(code_of(open()), Errc::unsupported);
  EXPECT_EQ(read_file(path_), before);
}

TEST_F(Damage, IsRefusedForWhatIsNoStoreAtAll) {
  const std::string others[] = {"",
                                "x",
                                std::string(4096, '\0'),
                                std::string(10000, 'x'),
                                "SQLite format 3",
                                std::string("SQLite format 3\0", 16)};
  for (const std::string& bytes : others) {
    write_file(path_, bytes);
    EXPECT_EQ(code_of(open()), Errc::damaged);
    EXPECT_EQ(read_file(path_), bytes);
  }
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_FALSE(open().has_value());
  std::filesystem::remove(path_);
  std::filesystem::create_symlink("/dev/null", path_);
  EXPECT_EQ(code_of(open()), Errc::not_permitted);
}

}  // namespace
}  // namespace usher::store
