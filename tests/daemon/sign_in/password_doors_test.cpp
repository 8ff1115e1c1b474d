// One evaluator behind every door: the same candidates give the same failures at the first sign-in,
// at a forced change, at a change because of age, and in passwd, under both presets. And what a
// change costs in hashes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "daemon/sign_in/password_advice.hpp"
#include "daemon/sign_in/password_check.hpp"
#include "tests/daemon/sign_in/blunt_person.hpp"
#include "tests/daemon/sign_in/world.hpp"

namespace usher::sign_in {
namespace {

using policy::Failure;
using policy::Rule;
using protocol::Operation;
using protocol::Outcome;
using ::testing::HasSubstr;
using ::testing::Not;
using texts::Language;

constexpr std::string_view kHardToType =
    "It holds a character that not every console can type. Make sure that yours can.";
constexpr const char* kOld = "Quiet-Lake 41 Stones";

std::string times(std::string_view piece, std::size_t count) {
  std::string text;
  while (count-- > 0) text += piece;
  return text;
}

struct Case {
  const char* what;
  std::string candidate;
  std::vector<Failure> classic;
};

std::vector<Case> cases() {
  return {
      {"7 characters", "aA1!xyz", {{Rule::too_short, 8, 7}}},
      {"8 characters", "aA1!xyzv", {}},
      {"400 characters", "aA1!" + times("x", 396), {}},
      {"401 characters", "aA1!" + times("x", 397), {{Rule::too_long, 400, 401}}},
      {"512 characters", "aA1!" + times("x", 508), {{Rule::too_long, 400, 512}}},
      {"511 bytes", "aA1!x" + times("\u00e9", 253), {}},
      {"520 bytes", times("\u00e9", 260), {{Rule::too_large, 255, 260}}},
      {"780 bytes decomposed", times("e\u0301", 260), {{Rule::too_large, 170, 260}}},
      {"512 bytes of signs", times("\U0001f511", 128), {{Rule::too_large, 127, 128}}},
      {"too long and no text", times("x", 600) + "\xe9", {{Rule::not_text}}},
      {"no lower", "ABC DEF 12", {{Rule::lower_missing}}},
      {"no upper", "abc def 12", {{Rule::upper_missing}}},
      {"no digit", "Abc def gh", {{Rule::digit_missing}}},
      {"no special", "AbcDef1234", {{Rule::special_missing}}},
      {"common", "Password1!", {{Rule::common}}},
      {"name", "Ada LOVELACE", {{Rule::digit_missing}, {Rule::personal}}},
      {"host", "Db-7.Example", {{Rule::personal}}},
      {"alias", "Countess@Acme1.Example", {{Rule::personal}}},
      {"word", "Rocket-5 Acme", {{Rule::personal}}},
      {"control character", "a tab\tin it A1", {{Rule::not_text}}},
      {"all at once",
       "\u4e2d\u4e2d",
       {{Rule::too_short, 8, 2},
        {Rule::lower_missing},
        {Rule::upper_missing},
        {Rule::digit_missing},
        {Rule::special_missing}}},
  };
}

class PasswordDoors : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.add("ada", "Ada Lovelace");
    world_.give_alias("ada", "countess@acme1.example");
    world_.set("mfa.required = false");
    policy::add_words(world_.password_sources.host_words, "db-7.example");
  }
  void classic() {
    world_.set("password.preset = \"classic\"");
    world_.set("password.words = [\"Rocket-5 Acme\"]");
  }

  std::string seen(Operation operation, const char* door, std::vector<std::string> answers) {
    BluntPerson person(std::move(answers));
    (void)world_.converse(operation, "ada", door, person);
    return person.seen;
  }
  Result<Decision> change(const std::string& old, const std::string& fresh) {
    BluntPerson person({old, fresh, fresh});
    auto decided = world_.converse(Operation::change_password, "ada", "passwd", person);
    seen_ = person.seen;
    return decided;
  }
  bool accepted(const Result<Decision>& decided) {
    return decided.has_value() && decided->outcome == Outcome::accept;
  }
  // What each door says about the candidate, the first question's answer before it.
  std::vector<std::pair<std::string, std::string>> at_every_door(const std::string& candidate) {
    std::vector<std::pair<std::string, std::string>> said;
    world_.reset("ada");
    said.emplace_back("first sign-in",
                      seen(Operation::authenticate, "login", {world_.code, candidate}));
    said.emplace_back("first sign-in over ssh",
                      seen(Operation::authenticate, "sshd", {world_.code, candidate}));
    world_.give_password("ada", kOld);
    said.emplace_back("passwd", seen(Operation::change_password, "passwd", {kOld, candidate}));
    world_.demand_new_password("ada");
    said.emplace_back("forced change", seen(Operation::authenticate, "login", {kOld, candidate}));
    return said;
  }

