// The files of policies/: what each key takes and what is said otherwise, and who may write them.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "daemon/config.hpp"
#include "daemon/config_policies.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::daemon {
namespace {

using policy::Scope;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kForAll = "for = \"everybody\"\n";

Result<policy::Source> parsed(const std::string& toml) {
  return parse_policy(toml, "acme", "acme.toml");
}
std::string complaint(const std::string& toml) {
  const auto source = parsed(toml);
  return source.has_value() ? "" : std::string(source.error().text());
}

TEST(PolicyFile, SaysWhomItIsFor) {
  const struct {
    const char* toml;
    Scope scope;
    const char* whom;
  } rows[] = {{"for = \"everybody\"", Scope::everybody, ""},
              {"for = \"organisation acme\"", Scope::organisation, "acme"},
              {"for = \"attribute department=sales\"", Scope::attribute, "department=sales"},
              {"for = \"group night-shift\"\npriority = 7", Scope::group, "night-shift"}};
  for (const auto& row : rows) {
    const auto source = parsed(row.toml);
    ASSERT_TRUE(source) << source.error().text();
    EXPECT_EQ(source->name, "acme");
    EXPECT_EQ(source->scope, row.scope);
    EXPECT_EQ(source->whom, row.whom);
    EXPECT_EQ(source->settings, policy::Settings{});
  }
  EXPECT_EQ(parsed("for = \"group staff\"\npriority = 7")->priority, 7);
}

TEST(PolicyFile, IsNoneWithoutSayingWhomItIsFor) {
  EXPECT_EQ(complaint(""),
            "acme.toml:1: for is missing: \"everybody\", \"organisation NAME\", \"attribute "
            "NAME=VALUE\" or \"group NAME\"");
  for (const char* whom :
       {"\"\"", "\"all\"", "\"group \"", "\"group No Name\"", "\"groups staff\"",
        "\"attribute sales\"", "\"attribute department=\"", "\"attribute Department=sales\"",
        "true", "[\"everybody\"]", "\"everybody \""}) {
    EXPECT_THAT(complaint(fmt::format("for = {}\n", whom)),
                HasSubstr("acme.toml:1: for must be \"everybody\", "))
        << whom;
  }
}

TEST(PolicyFile, GivesAPriorityToGroupsAlone) {
  EXPECT_THAT(complaint("for = \"organisation acme\"\npriority = 1\n"),
              HasSubstr("priority is for"));
  EXPECT_THAT(complaint("for = \"everybody\"\npriority = 0\n"), HasSubstr("priority is for"));
  EXPECT_THAT(complaint("for = \"group a\"\npriority = 1001\n"),
              HasSubstr("acme.toml:2: priority must be a whole number from 0 to 1000"));
}

// Every key, a value it takes, and one it does not.
struct KeyCase {
  std::string_view key;
  std::string_view taken, refused;
};
constexpr KeyCase kKeyCases[] = {
    {"for", "\"group staff\"", "\"staff\""},
    {"priority", "", "\"high\""},
    {"preset", "\"classic\"", "\"strict\""},
    {"password.min_length", "64", "65"},
    {"password.max_length", "64", "63"},
    {"password.needs_lower", "true", "1"},
    {"password.needs_upper", "true", "1"},
    {"password.needs_digit", "true", "1"},
    {"password.needs_special", "true", "1"},
    {"password.history", "24", "25"},
    {"password.min_age_days", "365", "366"},
    {"password.max_age_days", "3650", "3651"},
    {"password.words", "[\"anvil\"]", "\"anvil\""},
    {"account.inactive_days", "3650", "3651"},
    {"mfa.required", "false", "\"no\""},
    {"actions.change_password", "\"recommended\"", "true"},
    {"actions.enrol_factor", "\"recommended\"", "true"},
    {"actions.recovery_codes", "\"recommended\"", "true"},
    {"actions.accept_terms", "\"recommended\"", "true"},
    {"actions.confirm_contact", "\"recommended\"", "\"required\""},
    {"public_key.change_password", "\"notice\"", "\"allow\""},
    {"public_key.enrol_factor", "\"notice\"", "\"allow\""},
    {"public_key.recovery_codes", "\"notice\"", "\"allow\""},
    {"public_key.accept_terms", "\"notice\"", "\"allow\""},
    {"terms.file", "\"/etc/usher/terms.txt\"", "\"terms.txt\""},
};

TEST(PolicyFile, TakesEveryKeyOfItsTableAndNamesTheLineOtherwise) {
  std::vector<std::string_view> tested;
  for (const KeyCase& row : kKeyCases) tested.push_back(row.key);
  EXPECT_EQ(tested, policy_keys());
  for (const KeyCase& row : kKeyCases) {
    if (row.key != "for" && !row.taken.empty()) {
      const auto source = parsed(fmt::format("{}{} = {}\n", kForAll, row.key, row.taken));
      ASSERT_TRUE(source) << row.key << ": " << source.error().text();
      EXPECT_NE(source->settings, policy::Settings{}) << row.key << " changes nothing";
    }
    const std::string prefix = row.key == "for" ? "\n" : std::string(kForAll);
    EXPECT_THAT(complaint(fmt::format("{}{} = {}\n", prefix, row.key, row.refused)),
                HasSubstr(fmt::format("acme.toml:2: {} must be ", row.key)));
  }
}

TEST(PolicyFile, NamesTheNearestKeyForAnUnknownOne) {
  EXPECT_EQ(complaint("for = \"everybody\"\n[password]\nhistroy = 3\n"),
            "acme.toml:3: unknown key 'password.histroy'; did you mean 'password.history'?");
  // A key of usher.toml that is the host's and no policy's.
  EXPECT_EQ(complaint("for = \"everybody\"\n[password]\nhash_passes = 3\n"),
            "acme.toml:3: 'password.hash_passes' is the same for everybody: it belongs in "
            "usher.toml");
  EXPECT_EQ(complaint("for = \"everybody\"\n[pasword]\n"),
            "acme.toml:2: unknown section '[pasword]'");
  EXPECT_EQ(complaint("for = \"everybody\"\n[mfa]\n"), "");
  EXPECT_THAT(complaint("for = \"everybody\npreset"), HasSubstr("acme.toml:1: "));
}

TEST(PolicyFile, LetsNoPasswordEndBeforeItMayBeChanged) {
  EXPECT_EQ(complaint("for = \"everybody\"\n[password]\nmin_age_days = 8\nmax_age_days = 7\n"),
            "acme.toml: password.min_age_days (8) is more than password.max_age_days (7)");
  for (const char* ages : {"min_age_days = 7\nmax_age_days = 7", "min_age_days = 8",
                           "min_age_days = 8\nmax_age_days = 0"}) {
    EXPECT_EQ(complaint(fmt::format("for = \"everybody\"\n[password]\n{}\n", ages)), "") << ages;
  }
}

TEST(PolicyFile, IsNamedLikeALoginName) {
  EXPECT_TRUE(parse_policy(kForAll, "night-shift", "f"));
  for (const char* name : {"", "No", "a b", "../x"}) {
    EXPECT_FALSE(parse_policy(kForAll, name, "f")) << name;
  }
}

TEST(PolicyFile, M8_ClassicSaysAllOfIt) {
  const auto source = parsed("for = \"organisation acme\"\npreset = \"classic\"\n");
  ASSERT_TRUE(source);
  EXPECT_EQ(source->settings, policy::settings_of(policy::Preset::classic));
}

// --- The directory ---

class PolicyDirectory : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directory(policies_); }
  void write(const std::string& name, std::string_view text, mode_t mode = 0644) {
    const std::string path = policies_ + "/" + name;
    std::ofstream(path) << text;
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
  }
  std::string why_refused() {
    Said said;
    const auto sources = load_policies(policies_, said);
    return sources.has_value() ? "" : std::string(sources.error().text());
  }
  fakes::TemporaryDirectory directory_;
  std::string policies_ = directory_ / "policies";
};

