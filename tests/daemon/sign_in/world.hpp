// A whole sign-in without a socket: a real store in a directory of its own, real sealing, the
// cheapest real hashes, a clock turned by hand. Administration goes through the admin gate, as
// usherctl's does.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/admin/handlers.hpp"
#include "daemon/sign_in/flows.hpp"
#include "daemon/store/audit.hpp"
#include "daemon/store/passwords.hpp"
#include "tests/fakes/clock.hpp"
#include "tests/fakes/entropy.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::sign_in {

inline constexpr ports::Instant kStart{std::chrono::milliseconds{1'700'000'000'000}};

// What somebody's authenticator app shows. The codes come from oathtool, an independent program.
class AuthenticatorApp {
 public:
  void scan(std::string base32) { old_key_ = std::exchange(key_, std::move(base32)); }
  const std::string& key() const { return key_; }
  // The app with the key that was scanned before this one.
  AuthenticatorApp old() const {
    AuthenticatorApp old;
    old.scan(old_key_);
    return old;
  }
  // Steps from now: -1 is the code before.
  std::string code(ports::Instant now, int steps) const;
  // Six digits that are the code of no step near now.
  std::string wrong_code(ports::Instant now) const;

 private:
  std::string key_;
  std::string old_key_;
};

// The key an enrolment's text shows, without blanks; empty when it shows none.
std::string shown_key(std::string_view text);
// The recovery codes a text shows.
std::vector<std::string> shown_recovery_codes(std::string_view text);

class World {
 public:
  World();
  ~World();

  // --- What administrators do; each fails the test when it is refused ---
  void add(const std::string& name, const std::string& display_name);
  void speak(const std::string& name, const std::string& language);
  void belong(const std::string& name, const std::string& organisation, const std::string& support);
  void suspend(const std::string& name);
  void resume(const std::string& name);
  void disable(const std::string& name);
  void enable(const std::string& name);
  // "federated:acme": no password is kept here. Their uid is that of whoever runs passwd.
  void add_from(const std::string& source, const std::string& name);
  void end_account(const std::string& name, ports::Instant at);
  void suspend_factors(const std::string& name, std::chrono::seconds span);
  void resume_factors(const std::string& name);
  void remove_factor(const std::string& name, const std::string& factor);
  void reset(const std::string& name);
  // By mail; the code in it is mailed_code().
  void invite(const std::string& name, const std::string& address);
  void remove(const std::string& name);
  // "mfa.required = false", as in usher.toml.
  void set(const std::string& line);
  void give_alias(const std::string& name, const std::string& alias);
  // A file of policies/, and who is in a group it may be for; a new group is made.
  void give_policy(const std::string& name, const std::string& toml);
  void join(const std::string& name, const std::string& group);
  // The file that terms.file names holds this text now.
  void give_terms(const std::string& path, const std::string& text);
  void give_attribute(const std::string& name, const std::string& attribute,
                      const std::string& value);
  // What usherd does with what was asked for at a prompt.
  void decide_forgotten();
  // The code came back once more.
  void confirm_again(const std::string& name, const std::string& address);
  // Of everybody, of an organisation or of a group.
  std::string refused_campaign(const std::string& kind);
  void start_campaign(const std::string& scope, const std::string& whom);
  void stop_campaign(std::int64_t campaign);
  // usher.toml names a mail server, and mail leaves; or it does not any more.
  void give_mail_server();
  void lose_mail_server() { mail_leaves_ = daemon::Leaves::no; }
  // Likewise a gateway for text messages, which go to France.
  void give_gateway();
  void lose_gateway();
  // usherd ends and starts again: what it had in memory is gone.
  void restart();
  void give_contact(const std::string& name, const std::string& kind, const std::string& value);
  void remove_contact(const std::string& name, const std::string& value);
  // As somebody who confirmed it a while ago; and as a campaign leaves it.
  void confirm_contact(const std::string& name, const std::string& address);
  void doubt_contact(const std::string& name, const std::string& address);
  // As somebody who enrolled before there were any.
  void lose_recovery_codes(const std::string& name);
  void hash_with_passes(std::uint64_t passes);
  // Refusals are said at once, for whoever does not turn the clock.
  void do_not_wait() { config_.at_start.longest_delay = {}; }

  // --- What people did before ---
  // Signed in before, with this password.
  void give_password(const std::string& name, std::string_view password);
  void demand_new_password(const std::string& name);
  // Enrolled the app with the code before the present one, so that the present one is unspent.
  void give_app(const std::string& name);
  // What happened to their account so far.
  void read_news(const std::string& name);

  // So many different wrong passwords, each in a conversation of its own.
  void guess(int times, const std::string& name, std::string_view door);
  // So many wrong codes after the right password, each in a conversation and a step of its own.
  void guess_codes(int times, const std::string& name, const std::string& password,
                   std::string_view door);

  // One conversation: the flow, then its conclusion, as the server runs them.
  Result<Decision> converse(protocol::Operation operation, const std::string& user,
                            std::string_view door, ports::Person& person);

  // --- What can be seen afterwards ---
  store::PersonRecord person(std::string_view name);
  std::optional<store::PasswordRecord> password(std::string_view name);
  // What of theirs a recovery code could go to now.
  std::vector<std::string> usable_contacts(std::string_view name);
  // What was queued since `sequence`, oldest first: "confirm-address ada@acme.example".
  std::vector<std::string> mails_after(std::int64_t sequence);
  std::int64_t last_mail();
  // The code in the last mail that holds one to type; empty without one.
  std::string mailed_code();
  // The code in the last mail for "it was not me"; empty without one.
  std::string not_you_code();
  std::string last_mail_text();
  // What the first of their second factors is called.
  std::string device_name(std::string_view name);
  // Every row of every table but the audit's and the throttle's.
  std::string dump();
  std::int64_t last_audit();
  // Oldest first.
  std::vector<store::AuditRecord> audit_after(std::int64_t sequence);
  bool audit_chain_holds();

  fakes::HandClock clock{kStart};
  AuthenticatorApp app;
  std::vector<std::string> recovery_codes;  // shown last
  int guesses = 0;                          // made so far: the next one is another
  std::string code, older_code;             // the one-time codes the administrator was shown last
  store::Store& store() { return *store_; }
  daemon::Hasher& hasher() { return *hasher_; }
  daemon::PasswordSources password_sources;
  ports::Sessions* open_sessions = nullptr;  // none: nobody can end any
  letters::Letterhead letterhead{letters::Templates::built_in().release_value(), "calculon"};
  daemon::Services services();

 private:
  std::string mailed_text(const char* statement);
  void administer(const std::string& method, admin::Json parameters);
  protocol::varlink::Reply call(const std::string& method, admin::Json parameters);
  std::string refused(const std::string& method, admin::Json parameters);

  fakes::TemporaryDirectory directory_;
  fakes::SeededEntropy entropy_;
  daemon::Config config_;
  daemon::Leaves mail_leaves_ = daemon::Leaves::no;
  std::string settings_;
  std::unique_ptr<store::Store> store_;
  std::optional<crypto::Sealer> sealer_;
  std::unique_ptr<daemon::Hasher> hasher_;
  post::SmsSettings sms_;
  std::optional<post::Trouble> sms_trouble_;
};

}  // namespace usher::sign_in
