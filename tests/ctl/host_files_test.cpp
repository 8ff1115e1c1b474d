// Reading and replacing a host's files.
#include "ctl/host_files.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/fakes/temporary_directory.hpp"

namespace usher::ctl {
namespace {

class HostFiles : public ::testing::Test {
 protected:
  FileImage image(std::string bytes, mode_t mode = 0644) {
    return {std::move(bytes), mode, ::geteuid(), ::getegid()};
  }
  std::size_t count() {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(directory_.path()), {}));
  }
  fakes::TemporaryDirectory directory_;
  std::string path_ = directory_ / "file";
};

TEST_F(HostFiles, WhatWasPutIsReadBack) {
  ASSERT_TRUE(put_image(path_, image(std::string("a\0b\n", 4), 0640)));
  const auto read = read_image(path_);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, image(std::string("a\0b\n", 4), 0640));
  EXPECT_EQ(count(), 1U);
}

TEST_F(HostFiles, AFileThatIsRightAlreadyIsNotTouched) {
  ASSERT_TRUE(put_image(path_, image("a")));
  const auto before = std::filesystem::hard_link_count(path_);
  std::filesystem::create_hard_link(path_, directory_ / "same");
  ASSERT_TRUE(put_image(path_, image("a")));
  EXPECT_EQ(std::filesystem::hard_link_count(path_), before + 1);
  ASSERT_TRUE(put_image(path_, image("b")));
  EXPECT_EQ(std::filesystem::hard_link_count(path_), 1U);
}

TEST_F(HostFiles, NothingMeansGone) {
  ASSERT_TRUE(put_image(path_, image("a")));
  ASSERT_TRUE(put_image(path_, std::nullopt));
  ASSERT_TRUE(put_image(path_, std::nullopt));
  EXPECT_EQ(count(), 0U);
  EXPECT_EQ(*read_image(path_), std::nullopt);
}

TEST_F(HostFiles, WhatAKilledReplacementLeftIsSwept) {
  ASSERT_TRUE(put_image(path_, image("a")));
  std::ofstream(path_ + ".usher-new") << "half";
  ASSERT_TRUE(put_image(path_, image("a")));
  EXPECT_EQ(count(), 1U);
}

TEST_F(HostFiles, LinksAndOtherThingsAreRefused) {
  std::filesystem::create_symlink("/dev/null", path_);
  EXPECT_EQ(read_image(path_).error().code(), Errc::conflict);
  EXPECT_FALSE(put_image(path_, image("a")));
  EXPECT_TRUE(std::filesystem::is_symlink(path_));
  EXPECT_EQ(read_image(directory_.path()).error().code(), Errc::conflict);
}

TEST_F(HostFiles, AnEndlessFileIsRefused) {
  std::ofstream(path_) << std::string(1024 * 1024 + 1, 'x');
  EXPECT_EQ(read_image(path_).error().code(), Errc::exhausted);
}

TEST_F(HostFiles, ADirectoryIsMadeOnceAndAFileIsNone) {
  EXPECT_TRUE(make_directory(directory_ / "d", 0700));
  EXPECT_TRUE(make_directory(directory_ / "d", 0700));
  ASSERT_TRUE(put_image(path_, image("a")));
  EXPECT_FALSE(make_directory(path_, 0700));
}

}  // namespace
}  // namespace usher::ctl