  World world_;
  std::string seen_;
};

TEST_F(PasswordDoors, M8_G25_G29_GiveTheSameListOfFailuresEverywhere) {
  classic();
  for (const Case& row : cases()) {
    const std::string wanted = row.classic.empty()
                                   ? "New password again: "
                                   : describe(Language::english, row.classic) + "\n[hidden";
    for (const auto& [door, said] : at_every_door(row.candidate)) {
      EXPECT_THAT(said, HasSubstr(wanted)) << row.what << " at " << door;
    }
  }
}

TEST_F(PasswordDoors, TakeWhatTheEvaluatorItselfTakes) {
  classic();
  daemon::Services services = world_.services();
  const daemon::Facts facts;
  daemon::Trail trail;
  const daemon::FrontEnd front_end = daemon::front_end_of(facts, {});
  const daemon::Context c{services, facts, daemon::Origin::local_seat, front_end, trail};
  const Secret nothing;
  const auto standard = standard_for(c, world_.person("ada"));
  for (const Case& row : cases()) {
    const auto typed = Secret::copy(row.candidate).release_value();
    const auto judged = judge(c, world_.person("ada"), *standard, typed, nothing);
    ASSERT_TRUE(judged) << row.what;
    EXPECT_EQ(judged->failures, row.classic) << row.what;
  }
}

TEST_F(PasswordDoors, NistAsksForLengthAndNoClasses) {
  for (const auto& [door, said] : at_every_door("seven blue kites")) {
    EXPECT_THAT(said, HasSubstr("New password again: ")) << door;
  }
  for (const auto& [door, said] : at_every_door("fourteen chars")) {
    EXPECT_THAT(said, HasSubstr("it has 14 characters; use at least 15")) << door;
  }
}

// Distinct enough not to be similar to each other, and with all classes.
std::string numbered(int number) {
  const char* const words[] = {"Amber-Kite 1",  "Bold+Marsh 22",  "Cedar.Quill 303",
                               "Dune/Wharf 4",  "Eager:Plum 55",  "Frost,Gale 606",
                               "Granite=Owl 7", "Hazel_Jet 88",   "Iris*Lantern 9",
                               "Jolly#Moat 10", "Knoll%Pixel 11", "Lunar&Oak 12"};
  return words[number - 1];
}

TEST_F(PasswordDoors, G25_RefuseTheTenthPastPasswordAndTakeTheEleventh) {
  classic();
  world_.give_password("ada", numbered(1));
  for (int number = 2; number <= 11; ++number) {
    ASSERT_TRUE(accepted(change(numbered(number - 1), numbered(number)))) << number << seen_;
    world_.clock.turn(std::chrono::minutes(10));
  }
  // The present one, number 11, is the first; so number 2 is the tenth and number 1 the eleventh.
  for (int number = 2; number <= 10; ++number) {
    EXPECT_FALSE(accepted(change(numbered(11), numbered(number)))) << number;
    EXPECT_THAT(seen_, HasSubstr("it is one of your last 10 passwords")) << number;
  }
  EXPECT_FALSE(accepted(change(numbered(11), numbered(11))));
  EXPECT_THAT(seen_, HasSubstr("it is what you just used"));
  EXPECT_TRUE(accepted(change(numbered(11), numbered(1)))) << seen_;
}

TEST_F(PasswordDoors, G25_AResetForgetsNoHistory) {
  classic();
  world_.give_password("ada", numbered(1));
  ASSERT_TRUE(accepted(change(numbered(1), numbered(2))));
  world_.reset("ada");
  for (const int number : {1, 2}) {
    EXPECT_THAT(seen(Operation::authenticate, "login", {world_.code, numbered(number)}),
                HasSubstr("it is one of your last 10 passwords"));
  }
  EXPECT_THAT(seen(Operation::authenticate, "login", {world_.code, numbered(3), numbered(3)}),
              HasSubstr("Your new password is set."));
}

TEST_F(PasswordDoors, G25_TheHistoryCostsAHashAnEntryAndNoMore) {
  classic();
  world_.give_password("ada", numbered(1));
  for (int number = 2; number <= 12; ++number) {
    const auto entries = static_cast<std::uint64_t>(std::min(number - 1, 10));
    const std::uint64_t before = world_.hasher().computed();
    ASSERT_TRUE(accepted(change(numbered(number - 1), numbered(number))));
    // The old one is verified, the entries are compared, the new one is hashed.
    EXPECT_EQ(world_.hasher().computed() - before, entries + 2) << number;
    world_.clock.turn(std::chrono::minutes(10));
  }
}

