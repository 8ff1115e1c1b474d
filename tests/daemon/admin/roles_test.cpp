// Who may call what on admin.sock, for whom: every method times every kind of caller, in one
// written table; and over whom a role stands.
#include "daemon/admin/roles.hpp"

#include <map>
#include <set>

#include "daemon/admin/gate.hpp"
#include "tests/daemon/admin/admin_world.hpp"
#include "tests/daemon/admin/roles_matrix.hpp"

namespace usher::admin {
namespace {

std::string cells_of(const Line& line) {
  std::string cells;
  for (const char cell : std::string_view(line.cells)) {
    if (cell != ' ') cells.push_back(cell);
  }
  return cells;
}

const Row& row_of(std::string_view method) {
  for (const Row& row : gate_table()) {
    if (row.method == method) return row;
  }
  ADD_FAILURE() << method;
  return gate_table().front();
}

// Parameters with which the method does what it is for, so that a gap would do harm here; about
// ada wherever it can be about somebody.
Json full_parameters(const Row& row) {
  static const std::map<std::string, Json> kValues = {
      {"group", "editors"},
      {"organisation", "acme"},
      {"uid", 1000},
      {"gid", 1000},
      {"home", "/bin/sh"},
      {"shell", "/bin/sh"},
      {"reason", "a reason"},
      {"policy", "house"},
      {"text", "for = \"everybody\"\n"},
      {"factor", "phone"},
      {"label", "tablet"},
      {"interface", "io.usher.Admin"},
      {"id", "0123456789abcdef0123456789abcdef"},
      {"secret", "70617373"},
      {"seconds", 3600},
      {"language", "fr"},
      {"greeting", false},
      {"address", "ada@acme.example"},
      {"number", "+33612345678"},
      {"kind", "mail"},
      {"value", "ada@acme.example"},
      {"campaign", 1},
  };
  Json parameters = Json::object();
  for (const Parameter& parameter : row.allowed()) {
    const std::string name(parameter.name);
    if (name == "name") {
      parameters[name] = "ada";
    } else if (parameter.need == Need::required) {
      parameters[name] = kValues.at(name);
    }
  }
  return parameters;
}

// People with roles out of Usher's groups, and a local account with one out of /etc/group.
class RoleWorld : public AdminWorld {
 public:
  RoleWorld() {
    config.roles = {{"it", "local-it"}, {"desk"}, {"leads"}, {"audit"}, {}};
    write_etc(
        "root:x:0:0:root:/root:/bin/bash\nlocal:x:1500:1501::/home/local:/bin/sh\n"
        "olga:x:1501:1502::/home/olga:/bin/sh\n",
        "root:x:0:\nlocals:x:1501:\nlocal-it:x:1502:\nsudo:x:27:hal,local\n");
    for (const char* group : {"it", "desk", "leads", "audit", "editors", "writers"}) {
      (void)done("AddGroup", {{"group", group}});
    }
    add("ada", 3000, "", "mia");
    add("ann", 3001, "it");
    add("hank", 3002, "desk");
    add("mia", 3003, "leads");
    add("max", 3004, "leads");
    add("ursula", 3005, "audit");
    add("pat", 3006, "", "max");
    add("xenia", 3007, "it");
    // In the machine's own group sudo, and so more than any role of Usher's.
    add("hal", 3008, "", "mia");
    (void)done("SuspendUser", {{"name", "xenia"}, {"reason", "a test"}});
  }

