// usher.toml, key by key: what each takes at the edges of its range, and what it says otherwise.
#include "daemon/config.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace usher::daemon {
namespace {

std::string dump(const Config& c) {
  const policy::Policy policy = c.policy_for({});
  const policy::PasswordRules& rules = policy.password;
  std::string text = fmt::format(
      "{} {} {} {} {} | {} | {} | {} | {} {} {} {} {} {} | {} {} | {} {} {} | {} | {} {} {} {}",
      c.at_start.state_directory, c.at_start.login_socket, c.at_start.admin_socket,
      c.at_start.reaper_socket, c.enumerate == directory::Enumeration::on, c.organisation,
      c.support, texts::code_of(c.language), rules.min_length, rules.max_length, rules.needs_lower,
      rules.needs_upper, rules.needs_digit, rules.needs_special, c.at_start.hash_cost.memory_kib,
      c.at_start.hash_cost.passes, c.factor_required,
      c.enrol_from == EnrolFrom::local ? "local" : "any", c.pending_enrolment.count(),
      c.unknown_names == UnknownNames::decoy ? "decoy" : "pass", c.at_start.max_conversations,
      c.at_start.max_unknown_host, c.at_start.max_known_host, c.at_start.max_su_and_unprivileged);
  text += fmt::format(" | {} {} {} {} {} {}", rules.history, rules.min_age.count(),
                      rules.max_age.count(), c.keyboard_characters, c.breach_filter,
                      c.offer_passphrase);
  text += fmt::format(" {} {} {}", policy.inactive_after.count(), c.warn_before.count(),
                      c.may_set_password);
  text += fmt::format("{} {} {} {}", c.greet ? " greets" : "", static_cast<int>(c.forgot_from),
                      c.strangers_letters, c.mailed_password) +
          fmt::format(" {} {}", static_cast<int>(c.forgot_by), c.sms.ask_for_number);
  const protocol::courier::Server& server = c.mail.server;
  text += fmt::format(" | {} | {} {} {} {} {} {} | {} | {} | {}", c.at_start.courier_socket,
                      server.host, server.port,
                      server.security == protocol::courier::Security::tls ? "tls" : "starttls",
                      static_cast<int>(server.login), server.user, server.ca_file, c.mail.from,
                      c.mail.from_name, c.mail.reply_to);
  text += " | " + c.page;
  text += fmt::format(" | {} {} {} {} {} {} {}", c.sms.gateway, c.sms.account, c.sms.from,
                      fmt::join(c.sms.countries, ","), c.sms.national_country,
                      c.sms.budget.per_person, c.sms.budget.per_day);
  for (const std::string& word : policy.words) text += " +" + word;
  for (const auto* groups : {&c.roles.admin, &c.roles.helpdesk, &c.roles.manager, &c.roles.auditor,
                             &c.roles.team_groups}) {
    text += fmt::format(" | {}", fmt::join(*groups, " "));
  }
  for (const auto letter : c.letters_off) text += " " + std::string(letters::row_of(letter).name);
  const policy::ActionSettings actions = over(c.base.actions, policy::usual_actions());
  for (const policy::Action action : policy::kActions) {
    text +=
        fmt::format(" {}={},{}", policy::name_of(action), policy::name_of(*actions.demands[action]),
                    policy::name_of(*actions.public_keys[action]));
  }
  for (const std::string& path : policy.terms) text += " terms:" + path;
  text += fmt::format(" {}", c.known_networks.size());
  for (const auto& [service, name] : c.front_ends) text += fmt::format(" {}={}", service, name);
  return text;
}

std::string setting(std::string_view key, std::string_view value) {
  const std::size_t dot = key.find('.');
  return fmt::format("[{}]\n{} = {}\n", key.substr(0, dot), key.substr(dot + 1), value);
}

// The limits are checked against each other: the others give way to the one that is looked at. A
// mail server is taken with a sender only, a gateway with a country.
std::string setting_with_room(std::string_view key, std::string_view value) {
  std::string toml = setting(key, value);
  if (key == "mail.server") return toml + "from = \"no-reply@acme.example\"\n";
  if (key == "sms.gateway") return toml + "countries = [\"FR\"]\n";
  if (!key.starts_with("limits.")) return toml;
  for (const auto& [other, roomy] : {std::pair{"limits.conversations", 16384},
                                     {"limits.unknown_host", 1},
                                     {"limits.known_host", 1},
                                     {"limits.su_and_unprivileged", 1}}) {
    if (key != other) toml += fmt::format("{} = {}\n", std::string_view(other).substr(7), roomy);
  }
  return toml;
}

// What the complaint says, or nothing when there is none.
std::string complaint(std::string_view toml) {
  const auto config = parse_config(toml, "usher.toml");
  return config.has_value() ? "" : std::string(config.error().text());
}

struct Edges {
  std::string_view key;
  std::vector<std::string> taken;    // other than the default
  std::vector<std::string> refused;  // one over, one under, and values of another type
};

const std::vector<std::string> kNoPath = {"\"\"", "\"var/lib\"", "7", "true", "\"/a\\nb\""};
const std::vector<std::string> kNoFlag = {"1", "\"true\"", "0", "[]"};
const std::string kLongest(64, 'x');

std::vector<Edges> edges() {
  const auto text = [](const std::string& value) { return "\"" + value + "\""; };
  const std::vector<std::string> no_label = {"\"\"", text(kLongest + "x"), "3", "\"a\\u0007b\""};
  const auto list_of = [](int count) {
    std::string list;
    while (count-- > 0) list += "\"word\", ";
    return "[" + list + "]";
  };
  const auto groups = [&](std::string_view key) {
    return Edges{key,
                 {"[\"staff\"]", list_of(16)},
                 {list_of(17), "\"staff\"", "[1]", "[\"\"]", "[\"Not a name\"]"}};
  };
  const auto no_line = [&](std::size_t longest) {
    return std::vector<std::string>{text(std::string(longest + 1, 'x')), "1", "\"\\u0007\""};
  };
  const auto share = [](std::string_view key) {
    return Edges{key, {"1", "8192"}, {"0", "8193", "-1", "1.0", "\"1\"", "true"}};
  };
  return {
      {"store.directory", {"\"/srv/usher\""}, kNoPath},
      {"sockets.login", {"\"/l\""}, kNoPath},
      {"sockets.admin", {"\"/a\""}, kNoPath},
      {"sockets.reaper", {"\"/r\""}, kNoPath},
      {"sockets.courier", {"\"/c\""}, {"\"c\"", "true", "\"/a\\nb\""}},
      {"directory.enumerate", {"true"}, kNoFlag},
      {"texts.organisation", {text("x"), text(kLongest), text("Söhne & Co")}, no_label},
      {"texts.support", {text("x"), text(kLongest)}, no_label},
      {"texts.page",
       {text("https://a"), text("https://acme.example/sign-in?lang=fr&x=%20#here")},
       {text("http://acme.example/"), text("https://"), text("https://a b/"), text("https://a/<b>"),
        text("https://a/\\\"b"), text("https://" + std::string(121, 'x')),
        text("https://a.example/\\u0007"), text("https://\u00e9.example"), "1"}},
      {"texts.language", {text("fr")}, {text("FR"), text("fr-FR"), text("de"), text(""), "1"}},
      {"texts.greeting", {"false"}, kNoFlag},
      {"password.preset", {"\"classic\""}, {"\"Nist\"", "\"\"", "true"}},
      {"password.min_length", {"6", "64", "15"}, {"5", "65", "0", "\"long\"", "8.0", "true"}},
      {"password.max_length", {"64", "399"}, {"63", "401", "\"400\"", "4e2"}},
      {"password.needs_lower", {"true"}, kNoFlag},
      {"password.needs_upper", {"true"}, kNoFlag},
      {"password.needs_digit", {"true"}, kNoFlag},
      {"password.needs_special", {"true"}, kNoFlag},
      {"password.history", {"0", "24"}, {"-1", "25", "\"10\"", "1.5"}},
      {"password.min_age_days", {"1", "365"}, {"-1", "366", "true"}},
      {"password.max_age_days", {"1", "3650"}, {"-1", "3651", "\"off\""}},
      {"password.words", {"[\"x\"]", list_of(64)}, {list_of(65), "\"x\"", "[1]", "[\"\"]", "[[]]"}},
      {"password.keyboard_characters",
       {"\"\u00e9\u00a7\"", text(std::string(256, 'x'))},
       {text(std::string(257, 'x')), "1", "\"\\u0007\""}},
      {"password.breach_filter", {"\"/f\""}, {"\"f\"", "true", "\"/a\\nb\""}},
      {"password.offer_passphrase", {"false"}, kNoFlag},
      {"password.hash_memory_kib", {"19457", "1048576"}, {"19455", "1048577", "-19456", "\"1\""}},
      {"password.hash_passes", {"3", "16"}, {"1", "17", "2.5"}},
      {"mfa.required", {"false"}, kNoFlag},
      {"mfa.enrol_from", {"\"any\""}, {"\"Any\"", "\"\"", "true", "\"known\""}},
      {"mfa.pending_minutes", {"5", "1440"}, {"4", "1441", "\"60\"", "-60"}},
      {"forgot.from", {"\"local\"", "\"any\""}, {"\"Any\"", "\"\"", "true", "\"console\""}},
      {"forgot.strangers_per_hour", {"0", "10000"}, {"-1", "10001", "\"60\"", "1.5"}},
      {"forgot.by", {"\"sms,mail\"", "\"mail\"", "\"sms\""}, {"\"mail, sms\"", "\"\"", "true"}},
      {"compat.mailed_password", {"true"}, kNoFlag},
      {"actions.change_password", {"\"recommended\""}, {"true", "\"yes\"", "\"\""}},
      {"actions.enrol_factor", {"\"recommended\""}, {"true", "\"yes\"", "\"\""}},
      {"actions.recovery_codes", {"\"off\""}, {"true", "\"yes\"", "\"\""}},
      {"actions.accept_terms", {"\"off\""}, {"true", "\"yes\"", "\"\""}},
      {"actions.confirm_contact", {"\"recommended\""}, {"\"required\"", "true", "\"\""}},
      {"public_key.change_password", {"\"notice\""}, {"false", "\"allow\"", "\"\""}},
      {"public_key.enrol_factor", {"\"notice\""}, {"false", "\"allow\"", "\"\""}},
      {"public_key.recovery_codes", {"\"notice\""}, {"false", "\"allow\"", "\"\""}},
      {"public_key.accept_terms", {"\"notice\""}, {"false", "\"allow\"", "\"\""}},
      {"terms.file", {"\"/etc/usher/terms.txt\""}, {"\"terms.txt\"", "7", "true"}},
      {"sign_in.unknown", {"\"pass\""}, {"\"Pass\"", "\"\"", "true", "\"refuse\""}},
      {"account.inactive_days", {"1", "3650"}, {"-1", "3651", "\"20\""}},
      {"account.warn_days", {"0", "90"}, {"-1", "91", "true"}},
      {"admin.may_set_password", {"true"}, kNoFlag},
      groups("roles.admin"),
      groups("roles.helpdesk"),
      groups("roles.manager"),
      groups("roles.auditor"),
      groups("roles.team_groups"),
      {"mail.server",
       {"\"mail.acme.example\"", "\"192.0.2.7\""},
       {"\"a b\"", "\"-x\"", "\"a_b\"", "true", text(std::string(254, 'a'))}},
      {"mail.port", {"1", "65535"}, {"0", "65536", "\"587\"", "-1"}},
      {"mail.security", {"\"tls\""}, {"\"none\"", "\"TLS\"", "\"\"", "true"}},
      {"mail.login", {"\"plain\"", "\"login\"", "\"xoauth2\""}, {"\"cram\"", "\"\"", "false"}},
      {"mail.user", {text("x"), text(std::string(256, 'x'))}, no_line(256)},
      {"mail.ca_file", {"\"/f\""}, {"\"f\"", "true", "\"/a\\nb\""}},
      {"mail.from", {"\"a@b\""}, {"\"a\"", "\"a@b@c\"", "\"a@b\\n\"", "1"}},
      {"mail.from_name", {text("x"), text(std::string(128, 'x'))}, no_line(128)},
      {"mail.reply_to", {"\"a@b\""}, {"\"a\"", "\"Us <a@b>\"", "1"}},
      {"sms.gateway",
       {"\"ovh\"", "\"/etc/usher/sms/own.toml\""},
       {"\"Ovh\"", "\"own.toml\"", "\"../x\"", "true"}},
      {"sms.account", {text(std::string(64, 'a'))}, {text(std::string(65, 'a')), "\"a b\"", "1"}},
      {"sms.from", {"\"+33612345678\"", "\"Acme\""}, {text(std::string(21, 'a')), "\" a\"", "1"}},
      {"sms.countries", {"[\"FR\", \"CA\"]"}, {"[\"fr\"]", "[\"XX\"]", "[33]", "\"FR\""}},
      {"sms.national_country", {"\"FR\""}, {"\"fr\"", "\"JM\"", "33"}},
      {"sms.ask_for_number", {"true"}, kNoFlag},
      {"sms.per_person", {"1", "100"}, {"0", "101", "\"5\""}},
      {"sms.per_day", {"1", "100000"}, {"0", "100001", "\"5\""}},
      {"notices.off",
       {"[\"sign-in-from-new-host\", \"password-expires\"]"},
       {"\"password-expires\"", "[1]", "[\"password-changed\"]", "[\"nothing\"]"}},
      {"networks.known",
       {"[\"192.0.2.0/24\", \"2001:db8::/32\"]", "[\"192.0.2.7/32\"]"},
       {"\"192.0.2.0/24\"", "[\"192.0.2.0/33\"]", "[\"example.org\"]", "[7]", "[\"\"]"}},
      {"limits.conversations", {"16", "16384"}, {"15", "16385", "-16", "\"16\""}},
      share("limits.unknown_host"),
      share("limits.known_host"),
      share("limits.su_and_unprivileged"),
  };
}

TEST(Config, EveryKeyOfTheTableIsTestedHere) {
  std::vector<std::string> tested, known;
  for (const Edges& row : edges()) tested.emplace_back(row.key);
  for (const KeyDescription& row : config_keys()) known.emplace_back(row.name);
  EXPECT_EQ(tested, known);
}

TEST(Config, AnEmptyFileMeansTheDefaults) {
  const auto config = parse_config("", "usher.toml");
  ASSERT_TRUE(config);
  EXPECT_EQ(dump(*config), dump(Config{}));
}

TEST(Config, TheTableSaysEachDefaultAsItIs) {
  for (const KeyDescription& row : config_keys()) {
    const auto config = parse_config(setting(row.name, row.fallback), "usher.toml");
    ASSERT_TRUE(config) << row.name << ": " << config.error().text();
    EXPECT_EQ(dump(*config), dump(Config{})) << row.name;
  }
}

TEST(Config, TakesEachKeyUpToTheEdgesOfItsRange) {
  for (const Edges& row : edges()) {
    for (const std::string& value : row.taken) {
      const auto config = parse_config(setting_with_room(row.key, value), "usher.toml");
      ASSERT_TRUE(config) << row.key << " = " << value << ": " << config.error().text();
      EXPECT_NE(dump(*config), dump(Config{})) << row.key << " = " << value << " changes nothing";
    }
  }
}

TEST(Config, SaysOfEachKeyWhetherAReloadChangesIt) {
  const auto at_start = [](const Config& c) {
    const AtStart& s = c.at_start;
    return fmt::format("{} {} {} {} {} {} {} {} {} {} {}", s.state_directory, s.login_socket,
                       s.admin_socket, s.reaper_socket, s.courier_socket, s.hash_cost.memory_kib,
                       s.hash_cost.passes, s.max_conversations, s.max_unknown_host,
                       s.max_known_host, s.max_su_and_unprivileged);
  };
  const auto keys = config_keys();  // in the order of edges(), as tested above
  const std::vector<Edges> rows = edges();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto config =
        parse_config(setting_with_room(rows[i].key, rows[i].taken.front()), "usher.toml");
    ASSERT_TRUE(config) << rows[i].key;
    const bool limit = keys[i].name.starts_with("limits.");  // its room changes the others
    const bool stays = limit || at_start(*config) != at_start(Config{});
    EXPECT_EQ(stays, keys[i].takes == Takes::at_start) << keys[i].name;
  }
}

