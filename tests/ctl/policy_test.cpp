// usherctl policy and usherctl blocklist, as text, as JSON, and where something is missing.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "daemon/config_policies.hpp"
#include "daemon/passwdqc.hpp"
#include "tests/ctl/ctl_world.hpp"

namespace usher::ctl {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class CtlPolicy : public CtlWorld {
 protected:
  std::string file(const std::string& name, std::string_view text) {
    const std::string path = world_.directory() + "/" + name;
    std::ofstream(path) << text;
    return path;
  }
};

TEST_F(CtlPolicy, ShowSaysWhatHolds) {
  world_.config.preset = policy::Preset::classic;
  world_.config.base.words = {"anvil", "rocket"};
  EXPECT_EQ(usherctl({"policy", "show"}).out,
            "characters            8 to 400\n"
            "demanded              lower-case letter, upper-case letter, digit, special character\n"
            "none of the last      10\n"
            "least age in days     0\n"
            "greatest age in days  0\n"
            "second factor         required\n"
            "change-password       required; a public key alone is refused\n"
            "enrol-factor          required; a public key alone is refused\n"
            "recovery-codes        recommended\n"
            "accept-terms          required; a public key alone is refused\n"
            "confirm-contact       off\n"
            "terms                 -\n"
            "words                 anvil, rocket\n"
            "policies              -\n");
  EXPECT_EQ(usherctl({"policy", "show", "eve"}).exit_code, 3);
  EXPECT_EQ(json({"policy", "show"})["policy"]["min_length"], 8);
}

TEST_F(CtlPolicy, LintIsARowEachOrPraise) {
  world_.config.breach_filter = "/a/filter";
  EXPECT_EQ(usherctl({"policy", "lint"}).out,
            "The policies are as NIST SP 800-63B-4 and OWASP want them.\n");
  world_.config.factor_required = false;
  const Ran ran = usherctl({"policy", "lint"});
  EXPECT_TRUE(ran.out.starts_with("POLICY      KEY           STANDARD")) << ran.out;
  EXPECT_TRUE(has(ran.out, "usher.toml  mfa.required  OWASP")) << ran.out;
}

TEST_F(CtlPolicy, AsManyPoliciesAsMayBeAreShownWhole) {
  for (std::size_t i = 0; i < daemon::kMaxPolicies; ++i) {
    const std::string name = "p" + std::to_string(1000 + i);
    auto policy = daemon::parse_policy(
        "for = \"everybody\"\n[password]\nmin_age_days = 1\nwords = [\"" + name + "\"]\n", name,
        name);
    ASSERT_TRUE(policy) << policy.error().text();
    world_.config.policies.push_back(policy.release_value());
  }
  const admin::Json lint = json({"policy", "lint"});
  std::vector<std::string> about_age;
  for (const admin::Json& row : lint["findings"]) {
    if (row["key"] == "password.min_age_days") about_age.push_back(row["policy"]);
  }
  ASSERT_EQ(about_age.size(), daemon::kMaxPolicies);
  EXPECT_TRUE(std::is_sorted(about_age.begin(), about_age.end()));
  EXPECT_FALSE(lint.contains("more"));
  world_.config.base.words = {"anvil"};
  const std::string shown = usherctl({"policy", "show"}).out;
  EXPECT_TRUE(has(shown, ", p1255 and 1 more\n")) << shown;
}

TEST_F(CtlPolicy, SimulateNamesPeopleAndWhatTheyAreAsked) {
  (void)usherctl({"user", "add", "ada"});
  const std::string path = file("acme.toml", "for = \"everybody\"\nmfa.required = true\n");
  EXPECT_EQ(usherctl({"policy", "simulate", path}).out,
            "Nobody would be asked for anything at the next sign-in.\n");
  world_.config.factor_required = false;
  EXPECT_EQ(usherctl({"policy", "simulate", path}).out,
            "NAME  ASKED FOR AT THE NEXT SIGN-IN\n"
            "ada   enrol-factor\n");
  EXPECT_EQ(json({"policy", "simulate", path})["effects"].size(), 1U);
  const Ran wrong = usherctl({"policy", "simulate", file("acme.toml", "for = \"all\"\n")});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_TRUE(has(wrong.err, "acme.toml:1: for must be")) << wrong.err;
  EXPECT_EQ(usherctl({"policy", "simulate", world_.directory() + "/none.toml"}).exit_code, 2);
}

TEST_F(CtlPolicy, BuildMakesAFilterThatUsherdTakes) {
  const std::string list = file("list", "hunter2 was here\ncorrect horse battery");
  const std::string filter = world_.directory() + "/breached.pwq";
  const Ran ran = usherctl({"blocklist", "build", list, "--output", filter});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_TRUE(has(ran.out, "holds the 2 lines of")) << ran.out;
  const auto opened = daemon::BreachFilter::open(filter);
  ASSERT_TRUE(opened) << opened.error().text();
  for (const char* known : {"hunter2 was here", "correct horse battery"}) {
    EXPECT_TRUE(*opened->holds(Secret::copy(known).release_value())) << known;
  }
  EXPECT_FALSE(*opened->holds(Secret::copy("another one").release_value()));
  // Again, over the old one; and nothing is left beside it.
  EXPECT_EQ(json({"blocklist", "build", list, "--output", filter})["lines"], 2);
  std::size_t beside = 0;
  for (const auto& entry : std::filesystem::directory_iterator(world_.directory())) {
    if (entry.path().string().starts_with(filter)) ++beside;
  }
  EXPECT_EQ(beside, 1U);
}

TEST_F(CtlPolicy, BuildNeedsAListAndAPlace) {
  const std::string filter = world_.directory() + "/breached.pwq";
  EXPECT_EQ(usherctl({"blocklist", "build", file("empty", ""), "--output", filter}).exit_code, 2);
  EXPECT_EQ(usherctl({"blocklist", "build", "/no/list", "--output", filter}).exit_code, 2);
  EXPECT_EQ(
      usherctl({"blocklist", "build", file("list", "word\n"), "--output", "/no/place"}).exit_code,
      1);
  EXPECT_FALSE(std::filesystem::exists(filter));
}

}  // namespace
}  // namespace usher::ctl