TEST_F(PasswordDoors, G25_TheHistoryIsNotLookedAtWhileACheapRuleFails) {
  classic();
  world_.give_password("ada", numbered(1));
  ASSERT_TRUE(accepted(change(numbered(1), numbered(2))));
  const std::uint64_t before = world_.hasher().computed();
  for (const Case& row : cases()) {
    if (!row.classic.empty()) (void)change(numbered(2), row.candidate);
  }
  std::uint64_t refused = 0;
  for (const Case& row : cases()) {
    if (!row.classic.empty()) ++refused;
  }
  // Each time the old one was verified, and nothing else.
  EXPECT_EQ(world_.hasher().computed() - before, refused);
}

TEST_F(PasswordDoors, ALoweredHistoryIsTrimmedAtTheNextChange) {
  classic();
  world_.give_password("ada", numbered(1));
  for (int number = 2; number <= 5; ++number) {
    ASSERT_TRUE(accepted(change(numbered(number - 1), numbered(number))));
  }
  world_.set("password.history = 2");
  EXPECT_FALSE(accepted(change(numbered(5), numbered(4))));
  EXPECT_TRUE(accepted(change(numbered(5), numbered(3)))) << seen_;
  const auto id = world_.person("ada").id;
  const auto kept = world_.store().read(
      [&](store::Database& database) { return store::list_password_history(database, id, 99); });
  EXPECT_EQ(kept->size(), 2U);
}

TEST_F(PasswordDoors, HistoryZeroKeepsNothingAndComparesNothing) {
  classic();
  world_.set("password.history = 0");
  world_.give_password("ada", numbered(1));
  ASSERT_TRUE(accepted(change(numbered(1), numbered(2))));
  const std::uint64_t before = world_.hasher().computed();
  EXPECT_TRUE(accepted(change(numbered(2), numbered(1)))) << seen_;
  EXPECT_EQ(world_.hasher().computed() - before, 2U);
}

TEST_F(PasswordDoors, G26_AGroupHasItsOwnRules) {
  world_.add("bob", "Bob");
  world_.give_policy("staff", "for = \"group staff\"\npreset = \"classic\"\n");
  world_.join("ada", "staff");
  world_.reset("ada");
  const std::string code_of_ada = world_.code;
  world_.reset("bob");
  BluntPerson bob({world_.code, "quiet lakes and stones", "quiet lakes and stones"});
  EXPECT_TRUE(accepted(world_.converse(Operation::authenticate, "bob", "login", bob))) << bob.seen;
  const std::string said =
      seen(Operation::authenticate, "login", {code_of_ada, "quiet lakes and stones"});
  EXPECT_THAT(
      said, HasSubstr(describe(Language::english, {{Rule::upper_missing}, {Rule::digit_missing}})));
}

TEST_F(PasswordDoors, G26_AGroupMayHaveToEnrolAFactor) {
  world_.give_policy("staff", "for = \"group staff\"\nmfa.required = true\n");
  world_.give_password("ada", kOld);
  const auto sign_in = [&](Operation operation) {
    BluntPerson person({kOld});
    return world_.converse(operation, "ada", "login", person);
  };
  EXPECT_TRUE(accepted(sign_in(Operation::authenticate)));
  EXPECT_TRUE(accepted(sign_in(Operation::account)));
  world_.join("ada", "staff");
  EXPECT_THAT(seen(Operation::authenticate, "login", {kOld, ""}),
              HasSubstr("type this key into it"));
  EXPECT_EQ(sign_in(Operation::account)->reason, Reason::action_due);
}

TEST_F(PasswordDoors, G27_WarnOfACharacterThatNotEveryConsoleCanType) {
  EXPECT_THAT(seen(Operation::authenticate, "login", {world_.code, "th\u00e9 vert du matin"}),
              HasSubstr(std::string(kHardToType) + "\n[hidden 0] New password again: "));
  world_.set("password.keyboard_characters = \"\u00e9\u00e8\"");
  EXPECT_THAT(seen(Operation::authenticate, "login", {world_.code, "th\u00e9 vert du matin"}),
              Not(HasSubstr(std::string(kHardToType))));
}

TEST_F(PasswordDoors, O6_O11_ChangeOnlyAfterTheOldOneAndNotToOneLikeIt) {
  world_.give_password("ada", kOld);
  EXPECT_THAT(seen(Operation::change_password, "passwd", {"wrong", "another lake at dawn"}),
              Not(HasSubstr("New password")));
  for (const char* like : {"quiet-lake 41 stones", "Quiet-Lake 42 Stones", "senotS 14 ekaL-teiuQ",
                           "my Quiet-Lake 41 Stones!"}) {
    EXPECT_FALSE(accepted(change(kOld, like)));
    EXPECT_THAT(seen_, HasSubstr("it is too like the one you just used")) << like;
  }
  EXPECT_TRUE(accepted(change(kOld, "another river at dawn")));
}