TEST(Config, RefusesEachKeyBeyondItsRangeWithTheLine) {
  for (const Edges& row : edges()) {
    for (const std::string& value : row.refused) {
      const std::string text = complaint(setting(row.key, value));
      EXPECT_TRUE(text.starts_with(fmt::format("usher.toml:2: {} must be ", row.key)))
          << row.key << " = " << value << ": " << text;
    }
  }
}

TEST(Config, NamesTheNearestKeyForAnUnknownOne) {
  EXPECT_EQ(complaint("\n\n[mfa]\nrequried = true\n"),
            "usher.toml:4: unknown key 'mfa.requried'; did you mean 'mfa.required'?");
  EXPECT_EQ(complaint("[password]\nmin_lenght = 8\n"),
            "usher.toml:2: unknown key 'password.min_lenght'; did you mean "
            "'password.min_length'?");
  EXPECT_EQ(complaint("[pasword]\nmin_length = 8\n"),
            "usher.toml:2: unknown key 'pasword.min_length'; did you mean 'password.min_length'?");
  EXPECT_EQ(complaint("support = \"us\"\n"),
            "usher.toml:1: unknown key 'support'; did you mean 'texts.support'?");
  EXPECT_EQ(complaint("quux = 1\n"),
            "usher.toml:1: unknown key 'quux'; usher.toml(5) has them all");
}

