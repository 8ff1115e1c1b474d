// The verbs on people, against a real store and a real sealer.
#include "daemon/sign_in/one_time_code.hpp"
#include "daemon/store/codes.hpp"
#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {
namespace {

class AdminUsers : public ::testing::Test {
 protected:
  Json ada(Json more = Json::object()) {
    more["name"] = "ada";
    return more;
  }
  Secret add_ada() { return std::move(world.done("AddUser", ada()).secret->text); }

  // Whether the code, as it was shown, would let ada in now.
  bool works(const Secret& shown) {
    const auto code = sign_in::parse_code(shown.view()).release_value();
    const auto person = world.person("ada");
    const auto row =
        world.store()
            .read([&](store::Database& database) {
              return store::find_code(database, person.id, code->handle, world.clock.now());
            })
            .release_value();
    return row && constant_time_equal(
                      row->digest,
                      sign_in::digest_of(world.sealer(), sign_in::kFirstSignIn, person.id, *code));
  }
  std::string state() {
    return world.done("ShowUser", ada()).parameters["user"]["state"].get<std::string>();
  }
  Json blocked_by() { return world.done("ShowUser", ada()).parameters["blocked_by"]; }

  AdminWorld world;
};

TEST_F(AdminUsers, AddGivesAPersonAndACodeThatWorksFor72Hours) {
  const ReplyOk reply = world.done("AddUser", ada({{"display_name", "Ada Lovelace"}}));
  const Json& user = reply.parameters["user"];
  EXPECT_EQ(user["name"], "ada");
  EXPECT_EQ(user["display_name"], "Ada Lovelace");
  EXPECT_EQ(user["state"], "invited");
  EXPECT_GE(user["uid"].get<std::uint32_t>(), store::kFirstUid);
  EXPECT_LE(user["uid"].get<std::uint32_t>(), store::kLastUid);
  EXPECT_FALSE(user.contains("last_sign_in"));
  EXPECT_EQ(reply.parameters["code_expires_at"], milliseconds(kStart + 72h));
  ASSERT_TRUE(reply.secret);
  EXPECT_EQ(reply.secret->name, "code");
  EXPECT_EQ(reply.secret->text.size(), 14U);
  EXPECT_TRUE(works(reply.secret->text));
  world.clock.turn(72h + 1ms);
  EXPECT_FALSE(works(reply.secret->text));
}

TEST_F(AdminUsers, AddTakesAUidOfTheAdminsChoice) {
  EXPECT_EQ(world.done("AddUser", ada({{"uid", 4242}})).parameters["user"]["uid"], 4242);
}

TEST_F(AdminUsers, AddRefusesUidsThatArePower) {
  for (const std::int64_t uid : {0L, 999L, 61184L, 65534L, 65535L, 2147483648L, 4294967295L}) {
    const Reply reply = world.call("AddUser", ada({{"uid", uid}}));
    const auto* refused = std::get_if<ReplyError>(&reply);
    ASSERT_NE(refused, nullptr) << uid;
    EXPECT_EQ(refused->error, "io.usher.Admin.InvalidParameter") << uid;
    EXPECT_EQ(refused->parameters["parameter"], "uid");
  }
  EXPECT_TRUE(world.audit().empty());
}

TEST_F(AdminUsers, AddRefusesNamesOfTheSystem) {
  for (const char* name : {"root", "sudo", "wheel", "adm", "docker", "shadow", "nobody", "usher",
                           "systemd-network", "usher-courier", "_apt"}) {
    EXPECT_EQ(world.refused("AddUser", {{"name", name}}), "InvalidParameter") << name;
  }
}

TEST_F(AdminUsers, AddRefusesATakenNameOrUid) {
  (void)world.done("AddUser", ada({{"uid", 4242}}));
  EXPECT_EQ(world.refused("AddUser", ada()), "UserExists");
  EXPECT_EQ(world.refused("AddUser", {{"name", "bob"}, {"uid", 4242}}), "UserExists");
  EXPECT_EQ(world.audit().size(), 1U) << "a refused change leaves no record of a change";
}

TEST_F(AdminUsers, KeepsNoCodeInTheStoresFile) {
  const Secret code = add_ada();
  const std::string bare(sign_in::parse_code(code.view()).release_value()->text.view());
  for (const auto& entry : std::filesystem::directory_iterator(world.directory())) {
    if (!entry.is_regular_file()) continue;
    std::FILE* file = std::fopen(entry.path().c_str(), "rb");
    ASSERT_NE(file, nullptr);
    std::string bytes(entry.file_size(), '\0');
    EXPECT_EQ(std::fread(bytes.data(), 1, bytes.size(), file), bytes.size());
    std::fclose(file);
    EXPECT_EQ(bytes.find(bare), std::string::npos) << entry.path();
    EXPECT_EQ(bytes.find(code.view()), std::string::npos) << entry.path();
    EXPECT_EQ(bytes.find(bare.substr(4)), std::string::npos) << entry.path();
  }
}

TEST_F(AdminUsers, ListGoesThroughPages) {
  for (const char* name : {"dora", "ada", "carl", "bob"}) {
    (void)world.done("AddUser", {{"name", name}});
  }
  const Json first = world.done("ListUsers", {{"limit", 3}}).parameters;
  ASSERT_EQ(first["users"].size(), 3U);
  EXPECT_EQ(first["users"][0]["name"], "ada");
  EXPECT_EQ(first["more"], true);
  const Json last = world.done("ListUsers", {{"limit", 3}, {"after", "carl"}}).parameters;
  ASSERT_EQ(last["users"].size(), 1U);
  EXPECT_EQ(last["users"][0]["name"], "dora");
  EXPECT_EQ(last["more"], false);
}

TEST_F(AdminUsers, ListFitsAFrameHoweverLongTheTextsAre) {
  const std::string long_name(128, 'x');
  const std::string reason(200, 'y');
  const auto written = world.store().write([&](store::Database& database) -> Result<void> {
    for (int i = 0; i < 140; ++i) {
      const UserName name = TRY(UserName::parse("person" + std::to_string(1000 + i)));
      crypto::SodiumEntropy entropy;
      const auto person = TRY(store::add_person(database, store::NewPerson{name, long_name, {}},
                                                crypto::random_id(entropy), kStart));
      TRY(store::set_person_state(database, person.id, store::PersonState::suspended, reason));
      store::AuditRecord record;
      record.operation = "account";
      record.outcome = "accept";
      record.person = name.view();
      record.detail = std::string(240, 'z');
      TRY(store::append_audit(database, record));
    }
    return {};
  });
  ASSERT_TRUE(written) << written.error().text();
  std::size_t seen = 0;
  Json parameters = {{"limit", 500}};
  for (int pages = 0; pages < 10; ++pages) {
    const Reply reply = world.call("ListUsers", parameters);
    EXPECT_TRUE(protocol::varlink::encode(reply));
    const auto* ok = std::get_if<ReplyOk>(&reply);
    ASSERT_NE(ok, nullptr);
    seen += ok->parameters["users"].size();
    if (ok->parameters["more"] == false) break;
    parameters["after"] = ok->parameters["users"].back()["name"];
  }
  EXPECT_EQ(seen, 140U);
  EXPECT_TRUE(protocol::varlink::encode(world.call("ListAudit", {{"limit", 500}})));
}

TEST_F(AdminUsers, ShowSaysWhatIsThrottledAndUntilWhen) {
  (void)add_ada();
  world.give_password("ada");
  const auto throttled = [&] { return world.done("ShowUser", ada()).parameters["throttled"]; };
  EXPECT_EQ(throttled(), Json::array());
  world.throttle("ada");
  const auto until = (kStart + 25h).time_since_epoch().count();
  const Json row = {{"what", "password"}, {"origin", "unknown-host"}, {"until", until}};
  EXPECT_EQ(throttled(), Json::array({row}));
  for (const char* method : {"LiftThrottle", "ResetUser"}) {
    world.throttle("ada");
    (void)world.done(method, ada());
    EXPECT_EQ(throttled(), Json::array()) << method;
  }
}

TEST_F(AdminUsers, ShowSaysWhichFactorIsWornOut) {
  (void)add_ada();
  (void)world.give_factor("ada", "phone");
  const auto person = world.person("ada").id;
  const auto counted = [&](unsigned all, unsigned from_unknown) {
    EXPECT_TRUE(world.store().write([&](store::Database& database) -> Result<void> {
      const auto factors = TRY(store::list_factors(database, person));
      return store::put_code_tries(database, factors.at(0).id, {all, from_unknown, 0, 0});
    }));
    return world.done("ShowUser", ada()).parameters["throttled"];
  };
  EXPECT_EQ(counted(99, 59), Json::array());
  const Json there = {{"what", "totp"}, {"origin", "unknown-host"}};
  EXPECT_EQ(counted(60, 60), Json::array({there}));
  const Json everywhere = {{"what", "totp"}, {"origin", ""}};
  EXPECT_EQ(counted(100, 60), Json::array({everywhere}));
}

TEST_F(AdminUsers, ShowSaysWhatStopsASignIn) {
  (void)add_ada();
  EXPECT_EQ(blocked_by(), Json::array({"first_sign_in_due"}));
  world.give_password("ada");
  EXPECT_EQ(blocked_by(), Json::array());
  world.give_password("ada", true);
  EXPECT_EQ(blocked_by(), Json::array({"new_password_due"}));
  (void)world.done("SuspendUser", ada({{"reason", "away"}}));
  EXPECT_EQ(blocked_by(), Json::array({"suspended", "new_password_due"}));
}

TEST_F(AdminUsers, SuspendKeepsTheReasonAndResumeForgetsIt) {
  (void)add_ada();
  (void)world.done("SuspendUser", ada({{"reason", "left the company"}}));
  EXPECT_EQ(state(), "suspended");
  EXPECT_EQ(world.person("ada").state_reason, "left the company");
  (void)world.done("ResumeUser", ada());
  EXPECT_EQ(state(), "invited") << "has not signed in yet";
  EXPECT_EQ(world.person("ada").state_reason, "");
}

TEST_F(AdminUsers, ResumeLetsSomebodyWhoSignedInBeActive) {
  (void)add_ada();
  world.give_password("ada");
  const auto id = world.person("ada").id;
  ASSERT_TRUE(world.store().write(
      [&](store::Database& database) { return store::note_sign_in(database, id, kStart); }));
  (void)world.done("SuspendUser", ada({{"reason", "away"}}));
  (void)world.done("ResumeUser", ada());
  EXPECT_EQ(state(), "active");
  EXPECT_TRUE(world.has_password(world.person("ada").id));
}

TEST_F(AdminUsers, SuspendAndResumeRefuseWhatIsSoAlready) {
  (void)add_ada();
  EXPECT_EQ(world.refused("ResumeUser", ada()), "Conflict");
  (void)world.done("SuspendUser", ada({{"reason", "first"}}));
  EXPECT_EQ(world.refused("SuspendUser", ada({{"reason", "second"}})), "Conflict");
  EXPECT_EQ(world.person("ada").state_reason, "first");
}

TEST_F(AdminUsers, ResetGivesACodeInPlaceOfThePasswordAndKeepsFactors) {
  const Secret first = add_ada();
  world.give_password("ada");
  const std::string factor = world.give_factor("ada", "phone");
  const auto before = world.person("ada");
  const ReplyOk reply = world.done("ResetUser", ada({{"reason", "came to the desk"}}));
  const auto after = world.person("ada");
  EXPECT_GT(after.epoch, before.epoch);
  EXPECT_EQ(after.state, before.state);
  EXPECT_FALSE(world.has_password(after.id));
  EXPECT_FALSE(works(first));
  EXPECT_TRUE(works(reply.secret->text));
  EXPECT_EQ(blocked_by(), Json::array({"first_sign_in_due"}));
  const Json factors = world.done("ListFactors", ada()).parameters["factors"];
  ASSERT_EQ(factors.size(), 1U);
  EXPECT_EQ(factors[0]["id"], factor);
}

TEST_F(AdminUsers, EachResetVoidsTheCodeOfTheOneBefore) {
  (void)add_ada();
  const Secret first = std::move(world.done("ResetUser", ada()).secret->text);
  const Secret second = std::move(world.done("ResetUser", ada()).secret->text);
  EXPECT_FALSE(works(first));
  EXPECT_TRUE(works(second));
}

TEST_F(AdminUsers, ResetLeavesASuspendedPersonSuspended) {
  (void)add_ada();
  (void)world.done("SuspendUser", ada({{"reason", "away"}}));
  (void)world.done("ResetUser", ada());
  EXPECT_EQ(state(), "suspended");
}

TEST_F(AdminUsers, DeleteLeavesATombstoneWhoseUidIsNeverUsedAgain) {
  const Secret code = add_ada();
  world.give_password("ada");
  (void)world.give_factor("ada", "phone");
  const auto ada_before = world.person("ada");
  (void)world.done("DeleteUser", ada());
  EXPECT_EQ(world.refused("ShowUser", ada()), "NoSuchUser");
  EXPECT_EQ(world.done("ListUsers").parameters["users"].size(), 0U);
  EXPECT_FALSE(world.has_password(ada_before.id));
  const auto factors = world.store().read(
      [&](store::Database& database) { return store::list_factors(database, ada_before.id); });
  EXPECT_TRUE(factors->empty());
  EXPECT_EQ(world.refused("AddUser", {{"name", "eve"}, {"uid", ada_before.uid.number}}),
            "UserExists");
}

TEST_F(AdminUsers, EveryVerbNamesThePersonItDoesNotFind) {
  const Json cases[] = {
      {{"method", "ShowUser"}},
      {{"method", "SuspendUser"}, {"reason", "r"}},
      {{"method", "ResumeUser"}},
      {{"method", "ResetUser"}},
      {{"method", "DeleteUser"}},
      {{"method", "ListFactors"}},
      {{"method", "RemoveFactor"}, {"factor", "phone"}},
      {{"method", "RenameFactor"}, {"factor", "phone"}, {"label", "key"}},
  };
  for (Json parameters : cases) {
    const std::string method = parameters["method"];
    parameters.erase("method");
    parameters["name"] = "nobody.here";
    const Reply reply = world.call(method, parameters);
    const auto* refused = std::get_if<ReplyError>(&reply);
    ASSERT_NE(refused, nullptr) << method;
    EXPECT_EQ(refused->error, "io.usher.Admin.NoSuchUser") << method;
    EXPECT_EQ(refused->parameters["name"], "nobody.here");
  }
  EXPECT_TRUE(world.audit().empty());
}

// A role, then the groups that give it.
std::string roles_shown(AdminWorld& world, const char* name) {
  std::string text;
  const ReplyOk reply = world.done("ShowUser", {{"name", name}});
  for (const Json& held : reply.parameters["roles"]) {
    text += held["role"].get<std::string>();
    for (const Json& group : held["groups"]) text += " " + group.get<std::string>();
    text += ";";
  }
  return text;
}

TEST(UserSheet, O4_ShowsRolesWithTheGroupsTheyComeFrom) {
  AdminWorld world;
  world.config.roles = {{"it", "local-it"}, {}, {}, {"audit"}, {}};
  for (const char* name : {"ann", "pat"}) (void)world.done("AddUser", {{"name", name}});
  for (const char* group : {"it", "audit", "editors"}) {
    (void)world.done("AddGroup", {{"group", group}});
    (void)world.done("AddMember", {{"group", group}, {"name", "ann"}});
  }
  EXPECT_EQ(roles_shown(world, "ann"), "admin it;auditor audit;");
  EXPECT_EQ(roles_shown(world, "pat"), "");
  world.write_etc("root:x:0:0::/:/bin/sh\n", "local-it:x:1502:pat,ann\nsudo:x:27:pat\n");
  EXPECT_EQ(roles_shown(world, "ann"), "admin it local-it;auditor audit;");
  EXPECT_EQ(roles_shown(world, "pat"), "admin local-it;") << "sudo is power, but no role";
  world.config.roles = {};
  EXPECT_EQ(roles_shown(world, "ann"), "");
}

}  // namespace
}  // namespace usher::admin
