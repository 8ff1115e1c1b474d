// The filter of breached passwords, built by pwqfilter itself; and passphrases.
#include "daemon/passwdqc.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "base/text.hpp"
#include "daemon/policy/unicode.hpp"
#include "tests/fakes/run_program.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::daemon {
namespace {

class BreachFilterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(list_)
        << "hunter2 was here\nCorrect Horse\ncorrect horse battery\ncaf\u00e9 noir\n";
    const auto ran =
        fakes::run_program("pwqfilter --create=1000 -o " + path_ + " < " + list_ + " 2>&1");
    ASSERT_EQ(ran.status, 0) << ran.output << ": is passwdqc installed?";
    ASSERT_EQ(::chmod(path_.c_str(), 0644), 0);
  }
  bool holds(const BreachFilter& filter, std::string_view text) {
    const auto held = filter.holds(Secret::copy(text).release_value());
    EXPECT_TRUE(held.has_value()) << held.error().text();
    return held.has_value() && *held;
  }
  Errc why_refused() {
    const auto filter = BreachFilter::open(path_);
    EXPECT_FALSE(filter.has_value());
    return filter.has_value() ? Errc::internal : filter.error().code();
  }

  fakes::TemporaryDirectory directory_;
  std::string list_ = directory_ / "list";
  std::string path_ = directory_ / "breached.pwq";
};

TEST_F(BreachFilterTest, KnowsWholePasswordsAsTheyAreAndCaseFolded) {
  const auto filter = BreachFilter::open(path_);
  ASSERT_TRUE(filter) << filter.error().text();
  for (const char* known : {"hunter2 was here", "Correct Horse", "CORRECT horse BATTERY",
                            "Hunter2 Was Here", "caf\u00e9 noir", "CAF\u00c9 noir"}) {
    EXPECT_TRUE(holds(*filter, known)) << known;
  }
  // The list's own capitals are not guessed; parts and neighbours are other passwords.
  for (const char* unknown : {"correct horse", "hunter2 was her", "hunter2 was here ", "A1", "x",
                              "", "a phrase nobody leaked"}) {
    EXPECT_FALSE(holds(*filter, unknown)) << unknown;
  }
}

TEST_F(BreachFilterTest, KeepsTheFileItLookedAt) {
  const auto filter = BreachFilter::open(path_);
  ASSERT_TRUE(filter);
  std::filesystem::remove(path_);
  std::ofstream(path_) << "something else";
  EXPECT_TRUE(holds(*filter, "hunter2 was here"));
}

TEST_F(BreachFilterTest, IsRefusedWhenItIsMissingDamagedOrOthersMayChangeIt) {
  ASSERT_EQ(::chmod(path_.c_str(), 0666), 0);
  EXPECT_EQ(why_refused(), Errc::not_permitted);
  ASSERT_EQ(::chmod(path_.c_str(), 0644), 0);
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) - 16);
  EXPECT_EQ(why_refused(), Errc::damaged);
  std::filesystem::resize_file(path_, 63);
  EXPECT_EQ(why_refused(), Errc::damaged);
  std::ofstream(path_) << std::string(4160, 'x');
  EXPECT_EQ(why_refused(), Errc::damaged);
  std::filesystem::remove(path_);
  EXPECT_EQ(why_refused(), Errc::not_found);
  std::filesystem::create_directory(path_);
  EXPECT_EQ(why_refused(), Errc::not_permitted);
}

TEST_F(BreachFilterTest, AFilterThatLosesItsEndIsAnErrorAndNoAnswer) {
  const auto filter = BreachFilter::open(path_);
  ASSERT_TRUE(filter);
  std::filesystem::resize_file(path_, 64);
  const auto held = filter->holds(Secret::copy("hunter2 was here").release_value());
  ASSERT_FALSE(held.has_value());
  EXPECT_EQ(held.error().code(), Errc::unavailable);
}

TEST(Passphrase, IsAnotherOneEachTime) {
  std::set<std::string> seen;
  for (int i = 0; i < 20; ++i) {
    const auto passphrase = random_passphrase(52);
    ASSERT_TRUE(passphrase);
    EXPECT_TRUE(is_plain_text(passphrase->view(), Newlines::refused));
    EXPECT_GE(policy::count_classes(passphrase->view()).code_points, 15U);
    EXPECT_TRUE(seen.emplace(passphrase->view()).second);
  }
  EXPECT_FALSE(random_passphrase(1'000).has_value());
}

}  // namespace
}  // namespace usher::daemon