TEST(Config, RefusesSharesThatLeaveTheConsoleNoSeat) {
  const std::string text = complaint("[limits]\nconversations = 3328\n");
  EXPECT_TRUE(text.starts_with("usher.toml:2: limits.conversations (3328) must be more than"))
      << text;
  EXPECT_EQ(complaint("[limits]\nconversations = 3329\n"), "");
  // The last of the keys that together are wrong.
  EXPECT_TRUE(complaint("[limits]\nconversations = 100\n\nunknown_host = 90\nknown_host = 9\n")
                  .starts_with("usher.toml:5: limits.conversations (100) must be more than"));
}

TEST(Config, RefusesAnEmptySectionNobodyKnows) {
  EXPECT_EQ(complaint("[mfaa]\n"), "usher.toml:1: unknown section '[mfaa]'; did you mean '[mfa]'?");
  EXPECT_EQ(complaint("\n[front_end]\n"),
            "usher.toml:2: unknown section '[front_end]'; did you mean '[front_ends]'?");
  EXPECT_EQ(complaint("[mfa]\n[front_ends]\n"), "");
}

TEST(Config, RefusesATableWhereAValueIsWanted) {
  EXPECT_TRUE(complaint("[mfa.required]\nyes = true\n").starts_with("usher.toml:1: mfa.required "));
  EXPECT_TRUE(complaint("[[mfa]]\nrequired = true\n").starts_with("usher.toml:1: "));
  EXPECT_TRUE(complaint("mfa = true\n").starts_with("usher.toml:1: unknown key 'mfa'"));
}

