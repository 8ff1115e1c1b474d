// The parts are put together as the daemon's assembly does it.
#include "tests/daemon/sign_in/world.hpp"

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
#include "tests/fakes/run_program.hpp"
#include "tests/fakes/sessions.hpp"

namespace usher::sign_in {
namespace {

constexpr std::size_t kCheapMemory = 8;  // KiB, libsodium's lowest

// Who stands in front of which program.
struct Door {
  std::string_view name;
  std::string_view service, tty, rhost, ruser;
  bool ruser_is_user = false;
  bool trusted = true;
  Uid caller = kRootUid;
};
constexpr Door kDoors[] = {
    {"login", "login", "/dev/tty1", "", "LOGIN"},
    {"test", "usher-test", "/dev/tty1", "", ""},
    {"sshd", "sshd", "ssh", "192.0.2.7", ""},
    {"greeter", "gdm-password", ":0", "", ""},
    {"unlisted", "vendor-kiosk", ":0", "", ""},
    {"sudo", "sudo", "/dev/pts/0", "", "", true, true, Uid{1000}},
    {"su", "su", "/dev/pts/0", "", "bob", false, true, Uid{1000}},
    {"passwd", "passwd", "/dev/pts/0", "", "", false, true, Uid{1000}},
    {"passwd-by-root", "passwd", "/dev/pts/0", "", "", false, true, kRootUid},
    {"locker", "", "", "", "", false, false, Uid{1000}},
};

daemon::Facts facts_at(std::string_view door_name, protocol::Operation operation,
                       const std::string& user) {
  daemon::Facts facts;
  // "sshd from 2001:db8::1" is sshd's door, and another host in front of it.
  constexpr std::string_view kFrom = " from ";
  const std::size_t from = door_name.find(kFrom);
  for (const Door& door : kDoors) {
    if (door.name != door_name.substr(0, from)) continue;
    facts.operation = operation;
    facts.trusted = door.trusted;
    facts.peer = door.trusted ? kRootUid : door.caller;
    facts.caller = door.caller;
    facts.user = user;
    facts.service = door.service;
    facts.tty = door.tty;
    facts.rhost = door.rhost;
    if (from != std::string_view::npos) facts.rhost = door_name.substr(from + kFrom.size());
    facts.ruser = door.ruser_is_user ? user : std::string(door.ruser);
    return facts;
  }
  ADD_FAILURE() << "no door is called " << door_name;
  return facts;
}

Result<Decision> run_flow(const daemon::Context& c, ports::Person& person) {
  switch (c.facts.operation) {
    case protocol::Operation::authenticate:
      return authenticate(c, person);
    case protocol::Operation::account:
      return account(c, person);
    case protocol::Operation::prepare_change:
      return prepare_change(c, person);
    case protocol::Operation::change_password:
      return change_password(c, person);
  }
  return Error(Errc::internal, "no such operation");
}

// Enrols the app, whatever is asked, with the code of the step before.
class EnrollingPerson final : public ports::Person {
 public:
  EnrollingPerson(World& world, std::string password)
      : world_(world), password_(std::move(password)) {}

  Result<Secret> ask(const ports::Question& question) override {
    if (question.text.starts_with("Password")) return Secret::copy(password_);
    if (!question.text.starts_with("Code")) return Secret();  // Enter will do
    return Secret::copy(world_.app.code(world_.clock.now(), -1));
  }
  Result<void> tell(ports::Tone, std::string_view text) override {
    if (const auto key = shown_key(text); !key.empty()) world_.app.scan(key);
    if (auto codes = shown_recovery_codes(text); !codes.empty()) world_.recovery_codes = codes;
    return {};
  }

