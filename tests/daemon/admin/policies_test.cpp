// The verbs on policies: what holds for whom, what it costs, and whom another one would ask.
#include <fstream>

#include "daemon/config_policies.hpp"
#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {
namespace {

class Policies : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"ada", "bob", "cleo"}) (void)world_.done("AddUser", {{"name", name}});
    for (const char* name : {"ada", "bob"}) world_.give_password(name);
    (void)world_.done("AddGroup", {{"group", "crew"}});
    (void)world_.done("AddMember", {{"group", "crew"}, {"name", "ada"}});
    world_.config.factor_required = false;
    world_.config.breach_filter = "/a/filter";
  }
  void in_force(const std::string& name, const std::string& toml) {
    auto source = daemon::parse_policy(toml, name, name);
    ASSERT_TRUE(source) << source.error().text();
    world_.config.policies.push_back(source.release_value());
  }
  Json simulated(const std::string& toml, std::int64_t limit = 100, const std::string& after = "") {
    Json parameters = {{"policy", "acme"}, {"text", toml}, {"limit", limit}};
    if (!after.empty()) parameters["after"] = after;
    return world_.done("SimulatePolicy", std::move(parameters)).parameters;
  }
  enum class AtConsole : std::uint8_t { no, only };
  static Json effect(const char* name, std::initializer_list<const char*> required,
                     AtConsole where) {
    Json actions = Json::array();
    for (const char* action : required) {
      actions.push_back({{"action", action}, {"demand", "required"}});
    }
    return {{"name", name}, {"actions", actions}, {"only_at_console", where == AtConsole::only}};
  }
  // Who has signed in before enrols a first factor at the console.
  static Json factor_for(const char* name) {
    return effect(name, {"enrol-factor"}, AtConsole::only);
  }
  AdminWorld world_;
};

TEST_F(Policies, G26_ShowWhatHoldsForAPerson) {
  in_force("night", "for = \"group crew\"\npreset = \"classic\"\n");
  const Json of_ada = world_.done("ShowPolicy", {{"name", "ada"}}).parameters["policy"];
  EXPECT_EQ(of_ada["min_length"], 8);
  EXPECT_EQ(of_ada["needs_digit"], true);
  EXPECT_EQ(of_ada["sources"], Json::array({"night"}));
  for (const Json& other : {Json{{"name", "bob"}}, Json::object()}) {
    const Json policy = world_.done("ShowPolicy", other).parameters["policy"];
    EXPECT_EQ(policy["min_length"], 15);
    EXPECT_EQ(policy["sources"], Json::array());
  }
  EXPECT_EQ(world_.refused("ShowPolicy", {{"name", "eve"}}), "NoSuchUser");
}

TEST_F(Policies, LintNamesTheFileOfEachFinding) {
  in_force("acme", "for = \"organisation acme\"\n[password]\nmax_age_days = 90\n");
  in_force("house", "for = \"everybody\"\nmfa.required = true\n");
  in_force("night", "for = \"group crew\"\n[password]\nneeds_digit = true\n");
  std::vector<std::string> found;
  const Json reply = world_.done("LintPolicies").parameters;
  for (const Json& row : reply["findings"]) {
    found.push_back(row["policy"].get<std::string>() + " " + row["key"].get<std::string>());
  }
  const std::vector<std::string> wanted = {"usher.toml mfa.required", "acme for",
                                           "acme password.max_age_days",
                                           "night password.needs_lower, _upper, _digit, _special"};
  EXPECT_EQ(found, wanted);
}

TEST_F(Policies, O10_LintSaysWhatAMailedPassphraseCosts) {
  const auto says_so = [&] {
    const Json reply = world_.done("LintPolicies").parameters;
    int rows = 0;
    for (const Json& row : reply["findings"]) rows += row["key"] == "compat.mailed_password";
    return rows;
  };
  EXPECT_EQ(says_so(), 0);
  world_.config.mailed_password = true;
  EXPECT_EQ(says_so(), 1);
}

