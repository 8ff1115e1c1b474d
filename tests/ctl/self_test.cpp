// usherctl self: what a person sees of themselves and may change, as the uid they call with.
#include "daemon/origin.hpp"
#include "daemon/store/reset_requests.hpp"
#include "tests/ctl/ctl_world.hpp"

namespace usher::ctl {
namespace {

constexpr std::uint32_t kAda = 3000;
constexpr std::uint32_t kBob = 3001;

// logind's sessions of ada, and of nobody else.
Result<std::vector<LogindSession>> adas_sessions(Uid uid) {
  if (uid.number != kAda) return std::vector<LogindSession>();
  return std::vector<LogindSession>{{"4", "sshd", "pts/0", "192.0.2.7"},
                                    {"c1", "login", "tty1", ""}};
}
Result<std::vector<LogindSession>> no_answer(Uid) {
  return Error(Errc::unavailable, "reading logind's sessions: no such thing");
}

class Self : public CtlWorld {
 protected:
  void SetUp() override {
    CtlWorld::SetUp();
    world_.config.support = "the house";
    add("ada", "Ada Lovelace", kAda);
    add("bob", "Bob", kBob);
    ASSERT_EQ(usherctl({"org", "add", "acme", "--support", "the desk"}).exit_code, 0);
    ASSERT_EQ(usherctl({"org", "member", "add", "acme", "ada"}).exit_code, 0);
    host_.sessions_of = adas_sessions;
    peer_uid_ = kAda;
  }
  void add(const char* name, const char* display_name, std::uint32_t uid) {
    ASSERT_EQ(usherctl({"user", "add", name, "--uid", std::to_string(uid), "--display-name",
                        display_name})
                  .exit_code,
              0);
    world_.give_password(name);
    const auto id = world_.person(name).id;
    ASSERT_TRUE(world_.store().write([&](store::Database& database) {
      return store::set_person_state(database, id, store::PersonState::active, "");
    }));
  }

  struct Happened {
    std::string person = "ada";
    std::string outcome = "accept";
    std::string host = "192.0.2.7";
    std::string operation = "authenticate";
    std::string service = "sshd";
    std::chrono::seconds after{0};
  };
  void happens(const Happened& happened) {
    store::AuditRecord record;
    record.at = admin::kStart + happened.after;
    record.operation = happened.operation;
    record.outcome = happened.outcome;
    record.reason = "wrong-password";
    record.person = happened.person;
    record.factor = happened.operation == "account" ? "" : "password";
    record.service = happened.service;
    record.origin = "unknown-host";
    record.rhost = happened.host;
    record.tty = "ssh";
    record.detail = "a detail";
    record.steps = "front-end=" + happened.service + " password-wrong";
    ASSERT_TRUE(world_.store().write(
        [&](store::Database& database) { return store::append_audit(database, record); }));
  }

  Ran self(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), "self");
    return usherctl(std::move(arguments), host_);
  }
  std::string fact(const std::string& name) {
    const std::string out = self().out;
    const std::size_t at = out.find("\n" + name + "  ");
    if (at == std::string::npos) return "";
    const std::size_t value = out.find_first_not_of(' ', at + 1 + name.size());
    return out.substr(value, out.find('\n', value) - value);
  }
  std::vector<std::string> hosts(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"self", "sign-ins"});
    std::vector<std::string> found;
    const admin::Json reply = json(std::move(arguments));
    for (const admin::Json& row : reply["sign_ins"]) {
      found.push_back(row["rhost"].get<std::string>() + " " + row["proof"].get<std::string>());
    }
    return found;
  }
  Host host_;
};

TEST_F(Self, G10_IsTheStartPage) {
  (void)world_.give_factor("ada", "Ada's phone");
  happens({.outcome = "refuse", .host = "203.0.113.66"});
  happens({});
  happens({.person = "bob", .host = "192.0.2.9"});
  const Ran ran = self();
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  std::string out = ran.out;
  const std::string factor = admin::Json(json({"self"}))["factors"][0]["id"];
  out.replace(out.find(factor), factor.size(), std::string(32, '#'));
  EXPECT_EQ(out,
            "name            ada (Ada Lovelace)\n"
            "organisations   acme\n"
            "state           active\n"
            "ends            -\n"
            "whom to ask     the desk\n"
            "page            -\n"
            "language        en\n"
            "greeting        on\n"
            "password        chosen 2023-11-14T23:13:20+01:00\n"
            "recovery codes  0 left\n"
            "\n"
            "STILL TO DO     DEMAND       WHY\n"
            "recovery-codes  recommended  no recovery code is left\n"
            "\n"
            "ID                                KIND  LABEL        ENROLLED\n"
            "################################  totp  Ada's phone  2023-11-14T23:13:20+01:00\n"
            "\n"
            "No address of yours is known.\n"
            "\n"
            "SESSION  SERVICE  TERMINAL  FROM\n"
            "4        sshd     pts/0     192.0.2.7\n"
            "c1       login    tty1      -\n"
            "\n"
            "SIGN-IN                    OUTCOME  SERVICE  FROM          TERMINAL  PROOF\n"
            "2023-11-14T23:13:20+01:00  accept   sshd     192.0.2.7     ssh       password\n"
            "2023-11-14T23:13:20+01:00  refuse   sshd     203.0.113.66  ssh       password\n");
}