 private:
  World& world_;
  std::string password_;
};

}  // namespace

std::string shown_key(std::string_view text) {
  std::string key;
  for (const texts::Language language : texts::languages()) {
    for (const texts::Text row : {texts::Text::type_this_key, texts::Text::type_this_key_alone}) {
      const std::string_view before = texts::of(language, row);
      const std::size_t at = text.find(before);
      if (at == std::string_view::npos) continue;
      for (const char c : text.substr(at + before.size())) {
        if (c == '\n') break;
        if (c != ' ') key.push_back(c);
      }
    }
  }
  return key;
}

std::vector<std::string> shown_recovery_codes(std::string_view text) {
  static const std::regex line("  ([0-9a-f]{4}(-[0-9a-f]{4}){3})\n");
  const std::string whole(text);
  std::vector<std::string> codes;
  for (std::sregex_iterator at(whole.begin(), whole.end(), line), end; at != end; ++at) {
    codes.push_back((*at)[1]);
  }
  return codes;
}

std::string AuthenticatorApp::code(ports::Instant now, int steps) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  const fakes::Ran ran = fakes::run_program(
      fmt::format("oathtool --totp --base32 --now=@{} {}", seconds + steps * 30, key_));
  EXPECT_EQ(ran.status, 0) << "is oathtool there, and the key scanned?";
  return ran.output.substr(0, ran.output.find('\n'));
}

std::string AuthenticatorApp::wrong_code(ports::Instant now) const {
  std::set<std::string> right;
  for (int steps = -2; steps <= 2; ++steps) right.insert(code(now, steps));
  int number = 0;
  while (right.count(fmt::format("{:06}", number)) != 0) ++number;
  return fmt::format("{:06}", number);
}

World::World() {
  EXPECT_TRUE(crypto::initialise());
  store_ = store::Store::open({directory_ / "usher.db", 2}).release_value();
  const auto key = crypto::LockedKey::copy(std::string(crypto::kKeyBytes, 'k')).release_value();
  sealer_.emplace(crypto::Sealer::from_master(key).release_value());
  hash_with_passes(1);
  config_.offer_passphrase = false;
  // A machine of nobody else's: whose numbers this one has is no matter here.
  std::filesystem::create_directory(directory_ / "etc");
  for (const char* name : {"etc/passwd", "etc/group"}) std::ofstream(directory_ / name) << "";
}

World::~World() = default;

void World::restart() {
  store_.reset();
  store_ = store::Store::open({directory_ / "usher.db", 2}).release_value();
}

void World::set(const std::string& line) {
  settings_ += line + "\n";
  auto config = daemon::parse_config(settings_, "scenario");
  ASSERT_TRUE(config.has_value()) << config.error().text();
  std::vector<policy::Source> policies = std::move(config_.policies);
  std::vector<daemon::Terms> terms = std::move(config_.terms);
  config_ = config.release_value();
  config_.policies = std::move(policies);
  config_.terms = std::move(terms);
  // What is offered is random: a story has to ask for it.
  if (settings_.find("offer_passphrase") == std::string::npos) config_.offer_passphrase = false;
}

void World::give_alias(const std::string& name, const std::string& alias) {
  const store::PersonId id = person(name).id;
  ASSERT_TRUE(store_->write(
      [&](store::Database& database) { return store::add_alias(database, id, alias); }));
}

void World::give_policy(const std::string& name, const std::string& toml) {
  auto source = daemon::parse_policy(toml, name, name + ".toml");
  ASSERT_TRUE(source.has_value()) << source.error().text();
  config_.policies.push_back(source.release_value());
}

void World::give_terms(const std::string& path, const std::string& text) {
  std::erase_if(config_.terms, [&](const daemon::Terms& terms) { return terms.path == path; });
  auto terms = daemon::terms_of(path, text);
  ASSERT_TRUE(terms.has_value()) << terms.error().text();
  config_.terms.push_back(terms.release_value());
}

void World::give_attribute(const std::string& name, const std::string& attribute,
                           const std::string& value) {
  administer("SetUser", {{"name", name}, {"set_attributes", {{attribute, value}}}});
}

void World::lose_recovery_codes(const std::string& name) {
  const store::PersonId id = person(name).id;
  ASSERT_TRUE(store_->write([&](store::Database& database) {
    return store::delete_factors_of_kind(database, id, "recovery");
  }));
}

void World::join(const std::string& name, const std::string& group) {
  const store::PersonId id = person(name).id;
  const store::GroupName parsed = store::GroupName::parse(group).release_value();
  const std::string uuid = crypto::random_id(entropy_);
  ASSERT_TRUE(store_->write([&](store::Database& database) -> Result<void> {
    auto known = TRY(store::find_group(database, group));
    if (!known) known = TRY(store::add_group(database, parsed, {}, uuid, clock.now()));
    TRY(store::add_member(database, known->id, id));
    return {};
  }));
}