TEST_F(Policies, LintFindsAPolicyThatIsForNobody) {
  in_force("acme", "for = \"organisation acme\"\n");
  in_force("night", "for = \"group crew\"\n");
  in_force("staff", "for = \"group stuff\"\n");
  std::vector<std::string> found;
  const Json reply = world_.done("LintPolicies").parameters;
  for (const Json& row : reply["findings"]) {
    if (row["key"] == "for") found.push_back(row["text"].get<std::string>());
  }
  const std::vector<std::string> wanted = {"Nobody is meant: Usher has no organisation acme.",
                                           "Nobody is meant: Usher has no group stuff."};
  EXPECT_EQ(found, wanted);
}

// As many policies as may be, each with something to say about every key and with all its words.
class FullPolicies : public Policies {
 protected:
  void SetUp() override {
    Policies::SetUp();
    world_.config.breach_filter.clear();
    for (std::size_t i = 0; i < daemon::kMaxPolicies; ++i) in_force(name_of(i), text_of(i));
  }
  static bool fits_a_frame(const Json& parameters) {
    const auto text = protocol::varlink::to_text(parameters, protocol::varlink::BadText::refused);
    return text && text->size() + 100 < protocol::varlink::kMaxFrame;
  }
  static std::string name_of(std::size_t i) { return "p" + std::to_string(1000 + i); }
  static std::string text_of(std::size_t i) {
    std::string words;
    for (int j = 0; j < 64; ++j) {
      const std::string word = name_of(i) + "-" + std::to_string(j);
      words += "\"" + word + std::string(64 - word.size(), 'w') + "\",";
    }
    return "for = \"everybody\"\n[password]\nmin_length = 6\nneeds_digit = true\n"
           "max_age_days = 90\nmin_age_days = 1\nwords = [" +
           words + "]\n";
  }
};

TEST_F(FullPolicies, LintComesInPagesOfWholePolicies) {
  std::vector<std::string> found;
  Json parameters = Json::object();
  int pages = 0;
  for (bool more = true; more; ++pages) {
    const ReplyOk reply = world_.done("LintPolicies", parameters);
    ASSERT_TRUE(fits_a_frame(reply.parameters));
    for (const Json& row : reply.parameters["findings"]) {
      found.push_back(row["policy"].get<std::string>() + " " + row["key"].get<std::string>());
    }
    more = reply.parameters["more"].get<bool>();
    parameters["after"] = reply.parameters["findings"].back()["policy"];
  }
  EXPECT_GT(pages, 1);
  EXPECT_EQ(found.front(), "usher.toml mfa.required");
  EXPECT_EQ(found.back(), name_of(daemon::kMaxPolicies - 1) + " password.breach_filter");
  for (const auto& [key, wanted] :
       {std::pair{"password.max_age_days", daemon::kMaxPolicies},
        std::pair{"password.breach_filter", daemon::kMaxPolicies + 1}}) {
    EXPECT_EQ(std::count_if(found.begin(), found.end(),
                            [&, key = std::string(key)](const std::string& row) {
                              return row.ends_with(" " + key);
                            }),
              static_cast<std::ptrdiff_t>(wanted))
        << key;
  }
}

TEST_F(FullPolicies, ShowCutsTheWordsToWhatAReplyHolds) {
  const ReplyOk reply = world_.done("ShowPolicy", {{"name", "ada"}});
  ASSERT_TRUE(fits_a_frame(reply.parameters));
  const Json& policy = reply.parameters["policy"];
  EXPECT_EQ(policy["sources"].size(), daemon::kMaxPolicies);
  EXPECT_EQ(policy["words"].size() + policy["further_words"].get<std::size_t>(),
            daemon::kMaxPolicies * 64);
  EXPECT_GE(policy["words"].size(), 64U);
}

TEST_F(Policies, SimulateNamesWhomAPolicyWouldAsk) {
  EXPECT_EQ(simulated("for = \"everybody\"\n")["effects"], Json::array());
  EXPECT_EQ(simulated("for = \"group crew\"\nmfa.required = true\n")["effects"],
            Json::array({factor_for("ada")}));
  // Whoever has no password chooses one anyway; whoever has a factor needs no other.
  (void)world_.give_factor("bob", "phone");
  world_.clock.turn(std::chrono::hours(24));
  EXPECT_EQ(
      simulated(
          "for = \"everybody\"\nmfa.required = true\n[password]\nmax_age_days = 1\n")["effects"],
      Json::array({effect("ada", {"change-password", "enrol-factor"}, AtConsole::only),
                   effect("bob", {"change-password"}, AtConsole::no),
                   // Invited: the first sign-in's code opens it anywhere.
                   effect("cleo", {"enrol-factor"}, AtConsole::no)}));
  EXPECT_EQ(simulated("for = \"everybody\"\n[password]\nmax_age_days = 2\n")["effects"],
            Json::array());
}

