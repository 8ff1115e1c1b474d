// A second factor in place of one that was suspended: what goes with it, that nothing goes without
// it, and that a password alone gets no further than before.
#include <gtest/gtest.h>

#include <functional>

#include "daemon/store/recovery_codes.hpp"
#include "tests/daemon/sign_in/world.hpp"

namespace usher::sign_in {
namespace {

using protocol::Operation;
using protocol::Outcome;

constexpr const char* kPassword = "correct horse battery";

// Says yes to everything, scans the key and types what the app shows.
class Willing final : public ports::Person {
 public:
  explicit Willing(World& world) : world_(world) {}
  Result<Secret> ask(const ports::Question& question) override {
    if (question.text.starts_with("Password")) return Secret::copy(kPassword);
    if (question.text.find("yes") != std::string_view::npos) return Secret::copy("yes");
    if (!question.text.starts_with("Code")) return Secret();  // Enter will do
    if (before_code) std::exchange(before_code, nullptr)();
    return Secret::copy(world_.app.code(world_.clock.now(), 0));
  }
  Result<void> tell(ports::Tone, std::string_view text) override {
    if (auto key = shown_key(text); !key.empty() && key != world_.app.key()) world_.app.scan(key);
    return {};
  }
  std::function<void()> before_code;

 private:
  World& world_;
};

// Answers each question as it is told to.
class CallingPerson final : public ports::Person {
 public:
  explicit CallingPerson(std::function<std::string(std::string_view)> answer)
      : answer_(std::move(answer)) {}
  Result<Secret> ask(const ports::Question& question) override {
    return Secret::copy(answer_(question.text));
  }
  Result<void> tell(ports::Tone, std::string_view) override { return {}; }

 private:
  std::function<std::string(std::string_view)> answer_;
};

class EnrolAnew : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.add("ada", "Ada Lovelace");
    world_.give_password("ada", kPassword);
    world_.give_app("ada");
    world_.suspend_factors("ada", std::chrono::hours(24));
  }
  Result<Decision> sign_in(std::string_view door, std::function<void()> before_code = nullptr) {
    Willing person(world_);
    person.before_code = std::move(before_code);
    return world_.converse(Operation::authenticate, "ada", door, person);
  }
  // Those that are active, by what an administrator knows them by.
  std::string factors(std::string_view name = "ada") {
    std::string text;
    const auto id = world_.person(name).id;
    const auto found = world_.store().read(
        [&](store::Database& database) { return store::list_factors(database, id); });
    for (const store::FactorRecord& factor : *found) text += factor.kind + " " + factor.uuid + "; ";
    return text;
  }
  Result<void> execute(const char* sql) {
    return world_.store().write([&](store::Database& database) { return database.execute(sql); });
  }

  World world_;
};

enum class Codes : std::uint8_t { left, lost };

class EnrolAnewWith : public EnrolAnew, public ::testing::WithParamInterface<Codes> {
 protected:
  void SetUp() override {
    EnrolAnew::SetUp();
    if (GetParam() == Codes::lost) world_.lose_recovery_codes("ada");
  }
};

TEST_F(EnrolAnew, G16_TakesThePlaceOfAllThatWasSuspended) {
  const std::string before = factors();
  const std::int64_t epoch = world_.person("ada").epoch;
  const auto decided = sign_in("login");
  ASSERT_TRUE(decided.has_value());
  EXPECT_EQ(decided->outcome, Outcome::accept);
  EXPECT_EQ(decided->factors, "password+totp");
  const store::PersonRecord ada = world_.person("ada");
  EXPECT_EQ(ada.factors_suspended_until, std::nullopt);
  EXPECT_EQ(ada.epoch, epoch + 1);
  const std::string after = factors();
  for (std::size_t at = 0; at < before.size(); at = before.find("; ", at) + 2) {
    EXPECT_EQ(after.find(before.substr(at, before.find("; ", at) - at)), std::string::npos);
  }
  EXPECT_TRUE(after.starts_with("totp ")) << after;
  EXPECT_NE(after.find("recovery "), std::string::npos) << after;
}

TEST_F(EnrolAnew, G16_IsRecordedWithWhatWent) {
  const std::int64_t known = world_.last_audit();
  std::string old = factors();
  ASSERT_TRUE(sign_in("login").has_value());
  const auto records = world_.audit_after(known);
  ASSERT_EQ(records.size(), 3U);
  // The app, and with it the recovery codes.
  const std::string so_far = "front-end=login password-right factors-suspended factors-replaced=2";
  EXPECT_EQ(records[0].steps, so_far);
  const std::string enrolled = so_far + " action-done=enrol-factor";
  EXPECT_EQ(records[1].steps, enrolled);
  EXPECT_EQ(records[1].reason, "recovery-codes-drawn");
  EXPECT_EQ(records[2].steps, enrolled + " action-done=recovery-codes");
  EXPECT_EQ(records[0].reason, "factors-replaced");
  EXPECT_EQ(records[0].request, records[1].request);
  old.resize(old.size() - 2);
  old.replace(old.find("; "), 2, ", ");
  EXPECT_TRUE(records[0].detail.ends_with(" in place of " + old)) << records[0].detail;
}