TEST_F(Self, G2_ShowsTheAddressOfThePage) {
  world_.config.page = "https://acme.example/sign-in";
  const std::string out = self().out;
  EXPECT_NE(out.find("\npage            https://acme.example/sign-in\n"), std::string::npos) << out;
}

TEST_F(Self, G10_SaysSoWhereThereIsNothing) {
  peer_uid_ = kBob;
  world_.config.factor_required = false;
  world_.config.base.actions.demands[policy::Action::enrol_factor] = policy::Demand::off;
  const Ran ran = self();
  for (const char* line :
       {"\nNothing is left to do.\n", "\nNo second factor is enrolled.\n",
        "\nNo session is open on this host.\n", "\nwhom to ask     the house\n"}) {
    EXPECT_NE(ran.out.find(line), std::string::npos) << line << ran.out;
  }
}

TEST_F(Self, G10_JsonHasTheSessionsToo) {
  host_.sessions_of = adas_sessions;
  const Ran ran = usherctl({"--json", "self"}, host_);
  const auto parsed = protocol::varlink::parse_object(ran.out);
  ASSERT_TRUE(parsed) << ran.out;
  EXPECT_EQ((*parsed)["sessions"].size(), 2U);
  EXPECT_EQ((*parsed)["sessions"][0]["remote_host"], "192.0.2.7");
  EXPECT_EQ((*parsed)["pending"][0]["action"], "enrol-factor");
  EXPECT_EQ((*parsed)["pending"][0]["why"], "no second factor is enrolled");
}

TEST_F(Self, IsReadWhereLogindDoesNotAnswer) {
  host_.sessions_of = no_answer;
  const Ran ran = self();
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.err, "usherctl: reading logind's sessions: no such thing\n");
  EXPECT_NE(ran.out.find("SIGN-IN"), std::string::npos);
}

TEST_F(Self, M12_SaysWhyEachActionIsPending) {
  EXPECT_NE(self().out.find("enrol-factor  required  no second factor is enrolled\n"),
            std::string::npos);
  world_.give_password("ada", true);
  EXPECT_NE(self().out.find("change-password  required  an administrator demands a new one\n"),
            std::string::npos);
  world_.give_password("ada");
  world_.config.base.max_age = std::chrono::days(30);
  world_.clock.turn(std::chrono::days(31));
  EXPECT_NE(self().out.find("the password has reached its greatest age\n"), std::string::npos);
}

TEST_F(Self, G10_SaysWhenANewPasswordIsDueAndWhenTheAccountEnds) {
  world_.config.base.max_age = std::chrono::days(30);
  EXPECT_EQ(fact("password"),
            "chosen 2023-11-14T23:13:20+01:00, a new one is due 2023-12-14T23:13:20+01:00");
  peer_uid_ = 0;
  ASSERT_EQ(usherctl({"user", "set", "ada", "--expires", "2030-02-01"}).exit_code, 0);
  peer_uid_ = kAda;
  EXPECT_EQ(fact("ends"), "2030-02-01T00:00:00+01:00");
}

TEST_F(Self, G5_ThePersonChoosesTheLanguage) {
  EXPECT_EQ(self({"language", "fr"}).out, "From the next sign-in on you read fr.\n");
  EXPECT_EQ(world_.person("ada").language, texts::Language::french);
  EXPECT_EQ(world_.person("bob").language, std::nullopt);
  EXPECT_EQ(fact("language"), "fr");
  for (const std::string& language : {std::string("xx"), std::string(), std::string(100, 'f')}) {
    EXPECT_EQ(self({"language", language}).exit_code, 2) << language.substr(0, 9);
  }
  EXPECT_EQ(world_.person("ada").language, texts::Language::french);
  const store::AuditRecord record = world_.audit().front();
  EXPECT_EQ(record.operation, "admin.SetOwnLanguage");
  EXPECT_EQ(record.person, "ada");
  EXPECT_EQ(record.reason, "self");
  EXPECT_EQ(record.detail, "fr");
  EXPECT_EQ(record.peer_uid, kAda);
}