// Everything that is asked for: terms too, and what can be put off.
TEST_F(Policies, SimulateReadsTermsAndCountsWhatIsRecommended) {
  const std::string path = world_.directory() + "/terms.txt";
  const std::string toml = "for = \"everybody\"\nterms.file = \"" + path +
                           "\"\nactions.accept_terms = \"recommended\"\n";
  Reply missing = world_.call("SimulatePolicy", {{"policy", "acme"}, {"text", toml}});
  const auto* error = std::get_if<ReplyError>(&missing);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->parameters["text"], "opening " + path + ": No such file or directory");
  std::ofstream(path) << "Be kind.\n";
  const Json effects = simulated(toml)["effects"];
  ASSERT_EQ(effects.size(), 3U);
  const Json asked = {{{"action", "accept-terms"}, {"demand", "recommended"}}};
  for (const Json& effect : effects) EXPECT_EQ(effect["actions"], asked);
}

// People are read a hundred at a time: who comes after the first hundred counts too.
TEST_F(Policies, SimulateAsksEverybodyOfALargeHouse) {
  ASSERT_TRUE(world_.store().write([&](store::Database& database) -> Result<void> {
    for (int i = 0; i < 205; ++i) {
      const std::string name = "p" + std::to_string(1000 + i);
      const store::NewPerson person{UserName::parse(name).release_value(), "",
                                    Uid{5000U + static_cast<std::uint32_t>(i)}};
      const auto uuid = std::to_string(1000 + i) + std::string(28, '0');
      TRY(store::add_person(database, person, uuid, world_.clock.now()));
    }
    return {};
  }));
  std::size_t people = 0;
  std::string after;
  for (bool more = true; more;) {
    const Json page = simulated("for = \"everybody\"\nmfa.required = true\n", 60, after);
    people += page["effects"].size();
    after = page["effects"].back()["name"];
    more = page["more"];
  }
  EXPECT_EQ(people, 208U);
}

TEST_F(Policies, SimulateReplacesAPolicyOfThatName) {
  in_force("acme", "for = \"everybody\"\nmfa.required = true\n");
  EXPECT_EQ(simulated("for = \"everybody\"\nmfa.required = true\n")["effects"], Json::array());
  world_.config.policies.clear();
  in_force("other", "for = \"everybody\"\nmfa.required = false\n");
  EXPECT_EQ(simulated("for = \"everybody\"\nmfa.required = true\n")["effects"].size(), 3U);
}

TEST_F(Policies, SimulateLeavesOutTheSuspendedAndComesInPages) {
  (void)world_.done("SuspendUser", {{"name", "bob"}, {"reason", "a test"}});
  const std::string toml = "for = \"everybody\"\nmfa.required = true\n";
  const Json first = simulated(toml, 1);
  EXPECT_EQ(first["effects"], Json::array({factor_for("ada")}));
  EXPECT_EQ(first["more"], true);
  const Json second = simulated(toml, 1, "ada");
  EXPECT_EQ(second["effects"], Json::array({effect("cleo", {"enrol-factor"}, AtConsole::no)}));
  EXPECT_EQ(second["more"], false);
}

TEST_F(Policies, SimulateSaysWhatIsWrongWithTheFileAndChangesNothing) {
  const std::size_t audited = world_.audit().size();
  Reply reply = world_.call("SimulatePolicy", {{"policy", "acme"}, {"text", "for = 3\n"}});
  const auto* error = std::get_if<ReplyError>(&reply);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->parameters["text"],
            "acme.toml:1: for must be \"everybody\", \"organisation NAME\", \"attribute "
            "NAME=VALUE\" or \"group NAME\"");
  EXPECT_EQ(
      world_.refused("SimulatePolicy", {{"policy", "acme"}, {"text", std::string(32769, '#')}}),
      "InvalidParameter");
  EXPECT_EQ(world_.audit().size(), audited);
  EXPECT_TRUE(world_.config.policies.empty());
}

}  // namespace
}  // namespace usher::admin