TEST_F(PolicyDirectory, IsReadInTheOrderOfItsNames) {
  write("b.toml", kForAll);
  write("a.toml", "for = \"group staff\"");
  write("notes.txt", "no policy");
  write("a.toml~", "no policy");
  write(".toml", "no policy");
  Said said;
  const auto sources = load_policies(policies_, said);
  ASSERT_TRUE(sources) << sources.error().text();
  ASSERT_EQ(sources->size(), 2U);
  EXPECT_EQ((*sources)[0].name, "a");
  EXPECT_EQ((*sources)[1].name, "b");
}

TEST_F(PolicyDirectory, MayBeMissing) {
  std::filesystem::remove(policies_);
  Said said;
  const auto sources = load_policies(policies_, said);
  ASSERT_TRUE(sources);
  EXPECT_TRUE(sources->empty());
}

TEST_F(PolicyDirectory, IsRefusedWhenOthersCanWriteItOrAFile) {
  write("a.toml", kForAll, 0664);
  EXPECT_THAT(why_refused(), HasSubstr("a.toml can be changed by others"));
  write("a.toml", kForAll);
  EXPECT_EQ(why_refused(), "");
  ASSERT_EQ(::chmod(policies_.c_str(), 0777), 0);
  EXPECT_THAT(why_refused(), HasSubstr("policies can be changed by others"));
  ASSERT_EQ(::chmod(policies_.c_str(), 0755), 0);
  std::filesystem::create_directory(policies_ + "/c.toml");
  EXPECT_NE(why_refused(), "");
}

TEST_F(PolicyDirectory, HoldsAtMost256) {
  for (std::size_t i = 0; i < kMaxPolicies; ++i) write(fmt::format("p{}.toml", i), kForAll);
  EXPECT_EQ(why_refused(), "");
  write("one-more.toml", kForAll);
  EXPECT_THAT(why_refused(), HasSubstr("over 256 policies"));
}

TEST_F(PolicyDirectory, StandsBesideTheFileThatIsLoaded) {
  write("acme.toml", "for = \"everybody\"\n[password]\nmin_length = 20\n");
  const std::string path = directory_ / "usher.toml";
  std::ofstream(path) << "[mfa]\nrequired = false\n";
  const auto config = load_config(path, true);
  ASSERT_TRUE(config) << config.error().text();
  EXPECT_EQ(config->policy_for({}).password.min_length, 20U);
  EXPECT_THAT(config->policy_for({}).sources, ElementsAre("acme"));
  write("acme.toml", "for = \"everybody\"\n[password]\nmin_length = 5\n");
  EXPECT_EQ(load_config(path, true).error().text(),
            policies_ +
                "/acme.toml:3: password.min_length must be \"auto\" or a whole number from 6 "
                "to 64");
}

}  // namespace
}  // namespace usher::daemon
