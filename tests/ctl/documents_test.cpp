// usherctl(1), --help-all and the exit codes say the same; config check runs usherd's own check.
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "ctl/command_line.hpp"
#include "ctl/exit_code.hpp"
#include "tests/ctl/ctl_world.hpp"

namespace usher::ctl {
namespace {

std::string man_page() {
  std::ifstream file(USHER_MAN_PAGE);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::set<std::string> all_matches(const std::string& text, const std::regex& pattern) {
  std::set<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) {
    found.insert((*it)[1]);
  }
  return found;
}

TEST(CtlDocuments, TheManPageAndHelpNameTheSameOptions) {
  const Ran help = run_usherctl({"--help-all"}, stdin);
  EXPECT_EQ(help.exit_code, 0);
  const auto in_help = all_matches(help.out, std::regex("[ ,]--([a-z-]+)"));
  const auto in_man = all_matches(man_page(), std::regex("Fl (?:h , )?-([a-z-]+)"));
  EXPECT_EQ(in_help, in_man);
  EXPECT_GE(in_help.size(), 8U);
}

TEST(CtlDocuments, TheManPageNamesEveryCommand) {
  const std::string page = man_page();
  for (const Verb* verb : listed_verbs()) {
    const std::string command(verb->path);
    EXPECT_NE(page.find(".It Cm " + command), std::string::npos) << command;
    std::vector<std::string> words;
    std::istringstream split(command);
    for (std::string word; split >> word;) words.push_back(word);
    words.emplace_back("--help");
    EXPECT_EQ(run_usherctl(words, stdin).exit_code, 0) << command;
  }
}

TEST(CtlDocuments, TheManPageOpensWithExamples) {
  const std::string page = man_page();
  EXPECT_LT(page.find(".Sh SYNOPSIS"), page.find(".Sh EXAMPLES"));
  EXPECT_LT(page.find(".Sh EXAMPLES"), page.find(".Sh DESCRIPTION"));
}

TEST(CtlDocuments, HelpEndsWithTheExitCodesOfTheManPage) {
  const Ran help = run_usherctl({"--help"}, stdin);
  EXPECT_NE(help.out.find(kExitCodes), std::string::npos);
  const auto in_man = all_matches(man_page(), std::regex("\n\\.It ([0-9])\n"));
  EXPECT_EQ(in_man, (std::set<std::string>{"0", "1", "2", "3", "4", "5", "6"}));
  for (const std::string& code : in_man) {
    EXPECT_NE(kExitCodes.find(code + " "), std::string_view::npos);
  }
}

TEST(CtlDocuments, EveryErrorCodeHasAnExitCode) {
  const std::pair<Errc, int> expected[] = {
      {Errc::invalid_input, 2}, {Errc::not_found, 3},   {Errc::already_exists, 6},
      {Errc::not_permitted, 4}, {Errc::timed_out, 5},   {Errc::hung_up, 5},
      {Errc::not_answered, 5},  {Errc::unavailable, 5}, {Errc::exhausted, 1},
      {Errc::damaged, 1},       {Errc::conflict, 6},    {Errc::unsupported, 1},
      {Errc::internal, 1},
  };
  EXPECT_EQ(std::size(expected), static_cast<std::size_t>(Errc::internal) + 1);
  for (const auto& [code, exit_code] : expected) {
    EXPECT_EQ(static_cast<int>(exit_of(code)), exit_code) << name_of(code);
  }
}

TEST(CtlDocuments, RefusalsOfUsherdKeepTheirMeaning) {
  const std::pair<const char*, int> expected[] = {
      {"io.usher.Admin.NoSuchUser", 3},          {"io.usher.Admin.NoSuchFactor", 3},
      {"io.usher.Admin.NoSuchGroup", 3},         {"io.usher.Admin.GroupExists", 6},
      {"io.usher.Admin.UserExists", 6},          {"io.usher.Admin.InvalidParameter", 2},
      {"io.usher.Admin.NotPermitted", 4},        {"io.usher.Admin.Conflict", 6},
      {"io.usher.Admin.Unavailable", 1},         {"io.usher.Admin.Tomorrow", 1},
      {"org.varlink.service.MethodNotFound", 1},
  };
  for (const auto& [error, exit_code] : expected) {
    const Error mapped = error_of({error, admin::Json::object()});
    EXPECT_EQ(static_cast<int>(exit_of(mapped.code())), exit_code) << error;
  }
}

TEST(CtlDocuments, AMistakeIsOneLineThatSaysWhereToLook) {
  const std::pair<std::vector<std::string>, const char*> expected[] = {
      {{}, "usherctl: a command is missing; see usherctl --help\n"},
      {{"frob"}, "usherctl: there is no command frob; see usherctl --help\n"},
      {{"--frob"}, "usherctl: there is no option --frob; see usherctl --help\n"},
      {{"user"}, "usherctl user: a command is missing; see usherctl user --help\n"},
      {{"user", "frob"}, "usherctl user: there is no command frob; see usherctl user --help\n"},
      {{"group", "member", "frob"},
       "usherctl group member: there is no command frob; see usherctl group member --help\n"},
      {{"user", "add"}, "usherctl user add: NAME is required; see usherctl user add --help\n"},
      {{"user", "add", "ada", "--uid", "x"},
       "usherctl user add: Could not convert: --uid = x; see usherctl user add --help\n"},
      {{"user", "list", "--all"},
       "usherctl user list: there is no option --all; see usherctl user list --help\n"},
      {{"status", "now"},
       "usherctl status: now is one argument too many; see usherctl status --help\n"},
      {{"frob\n\x1b[2J"}, "usherctl: there is no command frob\\x0a\\x1b[2J; see usherctl --help\n"},
  };
  for (const auto& [words, line] : expected) {
    const Ran ran = run_usherctl(words, stdin);
    EXPECT_EQ(ran.exit_code, 2) << line;
    EXPECT_EQ(ran.err, line);
    EXPECT_EQ(ran.out, "");
  }
}

TEST(CtlDocuments, VersionIsPrinted) {
  const Ran ran = run_usherctl({"--version"}, stdin);
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_TRUE(ran.out.starts_with("usherctl "));
}

// The test program's directory is a sibling for usherd: a stand-in lies there.
class ConfigCheck : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    stand_in_ = here / "usherd";
    std::ofstream script(stand_in_);
    script << "#!/bin/sh\n[ \"$1\" = --check-config ] && [ \"$2\" = good.toml ]\n";
    script.close();
    std::filesystem::permissions(stand_in_, std::filesystem::perms::owner_all);
  }
  void TearDown() override { std::filesystem::remove(stand_in_); }
  std::filesystem::path stand_in_;
};

TEST_F(ConfigCheck, PassesOnWhatUsherdSays) {
  EXPECT_EQ(run_usherctl({"config", "check", "good.toml"}, stdin).exit_code, 0);
  const Ran bad = run_usherctl({"config", "check", "bad.toml"}, stdin);
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_EQ(bad.err, "usherctl: bad.toml is refused: usherd would not start with it\n");
  EXPECT_EQ(run_usherctl({"--json", "config", "check", "good.toml"}, stdin).out,
            "{\"file\":\"good.toml\",\"valid\":true}\n");
}

}  // namespace
}  // namespace usher::ctl
