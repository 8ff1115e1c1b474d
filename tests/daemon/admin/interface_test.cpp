// The interface files, the gate's table and what the verbs really answer name the same things.
#include <map>
#include <regex>
#include <set>

#include "daemon/store/contacts.hpp"
#include "daemon/store/outbox.hpp"
#include "protocol/interfaces.hpp"
#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {
namespace {

// Member name -> its type as written, "?int".
using Members = std::map<std::string, std::string>;
struct Interface {
  std::map<std::string, std::pair<Members, Members>> methods;  // what goes in, what comes out
  std::map<std::string, Members> errors;
  std::map<std::string, Members> types;
};

Members members_of(const std::string& list) {
  static const std::regex kMember(R"((\w+)\s*:\s*([?\[\]\w]+))");
  Members members;
  for (std::sregex_iterator it(list.begin(), list.end(), kMember), end; it != end; ++it) {
    members[(*it)[1]] = (*it)[2];
  }
  return members;
}

Interface read_interface(std::string_view name) {
  const std::string text(protocol::interface_text(name));
  const std::string bare = std::regex_replace(text, std::regex("#[^\n]*"), "");
  static const std::regex kMethod(R"(method (\w+)\s*\(([^)]*)\)\s*->\s*\(([^)]*)\))");
  static const std::regex kOther(R"((error|type) (\w+)\s*\(([^)]*)\))");
  Interface read;
  for (std::sregex_iterator it(bare.begin(), bare.end(), kMethod), end; it != end; ++it) {
    read.methods[(*it)[1]] = {members_of((*it)[2]), members_of((*it)[3])};
  }
  for (std::sregex_iterator it(bare.begin(), bare.end(), kOther), end; it != end; ++it) {
    auto& kind = (*it)[1] == "error" ? read.errors : read.types;
    kind[(*it)[2]] = members_of((*it)[3]);
  }
  return read;
}

std::string wire_type(const Parameter& parameter) {
  const bool is_flag = parameter.kind == Kind::flag;
  const bool is_list = parameter.kind == Kind::aliases || parameter.kind == Kind::names;
  const bool is_object = parameter.kind == Kind::attributes;
  const bool is_number = parameter.kind == Kind::id_number || parameter.kind == Kind::page_size ||
                         parameter.kind == Kind::sequence || parameter.kind == Kind::position ||
                         parameter.kind == Kind::moment || parameter.kind == Kind::seconds;
  const std::string_view type = is_number   ? "int"
                                : is_list   ? "[]string"
                                : is_object ? "[string]string"
                                : is_flag   ? "bool"
                                            : "string";
  return std::string(parameter.need == Need::optional ? "?" : "") + std::string(type);
}

TEST(AdminInterface, DescribesExactlyTheGatesTable) {
  std::map<std::string, Members> described;
  for (const std::string_view interface :
       {protocol::kAdminInterface, protocol::kServiceInterface}) {
    for (const auto& [method, members] : read_interface(interface).methods) {
      described[std::string(interface) + "." + method] = members.first;
    }
  }
  std::map<std::string, Members> served;
  for (const Row& row : gate_table()) {
    Members& members = served[std::string(row.method)];
    for (const Parameter& parameter : row.allowed()) {
      members[std::string(parameter.name)] = wire_type(parameter);
    }
  }
  EXPECT_EQ(served, described);
}

void expect_members(const Interface& interface, const Json& object, const Members& members,
                    const std::string& where);

void expect_type(const Interface& interface, const Json& value, std::string type,
                 const std::string& where) {
  if (type.starts_with("[]")) {
    ASSERT_TRUE(value.is_array()) << where;
    for (const Json& row : value) expect_type(interface, row, type.substr(2), where + "[]");
    return;
  }
  EXPECT_TRUE(type != "string" || value.is_string()) << where;
  EXPECT_TRUE(type != "int" || value.is_number_integer()) << where;
  EXPECT_TRUE(type != "bool" || value.is_boolean()) << where;
  const auto custom = interface.types.find(type);
  if (custom == interface.types.end()) return;
  if (custom->second.empty()) {
    EXPECT_TRUE(value.is_string()) << where << " is an enum";
  } else {
    expect_members(interface, value, custom->second, where);
  }
}

// Every member is described, and every described one is there unless it is optional.
void expect_members(const Interface& interface, const Json& object, const Members& members,
                    const std::string& where) {
  for (const auto& [name, value] : object.items()) {
    EXPECT_EQ(members.count(name), 1U) << where << "." << name << " is not described";
  }
  for (const auto& [name, type] : members) {
    const bool is_optional = type.starts_with("?");
    if (!object.contains(name)) {
      EXPECT_TRUE(is_optional) << where << "." << name << " is missing";
      continue;
    }
    expect_type(interface, object[name], is_optional ? type.substr(1) : type, where + "." + name);
  }
}

void add_sign_in_of_ada(AdminWorld& world) {
  store::AuditRecord refusal;
  refusal.at = kStart;
  refusal.operation = "authenticate";
  refusal.outcome = "refuse";
  refusal.reason = "wrong-password";
  refusal.person = "ada";
  refusal.request = std::string(32, 'a');
  ASSERT_TRUE(world.store().write(
      [&](store::Database& database) { return store::append_audit(database, refusal); }));
}

void add_contact_of(AdminWorld& world, std::string_view name) {
  const auto person = world.person(name).id;
  ASSERT_TRUE(world.store().write([&](store::Database& database) -> Result<void> {
    TRY(store::set_person_state(database, person, store::PersonState::active, ""));
    TRY(store::add_contact(database, {.person = person, .value = "eve@acme.example"}, kStart));
    return {};
  }));
}

// A mail that was refused, and a server that is in trouble.
template <typename Check>
void check_messages(AdminWorld& world, const Check& check) {
  world.config.mail.server.host = "mail.acme.example";
  world.status.mail = {post::CourierState::here, kStart, kStart,
                       post::Trouble{protocol::courier::Cause::expired, "x", kStart}};
  check("SendTestMail", {{"address", "ada@acme.example"}});
  world.set_gateway();
  world.status.sms = world.status.mail;
  world.status.gateway_mistake = "a mistake";
  check("SendTestSms", {{"number", "+33612345678"}});
  check("ListMessages", {{"state", "queued"}});
  const Json messages = world.done("ListMessages").parameters["messages"];
  const std::string id = messages.at(0).at("id");
  ASSERT_TRUE(world.store().write([&](store::Database& database) {
    return store::message_refused(database, id, kStart, "recipient: 550 5.1.1 unknown");
  }));
  check("ShowMessage", {{"id", id}});
  check("RetryMessage", {{"id", id}});
}

TEST(AdminInterface, DescribesExactlyWhatTheVerbsAnswer) {
  const Interface interface = read_interface(protocol::kAdminInterface);
  AdminWorld world;
  std::set<std::string> answered;
  const auto compare = [&](const std::string& method, ReplyOk reply) {
    if (reply.secret) reply.parameters[reply.secret->name] = "the test's stand-in";
    expect_members(interface, reply.parameters, interface.methods.at(method).second, method);
    answered.insert(method);
  };
  const auto check = [&](const std::string& method, Json parameters) {
    compare(method, world.done(method, std::move(parameters)));
  };
  const auto check_own = [&](const std::string& method, Json parameters) {
    Reply reply = world.call(method, std::move(parameters), Peer{world.person("ada").uid});
    auto* ok = std::get_if<ReplyOk>(&reply);
    ASSERT_NE(ok, nullptr) << method << ": " << AdminWorld::error_name(reply);
    compare(method, std::move(*ok));
  };
  const auto check_set_password = [&] {
    Call call;
    call.method = "io.usher.Admin.SetPassword";
    call.parameters = {{"name", "gil"}, {"secret", "****"}};
    const std::string digits = "736576656e20677265656e206b69746573";
    call.secret = protocol::varlink::NamedSecret{"secret", Secret::copy(digits).release_value()};
    const Reply reply = answer(call, kRoot, world.context());
    ASSERT_TRUE(std::holds_alternative<ReplyOk>(reply)) << AdminWorld::error_name(reply);
    answered.insert("SetPassword");
  };
  check("AddUser", {{"name", "ada"}});
  world.give_password("ada", true);
  (void)world.give_factor("ada", "phone");
  const auto ada = world.person("ada").id;
  ASSERT_TRUE(world.store().write(
      [&](store::Database& database) { return store::note_sign_in(database, ada, kStart); }));
  check("ListUsers", Json::object());
  check("SetUser", {{"name", "ada"},
                    {"add_aliases", {"ada@example.org"}},
                    {"language", "fr"},
                    {"set_attributes", {{"manager", "bob"}}}});
  check(
      "AdoptUser",
      {{"name", "bob"}, {"uid", 1000}, {"gid", 1000}, {"home", "/home/bob"}, {"shell", "/bin/sh"}});
  check("HandBackUser", {{"name", "bob"}});
  check("AddGroup", {{"group", "editors"}});
  check("AddMember", {{"group", "editors"}, {"name", "ada"}});
  check("ListGroups", Json::object());
  check("ShowGroup", {{"group", "editors"}});
  check("RemoveMember", {{"group", "editors"}, {"name", "ada"}});
  check("RemoveGroup", {{"group", "editors"}});
  check("AddOrganisation", {{"organisation", "acme"}});
  check("SetOrganisation", {{"organisation", "acme"}, {"support", "the desk"}});
  check("JoinOrganisation", {{"organisation", "acme"}, {"name", "ada"}});
  check("ListOrganisations", Json::object());
  check("ShowOrganisation", {{"organisation", "acme"}});
  check("LeaveOrganisation", {{"organisation", "acme"}, {"name", "ada"}});
  check("RemoveOrganisation", {{"organisation", "acme"}});
  check("SuspendUser", {{"name", "ada"}, {"reason", "a reason"}});
  world.throttle("ada");
  check("ShowUser", {{"name", "ada"}});
  check("ResumeUser", {{"name", "ada"}});
  check("DisableUser", {{"name", "ada"}, {"reason", "a reason"}});
  check("EnableUser", {{"name", "ada"}});
  check("SuspendFactors", {{"name", "ada"}, {"reason", "a reason"}, {"seconds", 60}});
  check("SetUser", {{"name", "ada"}, {"expires_at", 4'000'000'000'000}});
  check("ListUsers", Json::object());
  check("ResumeFactors", {{"name", "ada"}});
  check("AddUser", {{"name", "gil"}, {"source", "federated:acme"}});
  check("ConvertUser", {{"name", "gil"}});
  check("AddUser", {{"name", "ivy"}});
  world.config.mail.server.host = "mx.acme.example";
  check("InviteUser", {{"name", "ivy"}, {"mail", "ivy@acme.example"}});
  check("InviteUser", {{"name", "ivy"}});
  world.config.mail = {};
  world.config.may_set_password = true;
  check_set_password();
  check("LiftThrottle", {{"name", "ada"}});
  check("ListFactors", {{"name", "ada"}});
  check("AddContact", {{"name", "ada"}, {"kind", "mail"}, {"value", "ada@acme.example"}});
  check("AddContact",
        {{"name", "ada"}, {"kind", "mail"}, {"value", "ada@home.example"}, {"replace", true}});
  check("ListContacts", {{"name", "ada"}});
  check("AddContact", {{"name", "ada"}, {"kind", "mobile"}, {"value", "+33612345678"}});
  check("RemoveContact", {{"name", "ada"}, {"value", "+33612345678"}});
  check("RenameFactor", {{"name", "ada"}, {"factor", "phone"}, {"label", "key"}});
  (void)world.done("AddOrganisation", {{"organisation", "acme"}});
  (void)world.done("JoinOrganisation", {{"organisation", "acme"}, {"name", "ada"}});
  add_sign_in_of_ada(world);
  check_own("ShowSelf", Json::object());
  check_own("ListOwnSignIns", Json::object());
  check_own("SetOwnLanguage", {{"language", "fr"}});
  check_own("SetOwnGreeting", {{"greeting", false}});
  world.config.mail.server.host = "mx.acme.example";
  world.config.mail.from = "no-reply@acme.example";
  check_own("AskOwnReset", Json::object());
  world.config.mail = {};
  check_own("RenameOwnFactor", {{"factor", "key"}, {"label", "phone"}});
  check_own("RenameOwnFactor", {{"factor", "phone"}, {"label", "key"}});
  check("ReportActions", Json::object());
  check("ReportContacts", Json::object());
  check_messages(world, check);
  world.config.roles.auditor = {"editors"};
  (void)world.done("AddGroup", {{"group", "editors"}});
  (void)world.done("AddMember", {{"group", "editors"}, {"name", "ada"}});
  check("ShowUser", {{"name", "ada"}});
  check("RemoveFactor", {{"name", "ada"}, {"factor", "key"}});
  check("ResetUser", {{"name", "ada"}});
  check("DeleteUser", {{"name", "ada"}});
  check("GetStatus", Json::object());
  check("ListAudit", Json::object());
  check("VerifyAudit", Json::object());
  check("Explain", {{"id", world.audit().back().request}});
  add_sign_in_of_ada(world);
  check("ExplainRefusal", {{"name", "ada"}});
  check("AddUser", {{"name", "eve"}});
  world.give_password("eve");
  world.config.factor_required = false;
  world.configuration.changed = {{"password.history", "", "5", daemon::Takes::at_reload}};
  check("ReloadConfiguration", Json::object());
  world.status.mail.trouble.reset();
  add_contact_of(world, "eve");
  check("StartCampaign", {{"kind", "mail"}});
  check("ListCampaigns", Json::object());
  check("ShowCampaign", {{"campaign", 1}});
  check("StopCampaign", {{"campaign", 1}});
  check("LintPolicies", Json::object());
  check("ShowPolicy", {{"name", "eve"}});
  check("SimulatePolicy",
        {{"policy", "acme"}, {"text", "for = \"everybody\"\nmfa.required = true\n"}});
  for (const auto& [method, members] : interface.methods) {
    EXPECT_EQ(answered.count(method), 1U) << method << " was not tried";
  }
}

TEST(AdminInterface, DescribesTheErrorsOfTheSwitch) {
  const Interface admin = read_interface(protocol::kAdminInterface);
  const Interface service = read_interface(protocol::kServiceInterface);
  Call call;
  call.parameters["name"] = "ada";
  std::vector<ReplyError> errors = {invalid_parameter("a", "b"),
                                    no_such_group("a"),
                                    no_such_organisation("a"),
                                    group_exists("a"),
                                    no_such_contact("a@b.example"),
                                    no_such_factor("a"),
                                    no_such_request("a"),
                                    no_such_message("a"),
                                    not_permitted("x"),
                                    interface_not_found("a"),
                                    method_not_found("a"),
                                    not_understood("a")};
  for (int code = 0; code <= static_cast<int>(Errc::internal); ++code) {
    errors.push_back(error_reply(Error(static_cast<Errc>(code), "text"), call));
  }
  std::set<std::string> used;
  for (const ReplyError& error : errors) {
    const std::size_t dot = error.error.rfind('.');
    const bool is_admin = error.error.substr(0, dot) == protocol::kAdminInterface;
    const Interface& interface = is_admin ? admin : service;
    const auto described = interface.errors.find(error.error.substr(dot + 1));
    ASSERT_NE(described, interface.errors.end()) << error.error;
    expect_members(interface, error.parameters, described->second, error.error);
    used.insert(error.error.substr(dot + 1));
  }
  for (const auto& [name, members] : admin.errors) EXPECT_EQ(used.count(name), 1U) << name;
  for (const auto& [name, members] : service.errors) EXPECT_EQ(used.count(name), 1U) << name;
}

TEST(AdminInterface, HasACommentForEveryMemberMethodAndError) {
  for (const std::string_view name : {protocol::kAdminInterface, protocol::kServiceInterface}) {
    const std::string text(protocol::interface_text(name));
    const std::regex declared(R"(\n( *)(method |error |type |\w+: ))");
    for (std::sregex_iterator it(text.begin(), text.end(), declared), end; it != end; ++it) {
      const std::size_t line_start = text.rfind('\n', static_cast<std::size_t>(it->position()) - 1);
      const std::string before =
          text.substr(line_start + 1, static_cast<std::size_t>(it->position()) - line_start - 1);
      EXPECT_TRUE(std::regex_match(before, std::regex(R"( *# .*\.)"))) << it->str() << before;
    }
  }
}

TEST(ServiceInterface, GivesTheTextsWordForWord) {
  AdminWorld world;
  for (const std::string_view name : {protocol::kAdminInterface, protocol::kServiceInterface}) {
    Call call;
    call.method = "org.varlink.service.GetInterfaceDescription";
    call.parameters["interface"] = name;
    const Reply reply = answer(call, kOther, world.context());
    const auto* ok = std::get_if<ReplyOk>(&reply);
    ASSERT_NE(ok, nullptr);
    EXPECT_EQ(*protocol::varlink::text_of(ok->parameters, "description"),
              protocol::interface_text(name));
    EXPECT_TRUE(protocol::varlink::encode(reply)) << "it must fit a frame";
  }
  Call call;
  call.method = "org.varlink.service.GetInterfaceDescription";
  call.parameters["interface"] = "io.usher.Nothing";
  EXPECT_EQ(AdminWorld::error_name(answer(call, kOther, world.context())), "InterfaceNotFound");
  call.parameters = Json::object();
  EXPECT_EQ(AdminWorld::error_name(answer(call, kOther, world.context())), "InvalidParameter");
}

TEST(ServiceInterface, NamesWhatIsServed) {
  AdminWorld world;
  Call call;
  call.method = "org.varlink.service.GetInfo";
  const Reply reply = answer(call, kOther, world.context());
  const auto* ok = std::get_if<ReplyOk>(&reply);
  ASSERT_NE(ok, nullptr);
  expect_members(read_interface(protocol::kServiceInterface), ok->parameters,
                 read_interface(protocol::kServiceInterface).methods.at("GetInfo").second, "info");
  EXPECT_EQ(ok->parameters["interfaces"],
            Json::array({protocol::kAdminInterface, protocol::kServiceInterface}));
}

}  // namespace
}  // namespace usher::admin
