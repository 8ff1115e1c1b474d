// A world for the admin verbs: a real store in a file of its own, a real sealer, a clock turned by
// hand. Calls go through the gate, as the server's do.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>

#include "daemon/admin/errors.hpp"
#include "daemon/admin/gate.hpp"
#include "daemon/context.hpp"
#include "daemon/crypto/sodium.hpp"
#include "daemon/store/audit.hpp"
#include "daemon/store/factors.hpp"
#include "daemon/store/passwords.hpp"
#include "daemon/store/tries.hpp"
#include "tests/fakes/clock.hpp"
#include "tests/fakes/sessions.hpp"

namespace usher::admin {

using namespace std::chrono_literals;
using protocol::varlink::Call;

inline constexpr Peer kRoot{kRootUid};
inline constexpr Peer kDaemon{Uid{990}};
inline constexpr Peer kOther{Uid{1000}};
inline constexpr Peer kOverflow{kOverflowUid};
inline constexpr ports::Instant kStart{1'700'000'000'000ms};

class FixedStatus final : public StatusSource, public WaysOut {
 public:
  void try_at_once(store::Service service) override { ++tried_at_once[service]; }
  ServerStatus status() override {
    ServerStatus status{"9.9.9", 4711, kStart, 3, 2, crypto::KeySource::credential};
    status.mail = mail;
    status.sms = sms;
    status.gateway_mistake = gateway_mistake;
    return status;
  }
  std::map<store::Service, int> tried_at_once;
  post::Health mail, sms;
  std::string gateway_mistake;
};

class RememberedCalls final : public CallLog {
 public:
  bool not_permitted(std::string_view, const Caller& caller) override {
    ++denied;
    return caller.is_staff();
  }
  void failed(std::string_view, const Error& error) override {
    const std::lock_guard lock(mutex);
    last_failure = std::string(error.text());
  }
  std::atomic<int> denied{0};
  std::mutex mutex;
  std::string last_failure;
};

class CountedChanges final : public DirectoryChanges {
 public:
  bool publish(directory::Wait wait) override {
    ++asked;
    waited_for = wait;
    return succeeds;
  }
  std::atomic<int> asked{0};
  std::atomic<bool> succeeds{true};
  std::atomic<directory::Wait> waited_for{};
};

// What a reload would find, or why it fails.
class WrittenConfiguration final : public Configuration {
 public:
  Result<std::vector<daemon::Difference>> reload(
      const daemon::ConfigInForce::Agree& agree) override {
    if (mistake) return *mistake;
    TRY(agree(changed));
    return changed;
  }
  std::vector<daemon::Difference> changed;
  std::optional<Error> mistake;
};

class AdminWorld {
 public:
  AdminWorld() {
    char pattern[] = "/tmp/usher-admin-XXXXXX";
    if (!crypto::initialise() || ::mkdtemp(pattern) == nullptr) std::abort();
    directory_ = pattern;
    store_ = store::Store::open({directory_ + "/usher.db", 2}).release_value();
    const auto key = crypto::LockedKey::copy(std::string(crypto::kKeyBytes, 'k')).release_value();
    sealer_.emplace(crypto::Sealer::from_master(key).release_value());
    write_etc("root:x:0:0:root:/root:/bin/bash\nlocal:x:1500:1501::/home/local:/bin/sh\n",
              "root:x:0:\nlocals:x:1501:\n");
    hasher_ = daemon::Hasher::create({1, kCheapMemory}, 1, entropy_).release_value();
    services_.emplace(daemon::Services{config, *store_, *sealer_, *hasher_, clock, entropy_,
                                       password_sources_, letterhead_, daemon::Leaves::no,
                                       daemon::Leaves::no, &sms_settings});
    context_.emplace(AdminContext{*store_, *sealer_, entropy_, clock, status, status, log,
                                  kDaemon.uid, changes, sessions, config, configuration,
                                  directory_ + "/etc", &*services_});
  }
  ~AdminWorld() {
    store_.reset();
    std::filesystem::remove_all(directory_);
  }
  AdminWorld(const AdminWorld&) = delete;
  AdminWorld& operator=(const AdminWorld&) = delete;

  // One to which text messages to France can be given.
  void set_gateway() {
    config.sms.gateway = "twilio";
    sms_settings.countries = {"FR"};
    protocol::courier::Gateway& gateway = sms_settings.gateway.emplace();
    gateway.url = "https://sms.acme.example/?to={to}&text={text}";
    gateway.statuses = {200};
  }

