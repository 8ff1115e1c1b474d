// A store to test with: in memory, or a file in a directory of its own.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <latch>
#include <thread>

#include "daemon/crypto/sodium.hpp"
#include "daemon/store/people.hpp"
#include "daemon/store/settings.hpp"
#include "daemon/store/store.hpp"

namespace usher::store {

inline constexpr ports::Instant kNow{std::chrono::milliseconds{1'700'000'000'000}};
inline constexpr std::chrono::minutes kMinute{1};

inline UserName name_from(std::string_view text) {
  return *UserName::parse(text);
}

// 32 hex digits, another for each number.
inline std::string uuid_of(int number) {
  char text[33];
  std::snprintf(text, sizeof text, "%032x", static_cast<unsigned>(number));
  return text;
}

// A failed Result prints its error and stops the test that asked.
#define ASSERT_OK(expression)                                         \
  do {                                                                \
    const auto& assert_ok_ = (expression);                            \
    ASSERT_TRUE(assert_ok_.has_value())                               \
        << (assert_ok_.has_value() ? "" : assert_ok_.error().text()); \
  } while (false)

inline Errc code_of(const auto& result) {
  EXPECT_FALSE(result.has_value()) << "an error was expected";
  return result.has_value() ? Errc::internal : result.error().code();
}

// One connection in memory with the newest schema: enough for the tables.
inline Database memory_database() {
  EXPECT_TRUE(crypto::initialise());
  Database database = Database::open(":memory:", Access::read_write).release_value();
  EXPECT_TRUE(migrate(database));
  return database;
}

class Tables : public testing::Test {
 protected:
  PersonRecord add(std::string_view name, std::optional<Uid> uid = std::nullopt) {
    return add_person(database_, {.name = name_from(name), .display_name = "A Person", .uid = uid},
                      uuid_of(++people_), kNow)
        .release_value();
  }

  Database database_ = memory_database();
  int people_ = 0;
};

class StoreFile : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto::initialise());
    std::string pattern = (std::filesystem::temp_directory_path() / "usher-store-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    path_ = directory_ + "/usher.db";
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  Result<std::unique_ptr<Store>> open() { return Store::open({.path = path_}); }

  static std::string read_file(const std::string& path) {
    std::string bytes(std::filesystem::file_size(path), '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return bytes;
  }
  static void write_file(const std::string& path, std::string_view bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }

  std::string directory_, path_;
};

class StoreTest : public StoreFile {
 protected:
  std::unique_ptr<Store> opened() { return open().release_value(); }
};

// Settings stand for any row in the tests of the writer.
inline Result<void> put(Store& store, const std::string& name, const std::string& value = "x") {
  return store.write([&](Database& database) { return put_setting(database, name, value); });
}

inline Result<std::optional<std::string>> get(Store& store, const std::string& name) {
  return store.read([&](Database& database) { return find_setting(database, name); });
}

inline std::int64_t count_settings(Store& store) {
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

// Runs `work(thread)` in `count` threads at once and waits for them.
void in_threads(int count, const auto& work) {
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) threads.emplace_back([&work, i] { work(i); });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace usher::store