  void add(const char* name, std::uint32_t uid, const std::string& group,
           const std::string& manager = "") {
    (void)done("AddUser", {{"name", name}, {"uid", uid}});
    give_password(name);
    const auto id = person(name).id;
    ASSERT_TRUE(store().write([&](store::Database& database) {
      return store::set_person_state(database, id, store::PersonState::active, "");
    }));
    if (!group.empty()) (void)done("AddMember", {{"group", group}, {"name", name}});
    if (manager.empty()) return;
    (void)done("SetUser", {{"name", name}, {"set_attributes", {{"manager", manager}}}});
  }
  // The error's name, and what NotPermitted says.
  std::string by(std::uint32_t uid, const std::string& method, Json parameters) {
    const Reply reply = call(method, std::move(parameters), Peer{Uid{uid}});
    const auto* error = std::get_if<ReplyError>(&reply);
    if (error == nullptr) return "done";
    const std::string* text = protocol::varlink::text_of(error->parameters, "text");
    return error_name(reply) + (text == nullptr ? "" : ": " + *text);
  }
};

TEST(Roles, HaveALineInTheMatrixForEveryMethodAndALetterForEveryCaller) {
  std::set<std::string_view> expected;
  for (const Line& line : kMatrix) {
    expected.insert(line.method);
    EXPECT_EQ(cells_of(line).size(), std::size(kColumns)) << line.method;
  }
  std::set<std::string_view> served;
  for (const Row& row : gate_table()) served.insert(row.method);
  EXPECT_EQ(served, expected);
}

TEST(Roles, O2_LetInExactlyWhomTheMatrixNames) {
  std::size_t asserted = 0;
  for (const Line& line : kMatrix) {
    const std::string cells = cells_of(line);
    const Row& row = row_of(line.method);
    RoleWorld world;
    for (std::size_t column = 0; column < std::size(kColumns); ++column) {
      const bool allowed = cells[column] == 'y';
      world.log.denied = 0;
      Call call;
      call.method = line.method;
      call.parameters = full_parameters(row);
      if (call.method == "io.usher.Admin.AddUser") call.parameters["name"] = "nina";
      const Peer peer{kColumns[column].uid};
      const std::string error = AdminWorld::error_name(answer(call, peer, world.context()));
      EXPECT_EQ(error != "NotPermitted", allowed) << line.method << " by " << kColumns[column].who;
      EXPECT_EQ(world.log.denied, allowed ? 0 : 1) << line.method << kColumns[column].who;
      ++asserted;
    }
  }
  EXPECT_EQ(asserted, gate_table().size() * std::size(kColumns));
}

// Nobody who is refused changes anything: only what role holders tried is written down.
TEST(Roles, ChangeNothingWhereTheyRefuse) {
  RoleWorld world;
  std::size_t before = world.audit().size();
  for (const Line& line : kMatrix) {
    const std::string cells = cells_of(line);
    for (std::size_t column = 0; column < std::size(kColumns); ++column) {
      if (cells[column] == 'y') continue;
      Call call;
      call.method = line.method;
      call.parameters = full_parameters(row_of(line.method));
      (void)answer(call, Peer{kColumns[column].uid}, world.context());
    }
  }
  std::set<std::int64_t> recorded;
  auto records = world.audit();
  records.resize(records.size() - before);
  for (const store::AuditRecord& record : records) {
    EXPECT_EQ(record.outcome, "refuse");
    EXPECT_EQ(record.reason, "not-permitted");
    recorded.insert(record.peer_uid);
  }
  // Root and usherd's own uid have no account whose own methods they could call.
  EXPECT_EQ(recorded, (std::set<std::int64_t>{0, 990, 1501, 3001, 3002, 3003, 3004, 3005, 3007}));
}

struct Rank {
  const char* target;
  bool helpdesk, manager;
};
// All of them are in mia's team here, so that only their power tells them apart.
constexpr Rank kOver[] = {
    {"ada", true, true},      {"max", true, false},  {"mia", true, false},  {"hank", false, false},
    {"ursula", false, false}, {"ann", false, false}, {"hal", false, false},
};

TEST(Roles, O3_StandOverNobodyWithTheirOwnPowerOrMore) {
  for (const Row& row : gate_table()) {
    if (row.access.over != Over::lesser) continue;
    RoleWorld world;
    const std::string method(row.method.substr(row.method.rfind('.') + 1));
    for (const Rank& expected : kOver) {
      (void)world.done("SetUser",
                       {{"name", expected.target}, {"set_attributes", {{"manager", "mia"}}}});
      Json parameters = full_parameters(row);
      parameters["name"] = expected.target;
      const bool managers = row.access.manager == Scope::team;
      for (const auto& [uid, allowed] :
           {std::pair{3003U, expected.manager && managers}, std::pair{3002U, expected.helpdesk}}) {
        const std::string outcome = world.by(uid, method, parameters);
        EXPECT_EQ(!outcome.starts_with("NotPermitted"), allowed)
            << method << " of " << expected.target << " by " << uid << ": " << outcome;
      }
    }
  }
}

// Whoever takes an account over may afterwards do no more than before.
TEST(Roles, StandOnlyOverRolesWhoseMethodsTheyHaveThemselves) {
  const auto scope_of = [](const Access& access, Role role) {
    const Scope scopes[] = {access.admin, access.helpdesk, access.manager, access.auditor};
    return scopes[static_cast<std::size_t>(role)];
  };
  for (const Role caller : kRoles) {
    for (const Role target : kRoles) {
      Roles powers;
      powers.add(target);
      if (!stands_over(caller, powers)) continue;
      for (const Row& row : gate_table()) {
        EXPECT_GE(scope_of(row.access, caller), scope_of(row.access, target))
            << row.method << ": " << name_of(caller) << " over " << name_of(target);
      }
    }
  }
}

TEST(Roles, AreNobodysToGiveButRootsAndAdmins) {
  RoleWorld world;
  for (const std::uint32_t uid : {3000U, 3002U, 3003U, 3005U}) {
    EXPECT_TRUE(
        world.by(uid, "AddMember", {{"group", "it"}, {"name", "ada"}}).starts_with("NotPermitted"));
    EXPECT_TRUE(
        world.by(uid, "SetUser", {{"name", "hank"}, {"set_attributes", {{"manager", "mia"}}}})
            .starts_with("NotPermitted"));
  }
  EXPECT_EQ(world.by(3001, "AddMember", {{"group", "desk"}, {"name", "ada"}}), "done");
}

TEST(Roles, EndWithTheMembershipTheyComeFrom) {
  RoleWorld world;
  EXPECT_EQ(world.by(3002, "ListUsers", Json::object()), "done");
  (void)world.done("RemoveMember", {{"group", "desk"}, {"name", "hank"}});
  EXPECT_EQ(world.by(3002, "ListUsers", Json::object()),
            "NotPermitted: no role of yours allows it; try sudo");
}

TEST(Roles, AreHeldByPeopleWhomTheMachinesOwnGroupsList) {
  // glibc reads the blanks away.
  for (const char* group : {"local-it:x:1502:pat\n", " local-it:x:1502:root, pat\n"}) {
    RoleWorld world;
    world.write_etc("root:x:0:0::/:/bin/sh\n", group);
    EXPECT_EQ(world.by(3006, "ListUsers", Json::object()), "done") << group;
  }
}

TEST(Roles, AreHeldByAnAccountThatIsLocalAgain) {
  RoleWorld world;
  (void)world.done("SuspendUser",
                   {{"name", "pat"}, {"reason", "handed back to this machine's own files"}});
  EXPECT_TRUE(world.by(3006, "ListUsers", Json::object()).starts_with("NotPermitted"));
  world.write_etc("root:x:0:0::/:/bin/sh\npat:x:3006:3006::/home/pat:/bin/sh\n",
                  "local-it:x:1502:pat\n");
  EXPECT_EQ(world.by(3006, "ListUsers", Json::object()), "done");
}

TEST(Roles, AreNobodysWhereTheMachinesOwnFilesCannotBeRead) {
  RoleWorld world;
  std::filesystem::remove(world.directory() + "/etc/group");
  EXPECT_TRUE(world.by(3001, "ListUsers", Json::object()).starts_with("Unavailable"));
  EXPECT_EQ(world.by(0, "ListUsers", Json::object()), "done");
}

TEST(Roles, SayWhyTheyRefuse) {
  RoleWorld world;
  const std::pair<std::uint32_t, const char*> cases[] = {
      {3004, "NotPermitted: your role may not do this for that person"},
      {3005, "NotPermitted: no role of yours allows it; try sudo"},
      {3006, "NotPermitted: no role of yours allows it; try sudo"},
      {3007, "NotPermitted: your account may not sign in"},
      {65534, "NotPermitted: this uid is nobody's"},
  };
  for (const auto& [uid, text] : cases) {
    EXPECT_EQ(world.by(uid, "ResetUser", {{"name", "ada"}}), text) << uid;
  }
  EXPECT_EQ(world.by(3002, "ResetUser", {{"name", "ann"}}),
            "NotPermitted: that person may do more than your role; ask an administrator");
}

// Whether a name is somebody's outside one's team is not to be learned here.
TEST(Roles, TellAManagerNothingOfPeopleOutsideTheTeam) {
  RoleWorld world;
  EXPECT_EQ(world.by(3003, "ShowUser", {{"name", "pat"}}),
            world.by(3003, "ShowUser", {{"name", "nobody-here"}}));
}

TEST(Roles, TakeTeamsFromGroupsWhereSettingsNameSome) {
  RoleWorld world;
  world.config.roles.team_groups = {"editors"};
  EXPECT_TRUE(world.by(3003, "ShowUser", {{"name", "ada"}}).starts_with("NotPermitted"));
  for (const char* name : {"mia", "ada"}) {
    (void)world.done("AddMember", {{"group", "writers"}, {"name", name}});
    (void)world.done("AddMember", {{"group", "editors"}, {"name", name}});
  }
  EXPECT_EQ(world.by(3003, "ShowUser", {{"name", "ada"}}), "done");
  (void)world.done("RemoveMember", {{"group", "editors"}, {"name", "ada"}});
  EXPECT_TRUE(world.by(3003, "ShowUser", {{"name", "ada"}}).starts_with("NotPermitted"))
      << "writers is a group they share, and no team";
}

TEST(Roles, AreNamedInTheRecordOfWhatTheyDid) {
  RoleWorld world;
  const std::pair<std::uint32_t, const char*> callers[] = {
      {0, "admin"}, {1501, "admin"}, {3001, "admin"}, {3002, "helpdesk"}, {3003, "manager"}};
  for (const auto& [uid, role] : callers) {
    EXPECT_EQ(world.by(uid, "ResetUser", {{"name", "ada"}, {"reason", "a call"}}), "done");
    const store::AuditRecord last = world.audit().front();
    EXPECT_EQ(last.reason, role);
    EXPECT_EQ(last.peer_uid, uid);
    EXPECT_EQ(last.detail, "a call");
  }
}

}  // namespace
}  // namespace usher::admin