TEST(Config, RefusesWhatIsNoToml) {
  for (const char* text :
       {"[mfa\n", "[mfa]\nrequired true\n", "[mfa]\nrequired = yes\n",
        "[mfa]\nrequired = true\nrequired = true\n", "[texts]\nsupport = \"\xFF\"\n"}) {
    EXPECT_TRUE(complaint(text).starts_with("usher.toml:")) << text;
  }
}

TEST(Config, SaysSoWhenALetterStandsWhereAKeyMust) {
  EXPECT_TRUE(complaint("# fine: é\né = 1\n").starts_with("usher.toml:2: "));
  EXPECT_TRUE(complaint("[mfa]\nrequired = true é\n").starts_with("usher.toml:2: "));
}

TEST(Config, MapsServicesToFrontEndsOfTheTable) {
  const auto config =
      parse_config("[front_ends]\nsshd = \"sshd-password\"\nmy-locker = \"other\"\n", "f");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->front_ends.size(), 2U);
  EXPECT_EQ(config->front_ends.at("sshd"), "sshd-password");
  Facts facts;
  facts.trusted = true;
  facts.service = "sshd";
  EXPECT_EQ(front_end_of(facts, config->front_ends).name, "sshd-password");
  facts.service = "login";
  EXPECT_EQ(front_end_of(facts, config->front_ends).name, "login");
}