TEST_F(Self, P13_ThePersonSwitchesTheGreetingOffAndOn) {
  EXPECT_EQ(self({"greeting", "off"}).out,
            "Sessions begin without saying who you are signed in as.\n");
  EXPECT_FALSE(world_.person("ada").greeted);
  EXPECT_TRUE(world_.person("bob").greeted);
  EXPECT_EQ(fact("greeting"), "off");
  const store::AuditRecord record = world_.audit().front();
  EXPECT_EQ(record.operation, "admin.SetOwnGreeting");
  EXPECT_EQ(record.person, "ada");
  EXPECT_EQ(record.detail, "off");
  EXPECT_EQ(self({"greeting", "maybe"}).exit_code, 2);
  EXPECT_EQ(self({"greeting", "on"}).exit_code, 0);
  EXPECT_TRUE(world_.person("ada").greeted);
  world_.config.greet = false;
  EXPECT_EQ(fact("greeting"), "off, for everybody on this host");
}

TEST_F(Self, G21_O5_ThePersonAsksForANewPasswordByMail) {
  EXPECT_EQ(self({"forgot"}).exit_code, 6) << "no mail leaves";
  world_.config.mail.server.host = "mx.acme.example";
  world_.config.mail.from = "no-reply@acme.example";
  const auto asked = self({"forgot"});
  EXPECT_EQ(asked.exit_code, 0);
  EXPECT_NE(asked.out.find("a message from no-reply@acme.example is on its way"),
            std::string::npos);
  const auto waiting = world_.store().read([](store::Database& database) {
    return store::next_reset_request(database, daemon::name_of(daemon::Origin::local_seat),
                                     admin::kStart);
  });
  ASSERT_TRUE(waiting && *waiting);
  EXPECT_EQ((*waiting)->asked_for, "ada");
  EXPECT_EQ((*waiting)->origin, "non-root-self");
  EXPECT_EQ(world_.audit().front().operation, "admin.AskOwnReset");
}

TEST_F(Self, G18_ThePersonRenamesAFactor) {
  (void)world_.give_factor("ada", "phone");
  EXPECT_EQ(self({"factor", "rename", "phone", "Ada's phone"}).out,
            "The factor phone is called Ada's phone now.\n");
  EXPECT_NE(self().out.find("Ada's phone"), std::string::npos);
  EXPECT_EQ(self({"factor", "rename", "phone", "key"}).exit_code, 3)
      << "none is called so any more";
  for (const std::string& name : {std::string(), std::string(41, 'x'), std::string("a\nb")}) {
    EXPECT_EQ(self({"factor", "rename", "Ada's phone", name}).exit_code, 2) << name;
  }
}

// Whatever is given, it is the caller's own that is shown and changed.
TEST_F(Self, O2_ReachesNobodyElsesData) {
  const std::string bobs = world_.give_factor("bob", "Bob's phone");
  happens({.person = "bob", .host = "192.0.2.99"});
  EXPECT_EQ(self({"factor", "rename", bobs, "mine"}).exit_code, 3);
  EXPECT_EQ(self({"factor", "rename", "Bob's phone", "mine"}).exit_code, 3);
  for (const std::string& out :
       {self().out, self({"sign-ins"}).out, usherctl({"--json", "self"}, host_).out}) {
    EXPECT_EQ(out.find("192.0.2.99"), std::string::npos);
    EXPECT_EQ(out.find("ob"), std::string::npos) << out;
  }
  // Nor by a call that no usherctl makes.
  const std::pair<const char*, admin::Json> calls[] = {
      {"ShowSelf", admin::Json::object()},
      {"ListOwnSignIns", admin::Json::object()},
      {"SetOwnLanguage", {{"language", "fr"}}},
      {"SetOwnGreeting", {{"greeting", false}}},
      {"RenameOwnFactor", {{"factor", bobs}, {"label", "mine"}}},
  };
  for (auto [method, parameters] : calls) {
    parameters["name"] = "bob";
    EXPECT_EQ(
        admin::AdminWorld::error_name(world_.call(method, parameters, admin::Peer{Uid{kAda}})),
        "InvalidParameter")
        << method;
  }
  EXPECT_EQ(world_.person("bob").language, std::nullopt);
  EXPECT_TRUE(world_.person("bob").greeted);
  peer_uid_ = kBob;
  EXPECT_NE(self().out.find("Bob's phone"), std::string::npos);
}

