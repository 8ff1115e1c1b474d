// usher.toml as a file: who may have written it, and what it says of itself.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "daemon/config.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::daemon {
namespace {

class ConfigFileTest : public ::testing::Test {
 protected:
  void write(std::string_view text, mode_t mode = 0644) {
    std::ofstream(path_) << text;
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
  }
  std::string why_refused(bool must_exist = true) const {
    const auto config = load_config(path_, must_exist);
    return config.has_value() ? "" : std::string(config.error().text());
  }
  fakes::TemporaryDirectory directory_;
  std::string path_ = directory_ / "usher.toml";
};

TEST_F(ConfigFileTest, IsReadAndNamedInComplaints) {
  write("[mfa]\nrequired = false\n");
  const auto config = load_config(path_, true);
  ASSERT_TRUE(config);
  EXPECT_FALSE(config->factor_required);
  write("[mfa]\nrequired = 1\n");
  EXPECT_EQ(why_refused(), path_ + ":2: mfa.required must be true or false");
}

TEST_F(ConfigFileTest, MayBeMissingOnlyWhereNobodyNamedIt) {
  const auto config = load_config(path_, false);
  ASSERT_TRUE(config);
  EXPECT_TRUE(config->said.empty()) << "the defaults";
  EXPECT_EQ(config->organisation, Config{}.organisation);
  EXPECT_EQ(why_refused(true), "opening " + path_ + ": No such file or directory");
}

TEST_F(ConfigFileTest, IsRefusedWhenOthersCanWriteIt) {
  for (const mode_t mode : {0664U, 0646U, 0666U, 0622U}) {
    write("", mode);
    EXPECT_NE(why_refused(false).find("can be changed by others"), std::string::npos);
  }
  write("", 0600);
  EXPECT_EQ(why_refused(), "");
}

TEST_F(ConfigFileTest, IsRefusedWhenItIsNoFile) {
  ASSERT_EQ(::mkdir(path_.c_str(), 0755), 0);
  EXPECT_NE(why_refused(), "");
  ASSERT_EQ(::rmdir(path_.c_str()), 0);
  // Opening a pipe that nobody writes to must not wait.
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_NE(why_refused(), "");
}

TEST_F(ConfigFileTest, HasASizeThatIsEnough) {
  write(std::string(256 * 1024 - 1, '#') + "\n");
  EXPECT_EQ(why_refused(), "");
  write(std::string(256 * 1024, '#') + "\n");
  EXPECT_NE(why_refused().find("over 256 KiB"), std::string::npos);
}

}  // namespace
}  // namespace usher::daemon
