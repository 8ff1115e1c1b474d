// Every operation an audit record can name has a place: usherctl explain tells it as part of a
// sign-in or as an administrator's call, and explain --user takes the first kind alone. The list is
// held against the source: a line that sets a record's operation and is not in it fails here.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "daemon/admin/gate.hpp"
#include "daemon/policy/actions.hpp"
#include "protocol/messages.hpp"
#include "tests/ctl/ctl_world.hpp"

namespace usher::ctl {
namespace {

using protocol::Operation;
using ::testing::HasSubstr;
using ::testing::Not;
using Names = std::vector<std::string>;

Names of_the_login_wire() {
  Names names;
  for (auto operation = Operation::authenticate; operation <= Operation::change_password;
       operation = static_cast<Operation>(static_cast<int>(operation) + 1)) {
    names.emplace_back(protocol::name_of(operation));
  }
  return names;
}

Names of_what_is_due() {
  Names names;
  for (const policy::Action action : policy::kActions) names.emplace_back(policy::name_of(action));
  return names;
}

Names of_the_gate() {
  Names names;
  for (const admin::Row& row : admin::gate_table()) {
    names.push_back("admin." + std::string(row.method.substr(row.method.rfind('.') + 1)));
  }
  return names;
}

Names of_ended_sessions() {
  return {"admin.EndSessions"};
}
Names of_what_was_forgotten() {
  return {"forgot"};
}
Names of_an_objection() {
  return {"not-you"};
}
Names of_a_reset() {
  return {"reset"};
}
Names of_help_with_a_factor() {
  return {"factor-help"};
}
Names of_none() {
  return {};
}

// What sets the operation of an audit record, as the source has it.
struct Writer {
  std::string_view file;
  std::string_view expression;
  Names (*writes)();
};
constexpr Writer kWriters[] = {
    {"daemon/admin/gate.cpp", "operation_of(it.row)", of_the_gate},
    {"daemon/admin/sessions.cpp", "\"admin.EndSessions\"", of_ended_sessions},
    {"daemon/admin/wire.cpp", "request.operation", of_the_gate},
    {"daemon/sign_in/conclude.cpp", "name_of(c.facts.operation)", of_the_login_wire},
    {"daemon/sign_in/contact_confirmation.cpp", "policy::name_of(policy::Action::confirm_contact)",
     of_what_is_due},
    {"daemon/sign_in/enrolment.cpp", "policy::name_of(action)", of_what_is_due},
    {"daemon/sign_in/factor_help.cpp", "kFactorHelp", of_help_with_a_factor},
    {"daemon/forgotten/decide.cpp", "kOperation", of_what_was_forgotten},
    {"daemon/forgotten/waiting.cpp", "kOperation", of_what_was_forgotten},
    {"daemon/sign_in/new_password.cpp", "kReset", of_a_reset},
    {"daemon/sign_in/objection.cpp", "kNotYou", of_an_objection},
    {"daemon/sign_in/terms.cpp", "policy::name_of(policy::Action::accept_terms)", of_what_is_due},
    {"daemon/store/audit.cpp", "row.text(3)", of_none},  // what was written, read back
};

std::set<std::string> operations() {
  std::set<std::string> all;
  for (const Writer& writer : kWriters) {
    for (std::string& name : writer.writes()) all.insert(std::move(name));
  }
  return all;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// "daemon/admin/wire.cpp: request.operation", of each file that knows audit records.
std::set<std::string> found_in_source() {
  const std::filesystem::path root(USHER_SOURCE);
  const std::regex assignment(R"(\.operation = ([^;=][^;,]*)[;,])");
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "daemon")) {
    if (!entry.is_regular_file()) continue;
    const std::string text = text_of(entry.path());
    if (text.find("AuditRecord") == std::string::npos) continue;
    for (std::sregex_iterator at(text.begin(), text.end(), assignment), end; at != end; ++at) {
      found.insert(entry.path().lexically_relative(root).string() + ": " + (*at)[1].str());
    }
  }
  return found;
}

TEST(WritersOfAuditRecords, AreThoseOfTheTable) {
  std::set<std::string> listed;
  for (const Writer& writer : kWriters) {
    listed.insert(fmt::format("{}: {}", writer.file, writer.expression));
  }
  EXPECT_EQ(found_in_source(), listed);
}

struct Ending {
  const char* outcome;
  const char* of_sign_in;
  const char* of_call;
};
constexpr Ending kEndings[] = {{"accept", "all-proven", "root"},
                               {"refuse", "wrong-password", "not-permitted"},
                               {"error", "exhausted", "exhausted"}};

class AuditOperations : public CtlWorld {
 protected:
  void SetUp() override {
    CtlWorld::SetUp();
    ASSERT_EQ(usherctl({"user", "add", "ada"}).exit_code, 0);
  }

