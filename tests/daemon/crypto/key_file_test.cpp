// Where the master key comes from, and every reason to refuse one.
#include "daemon/crypto/key_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace usher::crypto {
namespace {

namespace fs = std::filesystem;

class KeyFile : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(initialise());
    std::string pattern = (fs::temp_directory_path() / "usher-key-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    path_ = directory_ + "/master.key";
    credentials_ = directory_ + "/credentials";
    fs::create_directory(credentials_);
  }
  void TearDown() override { fs::remove_all(directory_); }

  static void write(const std::string& path, const std::string& bytes, mode_t mode) {
    std::ofstream(path, std::ios::binary) << bytes;
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
  }
  static std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  Result<MasterKey> load(bool may_create, const std::string& credentials = {}) {
    return load_master_key(credentials, path_, may_create, entropy_);
  }
  void expect_refused(Errc code) {
    const Result<MasterKey> key = load(true);
    ASSERT_FALSE(key.has_value());
    EXPECT_EQ(key.error().code(), code) << key.error().text();
    EXPECT_NE(key.error().text().find(path_), std::string_view::npos) << "names the file";
  }
  static std::string bytes_of(const MasterKey& key) {
    return {reinterpret_cast<const char*>(key.key.bytes()), kKeyBytes};
  }

  SodiumEntropy entropy_;
  std::string directory_, path_, credentials_;
};

TEST_F(KeyFile, IsMadeOnceAndReadTheSameAfterwards) {
  const MasterKey made = load(true).release_value();
  EXPECT_EQ(made.source, KeySource::file);
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_EQ(bytes_of(made), bytes_of(load(true).release_value()));
  EXPECT_EQ(bytes_of(made), bytes_of(load(false).release_value()));
  EXPECT_EQ(bytes_of(made), read(path_));
  EXPECT_FALSE(fs::exists(path_ + ".new"));
}

TEST_F(KeyFile, IsMade0600UnderAnyUmask) {
  const mode_t before = ::umask(0777);
  const bool made = load(true).has_value();
  ::umask(before);
  ASSERT_TRUE(made);
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
}

TEST_F(KeyFile, IsMadeDespiteWhatACutOffStartLeft) {
  write(path_ + ".new", "half", 0600);
  EXPECT_TRUE(load(true).has_value());
  EXPECT_EQ(read(path_).size(), kKeyBytes);
}

TEST_F(KeyFile, IsNotMadeWhenAStoreAlreadyNeedsTheOldOne) {
  const Result<MasterKey> key = load(false);
  ASSERT_FALSE(key.has_value());
  EXPECT_EQ(key.error().code(), Errc::not_found);
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(KeyFile, IsRefusedWhenOthersCanReachIt) {
  for (const mode_t mode : {0640U, 0604U, 0660U, 0602U, 0644U, 0666U}) {
    write(path_, std::string(kKeyBytes, 'k'), mode);
    expect_refused(Errc::not_permitted);
  }
}

TEST_F(KeyFile, IsRefusedAtAnyOtherSizeAndNeverReplaced) {
  for (const std::size_t size : {0U, 1U, 31U, 33U, 64U}) {
    write(path_, std::string(size, 'k'), 0600);
    expect_refused(Errc::damaged);
    EXPECT_EQ(read(path_), std::string(size, 'k'));
  }
}

TEST_F(KeyFile, IsRefusedBehindASymbolicLink) {
  write(directory_ + "/elsewhere", std::string(kKeyBytes, 'k'), 0600);
  fs::create_symlink(directory_ + "/elsewhere", path_);
  expect_refused(Errc::not_permitted);
}

TEST_F(KeyFile, IsNotMadeThroughADanglingLink) {
  fs::create_symlink(directory_ + "/elsewhere", path_);
  expect_refused(Errc::not_permitted);
  EXPECT_FALSE(fs::exists(directory_ + "/elsewhere"));
}

TEST_F(KeyFile, IsRefusedWhenItIsAPipeOrADirectory) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  expect_refused(Errc::not_permitted);
  fs::remove(path_);
  fs::create_directory(path_);
  expect_refused(Errc::not_permitted);
}

TEST_F(KeyFile, IsRefusedWhenItBelongsToSomebodyElse) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  write(path_, std::string(kKeyBytes, 'k'), 0600);
  ASSERT_EQ(::chown(path_.c_str(), 12345, 12345), 0);
  expect_refused(Errc::not_permitted);
}

TEST_F(KeyFile, ComesFromTheCredentialFirst) {
  write(path_, std::string(kKeyBytes, 'f'), 0600);
  // 0440: how an ACL for the service's user shows in the mode.
  write(credentials_ + "/" + kCredentialName, std::string(kKeyBytes, 'c'), 0440);
  const MasterKey key = load(true, credentials_).release_value();
  EXPECT_EQ(key.source, KeySource::credential);
  EXPECT_EQ(bytes_of(key), std::string(kKeyBytes, 'c'));
}

TEST_F(KeyFile, ComesFromTheFileWhenThereIsNoSuchCredential) {
  write(path_, std::string(kKeyBytes, 'f'), 0600);
  EXPECT_EQ(load(true, credentials_)->source, KeySource::file);
}

TEST_F(KeyFile, DoesNotFallBackFromABadCredentialToTheFile) {
  write(path_, std::string(kKeyBytes, 'f'), 0600);
  write(credentials_ + "/" + kCredentialName, "short", 0400);
  EXPECT_FALSE(load(true, credentials_).has_value());
}

}  // namespace
}  // namespace usher::crypto