void World::hash_with_passes(std::uint64_t passes) {
  hasher_ = daemon::Hasher::create({passes, kCheapMemory}, 2, entropy_).release_value();
}

void World::give_password(const std::string& name, std::string_view password) {
  const store::PersonRecord record = person(name);
  const Secret typed = Secret::copy(password).release_value();
  const std::string phc = hasher_->hash(typed, daemon::Origin::local_seat).release_value();
  ASSERT_TRUE(store_->write([&](store::Database& database) -> Result<void> {
    TRY(store::put_password(database, record.id, {phc, false, clock.now()}));
    TRY(store::delete_codes(database, record.id));
    return store::set_person_state(database, record.id, store::PersonState::active, "");
  }));
}

void World::demand_new_password(const std::string& name) {
  store::PasswordRecord record = *password(name);
  record.must_change = true;
  const auto id = person(name).id;
  ASSERT_TRUE(store_->write(
      [&](store::Database& database) { return store::put_password(database, id, record); }));
}

void World::give_app(const std::string& name) {
  // Her password for this one sign-in; the stored one is put back as it was.
  const auto id = person(name).id;
  const std::optional<store::PasswordRecord> kept = password(name);
  constexpr const char* kPassword = "while the app is enrolled";
  give_password(name, kPassword);
  const daemon::Config present = std::exchange(config_, daemon::Config{});
  EnrollingPerson enrolling(*this, kPassword);
  const auto decided = converse(protocol::Operation::authenticate, name, "login", enrolling);
  config_ = present;
  ASSERT_TRUE(decided.has_value() && decided->outcome == protocol::Outcome::accept);
  ASSERT_TRUE(store_->write([&](store::Database& database) -> Result<void> {
    if (kept) return store::put_password(database, id, *kept);
    return store::delete_password(database, id);
  }));
}

void World::guess(int times, const std::string& name, std::string_view door) {
  for (int i = 0; i < times; ++i) {
    BluntPerson person({fmt::format("guess {}", ++guesses)});
    const auto decided = converse(protocol::Operation::authenticate, name, door, person);
    ASSERT_TRUE(decided.has_value()) << decided.error().text();
    ASSERT_EQ(decided->outcome, protocol::Outcome::refuse);
  }
}

void World::guess_codes(int times, const std::string& name, const std::string& password,
                        std::string_view door) {
  for (int i = 0; i < times; ++i) {
    clock.turn(std::chrono::seconds(30));
    BluntPerson person({password, app.wrong_code(clock.now()), ""});
    const auto decided = converse(protocol::Operation::authenticate, name, door, person);
    ASSERT_TRUE(decided.has_value()) << decided.error().text();
    ASSERT_EQ(decided->reason, Reason::no_code_given);
  }
}

daemon::Services World::services() {
  const bool texts_leave = sms_.is_set() && !sms_trouble_;
  return {config_,
          *store_,
          *sealer_,
          *hasher_,
          clock,
          entropy_,
          password_sources,
          letterhead,
          mail_leaves_,
          texts_leave ? daemon::Leaves::yes : daemon::Leaves::no,
          &sms_,
          open_sessions};
}

Result<Decision> World::converse(protocol::Operation operation, const std::string& user,
                                 std::string_view door, ports::Person& person) {
  const daemon::Facts facts = facts_at(door, operation, user);
  daemon::Services parts = services();
  constexpr std::string_view kRequest = "0123456789abcdef0123456789abcdef";
  daemon::Trail trail;
  const daemon::FrontEnd front_end = daemon::front_end_of(facts, config_.front_ends);
  const daemon::Context c{parts, facts, *find_origin(parts, facts), front_end, trail, kRequest};
  Result<Decision> decided = run_flow(c, person);
  if (!decided.has_value()) {
    EXPECT_TRUE(record_failure(c, decided.error(), kRequest));
    return decided;
  }
  const bool recorded = operation != protocol::Operation::prepare_change &&
                        decided->outcome != protocol::Outcome::unknown_user;
  return recorded ? conclude(c, decided.release_value(), kRequest) : decided.release_value();
}

}  // namespace usher::sign_in
