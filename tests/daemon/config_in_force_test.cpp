// A configuration that takes another's place: what changes, what stays, and who still sees the old.
#include "daemon/config_in_force.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/fakes/temporary_directory.hpp"

namespace usher::daemon {
namespace {

class Reload : public ::testing::Test {
 protected:
  Reload() : store_(store::Store::open({directory_ / "usher.db", 2}).release_value()) {
    std::filesystem::create_directory(directory_ / "policies");
    ::chmod((directory_ / "policies").c_str(), 0755);
    write("usher.toml", "[password]\nhistory = 5\n");
    in_force_ =
        ConfigInForce::create(load_config(directory_ / "usher.toml", true).release_value(), *store_)
            .release_value();
  }
  void write(const std::string& name, const std::string& text) {
    const std::string path = directory_ / name;
    std::ofstream(path) << text;
    ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  }
  Result<std::vector<Difference>> reload() {
    return in_force_->reload([](const auto&) -> Result<void> { return {}; });
  }
  std::size_t history() { return in_force_->lease().config().policy_for({}).password.history; }

  fakes::TemporaryDirectory directory_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<ConfigInForce> in_force_;
};

TEST_F(Reload, PutsWhatTheFilesSayInForceAndReportsTheDifference) {
  write("usher.toml",
        "[password]\nhistory = 7\nwords = [\"acme\", \"anvil\"]\n[mfa]\nrequired = false\n");
  write("policies/staff.toml", "for = \"group staff\"\npassword.max_age_days = 90\n");
  const auto changed = reload();
  ASSERT_TRUE(changed) << changed.error().text();
  EXPECT_EQ(history(), 7U);
  std::string text;
  for (const Difference& row : *changed) {
    text += row.key + ": " + row.before + " -> " + row.after + "\n";
    EXPECT_EQ(row.takes, Takes::at_reload) << row.key;
  }
  EXPECT_EQ(text,
            "mfa.required:  -> false\n"
            "password.history: 5 -> 7\n"
            "password.words:  -> [ 'acme', 'anvil' ]\n"
            "policies/staff for:  -> 'group staff'\n"
            "policies/staff password.max_age_days:  -> 90\n");
}

TEST_F(Reload, ReportsNothingWhereOnlyTheWritingChanged) {
  write("usher.toml", "# five\npassword.history = 5\n");
  const auto changed = reload();
  ASSERT_TRUE(changed);
  EXPECT_TRUE(changed->empty());
}

TEST_F(Reload, KeepsTheLastGoodConfigurationAfterAMistakeInAnyFile) {
  for (const char* name : {"usher.toml", "policies/staff.toml"}) {
    write(name, "[password]\nhistroy = 3\n");
    const auto changed = reload();
    ASSERT_FALSE(changed) << name;
    EXPECT_NE(changed.error().text().find(std::string(name) + ":2: unknown key"),
              std::string_view::npos)
        << changed.error().text();
    EXPECT_EQ(history(), 5U) << name;
    write("usher.toml", "password.history = 5\n");
  }
  std::filesystem::remove(directory_ / "policies/staff.toml");
  write("usher.toml", "password.breach_filter = \"/nowhere/filter\"\npassword.history = 3\n");
  EXPECT_FALSE(reload()) << "what it names could not be opened";
  EXPECT_EQ(history(), 5U);
  std::filesystem::remove(directory_ / "usher.toml");
  EXPECT_FALSE(reload()) << "a named file that is gone is no empty one";
  EXPECT_EQ(history(), 5U);
}

TEST_F(Reload, LeavesWhatIsBuiltAtTheStartAndSaysSo) {
  write("usher.toml",
        "password.history = 5\npassword.hash_passes = 4\n[limits]\nconversations = 5000\n");
  const auto changed = reload();
  ASSERT_TRUE(changed) << changed.error().text();
  ASSERT_EQ(changed->size(), 2U);
  for (const Difference& row : *changed) EXPECT_EQ(row.takes, Takes::at_start) << row.key;
  const auto lease = in_force_->lease();
  EXPECT_EQ(lease.config().at_start.max_conversations, AtStart{}.max_conversations);
  EXPECT_EQ(lease.config().at_start.hash_cost.passes, crypto::HashCost{}.passes);
}

TEST_F(Reload, ChangesNothingWhereItCannotBeAgreedTo) {
  write("usher.toml", "password.history = 9\n");
  std::size_t seen = 0;
  const auto changed = in_force_->reload([&](const auto& differences) -> Result<void> {
    seen = differences.size();
    return Error(Errc::exhausted, "the disk is full");
  });
  EXPECT_FALSE(changed);
  EXPECT_EQ(seen, 1U);
  EXPECT_EQ(history(), 5U);
  EXPECT_TRUE(reload());
  EXPECT_EQ(history(), 9U);
}

TEST_F(Reload, AConversationKeepsTheOneItBeganWith) {
  const auto old = in_force_->lease();
  for (const char* text : {"password.history = 6", "password.history = 7"}) {
    write("usher.toml", text);
    ASSERT_TRUE(reload());
  }
  EXPECT_EQ(old.config().policy_for({}).password.history, 5U);
  EXPECT_EQ(history(), 7U);
}

TEST_F(Reload, IsRefusedForALetterThatTheStartTookABuiltInOneFor) {
  std::filesystem::create_directories(directory_ / "templates/en");
  write("templates/en/test.txt", "Subject: {{no_such_name}}\n\nHello.\n");
  in_force_.reset();
  in_force_ =
      ConfigInForce::create(load_config(directory_ / "usher.toml", true).release_value(), *store_)
          .release_value();
  {
    const auto lease = in_force_->lease();
    ASSERT_EQ(lease.letterhead().mistakes.size(), 1U) << "it starts, and says so";
    EXPECT_NE(lease.letterhead().mistakes[0].find("templates/en/test.txt:1:"), std::string::npos);
  }
  EXPECT_EQ(reload().error().code(), Errc::invalid_input);
  std::filesystem::remove(directory_ / "templates/en/test.txt");
  ASSERT_TRUE(reload());
  EXPECT_TRUE(in_force_->lease().letterhead().mistakes.empty());
}

TEST_F(Reload, IsRefusedForAGatewayWithAMistakeAndAStartIsNot) {
  const std::string gateway = directory_ / "own.toml";
  write("own.toml", "url = \"http://in.clear/\"\n");
  write("usher.toml", "[sms]\ngateway = \"" + gateway + "\"\ncountries = [\"FR\"]\n");
  const auto refused = reload();
  ASSERT_FALSE(refused);
  EXPECT_NE(std::string(refused.error().text()).find("own.toml:1: url must begin with https://"),
            std::string::npos);
  EXPECT_EQ(in_force_->lease().sms().mistake, "");
  in_force_.reset();
  in_force_ =
      ConfigInForce::create(load_config(directory_ / "usher.toml", true).release_value(), *store_)
          .release_value();
  EXPECT_FALSE(in_force_->lease().sms().settings.is_set());
  EXPECT_NE(in_force_->lease().sms().mistake.find("own.toml:1"), std::string::npos);
  write("own.toml",
        "method = \"GET\"\nurl = \"https://a.example/?to={to}&t={text}\"\nsuccess = [200]\n");
  ASSERT_TRUE(reload());
  EXPECT_TRUE(in_force_->lease().sms().settings.is_set());
  EXPECT_EQ(in_force_->lease().sms().mistake, "");
}

// What "config check" says of the file is what a reload would.
TEST_F(Reload, WouldRefuseWhatACheckFindsInAFileThatUsherTomlNames) {
  const auto checked = [&]() -> std::string {
    const auto config = load_config(directory_ / "usher.toml", true);
    const auto usable = config ? check_named_files(*config) : Result<void>(config.error());
    return usable ? "" : std::string(usable.error().text());
  };
  EXPECT_EQ(checked(), "");
  const std::string gateway = directory_ / "own.toml";
  write("usher.toml", "[sms]\ngateway = \"" + gateway + "\"\ncountries = [\"FR\"]\n");
  EXPECT_NE(checked().find("own.toml"), std::string::npos) << "it is not there";
  write("own.toml", "url = \"http://in.clear/\"\n");
  EXPECT_NE(checked().find("own.toml:1: url must begin with https://"), std::string::npos);
  write("usher.toml", "[password]\nhistory = 5\n");
  std::filesystem::create_directories(directory_ / "templates/en");
  write("templates/en/test.txt", "Subject: {{no_such_name}}\n\nHello.\n");
  EXPECT_NE(checked().find("templates/en/test.txt:1:"), std::string::npos);
  write("usher.toml", "[password]\nbreach_filter = \"/nowhere/filter\"\n");
  EXPECT_NE(checked().find("/nowhere/filter"), std::string::npos);
}

}  // namespace
}  // namespace usher::daemon