TEST_F(EnrolAnew, G16_TakesNothingWhereItCannotBeRecorded) {
  const std::string before = factors();
  ASSERT_TRUE(
      execute("CREATE TRIGGER none_of_these BEFORE INSERT ON audit WHEN NEW.reason = "
              "'factors-replaced' BEGIN SELECT RAISE(ABORT, 'no'); END;"));
  EXPECT_FALSE(sign_in("login").has_value());
  EXPECT_EQ(factors(), before);
  EXPECT_NE(world_.person("ada").factors_suspended_until, std::nullopt);
  ASSERT_TRUE(execute("DROP TRIGGER none_of_these"));
  EXPECT_EQ(sign_in("login")->outcome, Outcome::accept);
  EXPECT_NE(factors(), before);
}

// Of whoever was reset while recovery codes were on offer none are kept: the set before stays as it
// was.
TEST_F(EnrolAnew, G16_NoRecoveryCodesAreKeptOfWhoeverWasResetMeanwhile) {
  world_.resume_factors("ada");
  const auto id = world_.person("ada").id;
  ASSERT_TRUE(execute("UPDATE recovery_codes SET spent_at = 1"));
  std::string before;
  CallingPerson ada([&](std::string_view question) -> std::string {
    if (question.starts_with("Password")) return kPassword;
    if (question.starts_with("Code")) return world_.app.code(world_.clock.now(), 0);
    if (before.empty()) world_.reset("ada");
    before = factors();
    return "yes";
  });
  const auto decided = world_.converse(Operation::authenticate, "ada", "login", ada);
  ASSERT_TRUE(decided.has_value());
  EXPECT_EQ(name_of(decided->reason), "changed-meanwhile");
  EXPECT_EQ(factors(), before);
  const auto left = world_.store().read(
      [&](store::Database& database) { return store::count_recovery_codes(database, id); });
  EXPECT_EQ(*left, 0);
  const std::int64_t pending =
      *world_.store().read([&](store::Database& database) -> Result<std::int64_t> {
        store::Query query = TRY(database.query("SELECT count(*) FROM factors WHERE pending = 1"));
        TRY(query.next());
        return query.integer(0);
      });
  EXPECT_EQ(pending, 0);
}

// Both stand at the code of the same key.
TEST_F(EnrolAnew, G16_OfTwoAtOnceOneIsLetIn) {
  Outcome inner = Outcome::unavailable;
  const auto outer = sign_in("login", [&] { inner = sign_in("login")->outcome; });
  EXPECT_EQ(inner, Outcome::accept);
  ASSERT_TRUE(outer.has_value());
  EXPECT_EQ(outer->outcome, Outcome::refuse);
  EXPECT_EQ(outer->reason, Reason::changed_meanwhile);
}

// Even while the owner stands at the console with a key that is begun, and whatever the settings:
// neither with recovery codes nor without.
TEST_P(EnrolAnewWith, P10_IsNotForWhoeverOnlyKnowsThePassword) {
  const std::string before = factors();
  world_.set("mfa.enrol_from = \"any\"");
  bool tried = false;
  (void)sign_in("login", [&] {
    tried = true;
    for (const char* door : {"sshd", "sudo", "su", "passwd", "locker", "unlisted"}) {
      (void)sign_in(door);
      EXPECT_EQ(factors(), before) << door;
      EXPECT_NE(world_.person("ada").factors_suspended_until, std::nullopt) << door;
    }
  });
  EXPECT_TRUE(tried);
  EXPECT_NE(factors(), before) << "the owner's went through";
}

INSTANTIATE_TEST_SUITE_P(RecoveryCodes, EnrolAnewWith, ::testing::Values(Codes::left, Codes::lost));

// Somebody without a factor, at whose password a stranger waits while they enrol one: what it
// stands beside was not shown there.
TEST_F(EnrolAnew, P10_RecoveryCodesAreForWhoeverShowedTheFactor) {
  world_.set("mfa.required = false");
  world_.set("mfa.enrol_from = \"any\"");
  world_.set("actions.enrol_factor = \"recommended\"");
  world_.add("eve", "Eve");
  world_.give_password("eve", kPassword);
  int asked = 0;
  CallingPerson stranger([&](std::string_view question) -> std::string {
    if (question.starts_with("Password")) return kPassword;
    if (++asked > 1) return "yes";
    world_.give_app("eve");
    world_.lose_recovery_codes("eve");
    return "";  // not now
  });
  const auto decided = world_.converse(Operation::authenticate, "eve", "sshd", stranger);
  ASSERT_TRUE(decided.has_value());
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(factors("eve").find("recovery"), std::string::npos);
}

// Nor does the suspension make a host a known one, which would outlast it.
TEST_F(EnrolAnew, P10_AHostIsNotKnownByASuspendedFactor) {
  EXPECT_EQ(sign_in("sshd")->outcome, Outcome::accept);
  EXPECT_EQ(sign_in("sshd")->outcome, Outcome::accept);
  EXPECT_EQ(world_.audit_after(world_.last_audit() - 1)[0].origin, "unknown-host");
  EXPECT_EQ(sign_in("login")->outcome, Outcome::accept);
  world_.clock.turn(std::chrono::seconds(30));
  for (const char* origin : {"unknown-host", "known-host"}) {
    EXPECT_EQ(sign_in("sshd")->outcome, Outcome::accept);
    EXPECT_EQ(world_.audit_after(world_.last_audit() - 1)[0].origin, origin);
    world_.clock.turn(std::chrono::seconds(30));
  }
}

}  // namespace
}  // namespace usher::sign_in