TEST(Config, NamesTheFrontEndsThereAre) {
  const std::string text = complaint("[front_ends]\nsshd = \"browser\"\n");
  EXPECT_TRUE(text.starts_with("usher.toml:2: front_ends.sshd must be one of \"other\", \"test\""))
      << text;
  EXPECT_NE(complaint("[front_ends]\nsshd = 3\n"), "");
}

TEST(Config, WorksOutTheAutomaticLength) {
  Config config;
  EXPECT_EQ(config.policy_for({}).password.min_length, 8U);
  config.factor_required = false;
  EXPECT_EQ(config.policy_for({}).password.min_length, 15U);
  config.base.min_length = policy::MinLength{.number = 10};
  EXPECT_EQ(config.policy_for({}).password.min_length, 10U);
}

TEST(Config, TakesFromThePresetWhatIsNotSaid) {
  const auto config = parse_config("[password]\nneeds_upper = false\npreset = \"classic\"\n", "f");
  ASSERT_TRUE(config);
  const policy::PasswordRules rules = config->policy_for({}).password;
  EXPECT_EQ(rules.min_length, 8U);
  EXPECT_TRUE(rules.needs_lower);
  EXPECT_FALSE(rules.needs_upper);
}

}  // namespace
}  // namespace usher::daemon