// The program that made the hash took any bytes: "caf\xe9 au lait", from openssl passwd -6.
TEST_F(PasswordDoors, AnAdoptedPasswordThatIsNoTextLetsInAndIsReplacedWhereThatIsPossible) {
  const std::string adopted = "caf\xe9 au lait";
  const std::string hash =
      "$6$usher$XXOBupxu0i9f/CdK9QV4jZ07hvEIqMh0x3r5MCzqjUaqQZ6n/"
      "0RmKhqkei9943nzOBqEiGzsiUaZXDc2KMis8.";
  world_.give_password("ada", "another");
  const auto id = world_.person("ada").id;
  ASSERT_TRUE(world_.store().write([&](store::Database& database) {
    return store::put_password(database, id, {hash, false, world_.clock.now()});
  }));
  for (const char* door : {"sudo", "su", "unlisted"}) {
    BluntPerson ada({adopted});
    const auto decided = world_.converse(Operation::authenticate, "ada", door, ada);
    ASSERT_TRUE(decided.has_value()) << door << ": " << decided.error().text();
    EXPECT_EQ(decided->outcome, Outcome::accept) << door;
    EXPECT_EQ(world_.password("ada")->phc, hash) << door;
  }
  for (const char* door : {"login", "sshd"}) {
    const std::string fresh = std::string("eight blue anvils at ") + door;
    BluntPerson ada({adopted, fresh, fresh});
    const auto decided = world_.converse(Operation::authenticate, "ada", door, ada);
    ASSERT_TRUE(decided.has_value()) << door << ": " << decided.error().text();
    EXPECT_EQ(decided->outcome, Outcome::accept) << door;
    EXPECT_THAT(ada.seen, HasSubstr("Choose a new password.")) << door;
    EXPECT_THAT(world_.password("ada")->phc, ::testing::StartsWith("$argon2id$")) << door;
    ASSERT_TRUE(world_.store().write([&](store::Database& database) {
      return store::put_password(database, id, {hash, false, world_.clock.now()});
    }));
  }
}

TEST_F(PasswordDoors, AChangeTooEarlyIsRefusedUnlessItIsDemanded) {
  world_.set("password.min_age_days = 2");
  world_.give_password("ada", kOld);
  const auto early = change(kOld, "another river at dawn");
  ASSERT_TRUE(early);
  EXPECT_EQ(early->reason, Reason::too_early);
  EXPECT_EQ(
      early->text,
      "Your password cannot be changed yet: it must be 2 days old. If it cannot wait, contact "
      "your administrator.");
  EXPECT_THAT(seen_, Not(HasSubstr("New password")));
  world_.demand_new_password("ada");
  EXPECT_TRUE(accepted(change(kOld, "another river at dawn")));
  EXPECT_FALSE(accepted(change("another river at dawn", kOld)));
  world_.clock.turn(std::chrono::days(2));
  EXPECT_TRUE(accepted(change("another river at dawn", "a third river at dusk")));
}

TEST_F(PasswordDoors, AnOldPasswordIsDueAtTheNextSignIn) {
  world_.set("password.max_age_days = 90");
  // One file could not say so; two of them can.
  world_.give_policy("least", "for = \"everybody\"\npassword.min_age_days = 200\n");
  world_.give_password("ada", kOld);
  world_.clock.turn(std::chrono::days(90) - std::chrono::milliseconds(1));
  EXPECT_THAT(seen(Operation::authenticate, "login", {kOld}), Not(HasSubstr("New password")));
  world_.clock.turn(std::chrono::milliseconds(1));
  BluntPerson silent({});
  EXPECT_EQ(world_.converse(Operation::account, "ada", "login", silent)->reason,
            Reason::action_due);
  EXPECT_THAT(seen(Operation::authenticate, "sudo", {kOld}), Not(HasSubstr("New password")));
  EXPECT_THAT(seen(Operation::authenticate, "login",
                   {kOld, "another river at dawn", "another river at dawn"}),
              HasSubstr("Your new password is set."));
}

TEST_F(PasswordDoors, APassphraseIsOfferedThatTheRulesTake) {
  classic();
  world_.set("password.offer_passphrase = true");
  const std::string said = seen(Operation::authenticate, "login", {world_.code});
  const std::string start = "[info] For example: ";
  const std::size_t at = said.find(start);
  ASSERT_NE(at, std::string::npos) << said;
  const std::size_t from = at + start.size();
  const std::string offered = said.substr(from, said.find('\n', from) - from);
  EXPECT_THAT(seen(Operation::authenticate, "login", {world_.code, offered, offered}),
              HasSubstr("Your new password is set."))
      << offered;
}

TEST_F(PasswordDoors, NoPassphraseIsOfferedThatTheRulesRefuse) {
  Standard standard;
  standard.policy.password.max_length = 5;
  const auto offered = passphrase_for(standard);
  ASSERT_TRUE(offered);
  EXPECT_TRUE(offered->empty());
}

}  // namespace
}  // namespace usher::sign_in