TEST_F(Self, SaysNothingOfWhatWasWrongAboutAnAnswer) {
  happens({.outcome = "refuse"});
  for (const std::string& out :
       {self().out, self({"sign-ins"}).out, usherctl({"--json", "self", "sign-ins"}, host_).out}) {
    EXPECT_NE(out.find("refuse"), std::string::npos);
    EXPECT_EQ(out.find("wrong"), std::string::npos) << out;
    EXPECT_EQ(out.find("detail"), std::string::npos) << out;
  }
}

TEST_F(Self, ListsAsManySignInsAsAreAskedFor) {
  for (int i = 0; i < 230; ++i) happens({.host = "192.0.2." + std::to_string(i)});
  const auto all = hosts({"--limit", "225"});
  ASSERT_EQ(all.size(), 225U);
  EXPECT_EQ(all.front(), "192.0.2.229 password");
  EXPECT_EQ(all.back(), "192.0.2.5 password");
  EXPECT_EQ(hosts().size(), 20U);
  EXPECT_EQ(self({"sign-ins", "--limit", "0"}).exit_code, 2);
}

// sshd asks account once more after a password; of a public key that is all there is.
TEST_F(Self, ShowsASignInOnceAndAKeysToo) {
  using namespace std::chrono_literals;
  happens({.host = "first"});
  happens({.host = "second"});
  happens({.host = "first", .operation = "account"});
  happens({.host = "second", .operation = "account"});
  happens({.host = "by key", .operation = "account"});
  happens({.host = "first", .operation = "account", .after = 11min});
  happens({.host = "cron's", .operation = "account", .service = "cron"});
  happens({.outcome = "refuse", .host = "suspended", .operation = "account"});
  EXPECT_EQ(hosts(),
            (std::vector<std::string>{"suspended public-key", "first public-key",
                                      "by key public-key", "second password", "first password"}));
  // The same over page's edges.
  std::vector<std::string> one_by_one;
  admin::Json parameters{{"limit", 1}};
  for (bool more = true; more;) {
    const auto reply = world_.call("ListOwnSignIns", parameters, admin::Peer{Uid{kAda}});
    const auto& page = std::get<protocol::varlink::ReplyOk>(reply).parameters;
    for (const auto& row : page["sign_ins"]) one_by_one.push_back(row["rhost"]);
    parameters["before"] = page["sign_ins"].back()["sequence"];
    more = page["more"];
  }
  EXPECT_EQ(one_by_one,
            (std::vector<std::string>{"suspended", "first", "by key", "second", "first"}));
}

// Each is a record for good: they must not fill the disk.
TEST_F(Self, ChangesSoMuchADayAndNoMore) {
  for (int i = 0; i < 50; ++i) {
    const auto language = i % 2 == 0 ? "fr" : "en";
    ASSERT_EQ(admin::AdminWorld::error_name(
                  world_.call("SetOwnLanguage", {{"language", language}}, admin::Peer{Uid{kAda}})),
              "")
        << i;
  }
  const std::size_t records = world_.audit().size();
  const Ran refused = self({"language", "fr"});
  EXPECT_EQ(refused.exit_code, 6);
  EXPECT_NE(refused.err.find("too many changes"), std::string::npos) << refused.err;
  EXPECT_EQ(self({"greeting", "off"}).exit_code, 6);
  EXPECT_EQ(world_.person("ada").language, texts::Language::english);
  EXPECT_TRUE(world_.person("ada").greeted);
  EXPECT_EQ(world_.audit().size(), records);
  peer_uid_ = kBob;
  EXPECT_EQ(self({"language", "fr"}).exit_code, 0) << "bob changed nothing yet";
  peer_uid_ = kAda;
  world_.clock.turn(std::chrono::hours(25));
  EXPECT_EQ(self({"language", "fr"}).exit_code, 0);
}

TEST_F(Self, IsForPeopleOfUshersAlone) {
  for (const std::uint32_t uid : {0U, 990U, 1500U, 4000U, 65534U}) {
    peer_uid_ = uid;
    EXPECT_EQ(self().exit_code, 4) << uid;
    EXPECT_EQ(self({"language", "fr"}).exit_code, 4) << uid;
    EXPECT_EQ(self({"greeting", "off"}).exit_code, 4) << uid;
  }
  peer_uid_ = 0;
  EXPECT_NE(self().err.find("only a person whom Usher signs in may do this"), std::string::npos);
}

TEST_F(Self, ReadsLogindsSessionsWithoutComplaint) {
  // Of a uid nobody has, on a machine with logind or without.
  const auto sessions = sessions_of(Uid{2'000'000'000});
  ASSERT_TRUE(sessions) << sessions.error().text();
  EXPECT_TRUE(sessions->empty());
}

}  // namespace
}  // namespace usher::ctl
