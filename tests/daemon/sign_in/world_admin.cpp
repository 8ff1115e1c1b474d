// The world's administrator, who goes through the admin gate, and what is told of a refusal.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "daemon/admin/gate.hpp"
#include "daemon/config_policies.hpp"
#include "daemon/sign_in/known_host.hpp"
#include "daemon/store/aliases.hpp"
#include "daemon/store/codes.hpp"
#include "daemon/store/factors.hpp"
#include "daemon/store/groups.hpp"
#include "daemon/store/passwords.hpp"
#include "tests/daemon/sign_in/blunt_person.hpp"
#include "tests/daemon/sign_in/world.hpp"
#include "tests/fakes/run_program.hpp"
#include "tests/fakes/sessions.hpp"

namespace usher::sign_in {
namespace {

// usher-courier comes for mail and text messages; whether mail leaves is the settings' matter here.
class CourierHere final : public admin::StatusSource, public admin::WaysOut {
 public:
  void try_at_once(store::Service) override {}
  explicit CourierHere(const std::optional<post::Trouble>& sms_trouble)
      : sms_trouble_(sms_trouble) {}
  admin::ServerStatus status() override {
    admin::ServerStatus status;
    status.mail.courier = post::CourierState::here;
    status.sms.courier = post::CourierState::here;
    status.sms.trouble = sms_trouble_;
    return status;
  }

 private:
  const std::optional<post::Trouble>& sms_trouble_;
};

class NoCallLog final : public admin::CallLog {
 public:
  bool not_permitted(std::string_view, const admin::Caller&) override { return false; }
  void failed(std::string_view, const Error& error) override { ADD_FAILURE() << error.text(); }
};

class NothingPublished final : public admin::DirectoryChanges {
  bool publish(directory::Wait) override { return false; }
};

class NoFiles final : public admin::Configuration {
  Result<std::vector<daemon::Difference>> reload(
      const daemon::ConfigInForce::Agree& /*unused*/) override {
    return Error(Errc::unsupported, "this world has no files");
  }
};

}  // namespace

protocol::varlink::Reply World::call(const std::string& method, admin::Json parameters) {
  NothingPublished changes;
  NoFiles files;
  CourierHere status(sms_trouble_);
  NoCallLog calls;
  fakes::RememberedSessions sessions;
  daemon::Services parts = services();
  admin::AdminContext context{*store_, *sealer_, entropy_,           clock,   status,
                              status,  calls,    Uid{990},           changes, sessions,
                              config_, files,    directory_ / "etc", &parts};
  protocol::varlink::Call call;
  call.method = "io.usher.Admin." + method;
  call.parameters = std::move(parameters);
  return admin::answer(call, admin::Peer{kRootUid}, context);
}

void World::administer(const std::string& method, admin::Json parameters) {
  auto reply = call(method, std::move(parameters));
  const auto* error = std::get_if<protocol::varlink::ReplyError>(&reply);
  ASSERT_EQ(error, nullptr) << method << ": " << error->error << ' ' << error->parameters.dump();
  const auto& ok = std::get<protocol::varlink::ReplyOk>(reply);
  if (!ok.secret) return;
  older_code = code;
  code = ok.secret->text.view();
}

void World::add(const std::string& name, const std::string& display_name) {
  administer("AddUser", {{"name", name}, {"display_name", display_name}});
}
void World::speak(const std::string& name, const std::string& language) {
  administer("SetUser", {{"name", name}, {"language", language}});
}
void World::belong(const std::string& name, const std::string& organisation,
                   const std::string& support) {
  administer("AddOrganisation", {{"organisation", organisation}, {"support", support}});
  administer("JoinOrganisation", {{"organisation", organisation}, {"name", name}});
}
void World::suspend(const std::string& name) {
  administer("SuspendUser", {{"name", name}, {"reason", "a test"}, {"sessions", "none"}});
}
void World::resume(const std::string& name) {
  administer("ResumeUser", {{"name", name}});
}
void World::disable(const std::string& name) {
  administer("DisableUser", {{"name", name}, {"reason", "a test"}});
}
void World::enable(const std::string& name) {
  administer("EnableUser", {{"name", name}});
}
void World::add_from(const std::string& source, const std::string& name) {
  administer("AddUser", {{"name", name}, {"source", source}, {"uid", 1000}});
}
void World::end_account(const std::string& name, ports::Instant at) {
  administer("SetUser", {{"name", name}, {"expires_at", at.time_since_epoch().count()}});
}
void World::suspend_factors(const std::string& name, std::chrono::seconds span) {
  administer("SuspendFactors", {{"name", name}, {"reason", "a test"}, {"seconds", span.count()}});
}
void World::resume_factors(const std::string& name) {
  administer("ResumeFactors", {{"name", name}, {"reason", "a test"}});
}
void World::remove_factor(const std::string& name, const std::string& factor) {
  administer("RemoveFactor", {{"name", name}, {"factor", factor}});
}
void World::reset(const std::string& name) {
  administer("ResetUser", {{"name", name}, {"reason", "a test"}});
}
void World::remove(const std::string& name) {
  administer("DeleteUser", {{"name", name}, {"sessions", "none"}});
}

std::string World::refused(const std::string& method, admin::Json parameters) {
  const auto reply = call(method, std::move(parameters));
  const auto* error = std::get_if<protocol::varlink::ReplyError>(&reply);
  return error == nullptr ? "" : error->parameters.value("text", error->error);
}

}  // namespace usher::sign_in