  static bool is_call(std::string_view operation) { return operation.starts_with("admin."); }

  std::string record(const std::string& operation, const Ending& ending) {
    store::AuditRecord audit;
    audit.at = admin::kStart + std::chrono::hours(1);
    audit.request = fmt::format("{:08x}{:024x}", ++requests_ * 0x1234567U, 7);
    audit.operation = operation;
    audit.outcome = ending.outcome;
    audit.reason = is_call(operation) ? ending.of_call : ending.of_sign_in;
    audit.person = "ada";
    audit.service = is_call(operation) ? "" : "sshd";
    audit.peer_uid = 0;
    EXPECT_TRUE(world_.store().write(
        [&](store::Database& database) { return store::append_audit(database, audit); }));
    return audit.request;
  }

 private:
  unsigned requests_ = 0;
};

TEST_F(AuditOperations, AreEachExplainedAsASignInOrAsACall) {
  for (const std::string& operation : operations()) {
    for (const Ending& ending : kEndings) {
      const std::string what = operation + " " + ending.outcome;
      const Ran ran = usherctl({"explain", record(operation, ending)});
      ASSERT_EQ(ran.exit_code, 0) << what << ran.err;
      const std::string first = ran.out.substr(0, ran.out.find('\n'));
      EXPECT_THAT(ran.out, Not(HasSubstr("this usherd does not know"))) << what;
      EXPECT_THAT(ran.out, Not(HasSubstr("This usherd does not know"))) << what;
      EXPECT_THAT(first, HasSubstr("ada")) << what;
      EXPECT_EQ(first.find("root") != first.npos, is_call(operation)) << what << ": " << first;
      EXPECT_EQ(first.find("sshd") != first.npos, !is_call(operation)) << what << ": " << first;
    }
  }
}

TEST_F(AuditOperations, AreALatestRefusalWhereTheyAreOfASignIn) {
  for (const std::string& operation : operations()) {
    const std::string before = usherctl({"explain", "--user", "ada"}).out;
    const std::string own = record(operation, kEndings[1]);
    const std::string expected = is_call(operation) ? before : usherctl({"explain", own}).out;
    EXPECT_EQ(usherctl({"explain", "--user", "ada"}).out, expected) << operation;
  }
}

TEST_F(AuditOperations, AreListedByName) {
  for (const std::string& operation : operations()) {
    (void)record(operation, kEndings[0]);
    EXPECT_THAT(usherctl({"audit", "--limit", "1"}).out, HasSubstr(" " + operation + " "));
  }
}

TEST_F(AuditOperations, OfAnotherVersionAreSaidToBe) {
  const Ran ran = usherctl({"explain", record("levitate", kEndings[0])});
  EXPECT_THAT(ran.out, HasSubstr("levitate, which this usherd does not know"));
  const Ran failed = usherctl({"explain", record("authenticate", {"error", "levitated", ""})});
  EXPECT_THAT(failed.out, HasSubstr("Not decided, which refuses (levitated)"));
}

}  // namespace
}  // namespace usher::ctl