  AdminContext& context() { return *context_; }
  store::Store& store() { return *store_; }
  const crypto::Sealer& sealer() { return *sealer_; }
  const std::string& directory() const { return directory_; }

  // `method` without its interface.
  Reply call(const std::string& method, Json parameters = Json::object(), Peer peer = kRoot) {
    Call call;
    call.method = "io.usher.Admin." + method;
    call.parameters = std::move(parameters);
    return answer(call, peer, context());
  }
  // Fails the test when it is refused.
  ReplyOk done(const std::string& method, Json parameters = Json::object()) {
    Reply reply = call(method, std::move(parameters));
    auto* ok = std::get_if<ReplyOk>(&reply);
    EXPECT_NE(ok, nullptr) << method << ": " << error_name(reply);
    return ok == nullptr ? ReplyOk{} : std::move(*ok);
  }
  // The error's name without its interface; empty when it is none.
  std::string refused(const std::string& method, Json parameters = Json::object()) {
    return error_name(call(method, std::move(parameters)));
  }
  static std::string error_name(const Reply& reply) {
    const auto* error = std::get_if<ReplyError>(&reply);
    return error == nullptr ? "" : error->error.substr(error->error.rfind('.') + 1);
  }

  // This machine's own accounts and groups.
  void write_etc(const std::string& passwd, const std::string& group) {
    std::filesystem::create_directories(directory_ + "/etc");
    std::ofstream(directory_ + "/etc/passwd") << passwd;
    std::ofstream(directory_ + "/etc/group") << group;
  }
  store::PersonRecord person(std::string_view name) {
    auto found =
        store_->read([&](store::Database& database) { return store::find_person(database, name); });
    return std::move(*found.release_value());
  }
  void give_password(std::string_view name, bool must_change = false) {
    const auto id = person(name).id;
    ASSERT_TRUE(store_->write([&](store::Database& database) {
      return store::put_password(database, id, {"$argon2id$test", must_change, kStart});
    }));
  }
  bool has_password(store::PersonId id) {
    return store_
        ->read([&](store::Database& database) { return store::find_password(database, id); })
        .release_value()
        .has_value();
  }
  // A confirmed factor; its uuid.
  std::string give_factor(std::string_view name, const std::string& label,
                          const std::string& kind = "totp") {
    store::FactorRecord factor;
    factor.person = person(name).id;
    factor.uuid = crypto::random_id(entropy_);
    factor.kind = kind;
    factor.sealed = "sealed";
    factor.pending = true;
    factor.created_at = kStart;
    EXPECT_TRUE(store_->write([&](store::Database& database) -> Result<bool> {
      const auto id = TRY(store::put_pending_factor(database, factor));
      return store::confirm_factor(database, id, 1, label);
    }));
    return factor.uuid;
  }
  // As many wrong passwords from unknown hosts as it takes, in the throttle's first hour.
  void throttle(std::string_view name) {
    policy::Tries tries;
    tries.all[0] = tries.standing[0] = 100;
    const auto account = store::tries_of(person(name).id);
    ASSERT_TRUE(store_->write([&](store::Database& database) {
      return store::put_tries(database, account, "unknown-host", tries);
    }));
  }
  std::vector<store::AuditRecord> audit() {
    return store_
        ->read([&](store::Database& database) { return store::list_audit(database, 0, 1000, ""); })
        .release_value();
  }

  fakes::HandClock clock{kStart};
  FixedStatus status;
  RememberedCalls log;
  CountedChanges changes;
  fakes::RememberedSessions sessions;
  post::SmsSettings sms_settings;
  daemon::Config config;
  WrittenConfiguration configuration;

 private:
  static constexpr std::size_t kCheapMemory = 8;  // KiB, libsodium's lowest

  std::string directory_;
  crypto::SodiumEntropy entropy_;
  std::unique_ptr<store::Store> store_;
  std::optional<crypto::Sealer> sealer_;
  std::unique_ptr<daemon::Hasher> hasher_;
  daemon::PasswordSources password_sources_;
  letters::Letterhead letterhead_{letters::Templates::built_in().release_value(), "calculon"};
  std::optional<daemon::Services> services_;
  std::optional<AdminContext> context_;
};

}  // namespace usher::admin
