// Until everything is proven, a refusal tells nothing: the same prompts, the same bytes, the same
// wait, as many hashes and as many statements for a wrong password, an unknown name, a suspended
// account, a throttled one, with its right password too, and one without a password.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "daemon/store/database.hpp"
#include "tests/daemon/sign_in/blunt_person.hpp"
#include "tests/daemon/sign_in/world.hpp"

namespace usher::sign_in {
namespace {

using protocol::Operation;
using protocol::Outcome;

// Everything a caller could measure, as one text.
struct Trace {
  std::string text;
  Reason reason = Reason::all_proven;
};

class SameForEverybody : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"ada", "bob", "carol", "dan", "erin", "fay"}) {
      world_.add(name, "A Person");
    }
    for (const char* name : {"ada", "bob", "erin", "fay"})
      world_.give_password(name, "correct horse battery");
    world_.give_app("ada");
    world_.suspend("bob");
    world_.remove("erin");
    // gil signs in elsewhere; hana is disabled, and iris's account has ended.
    world_.add_from("federated:acme", "gil");
    for (const char* name : {"hana", "iris"}) {
      world_.add(name, "A Person");
      world_.give_password(name, "correct horse battery");
    }
    world_.disable("hana");
    world_.end_account("iris", world_.clock.now());
    // carol is invited; dan was reset.
    world_.reset("dan");
    // fay is under attack from wherever strangers may come from.
    for (const char* door : {"sshd", "su"}) world_.guess(100, "fay", door);
  }

  // From here on everybody waits the longest time there.
  void exhaust_patience(const char* door);

  Trace attempt(const std::string& name, const std::string& answer, std::string_view door,
                Operation operation = Operation::authenticate) {
    return attempt(name, std::vector<std::string>{answer}, door, operation);
  }
  Trace attempt(const std::string& name, std::vector<std::string> answers, std::string_view door,
                Operation operation = Operation::authenticate) {
    BluntPerson person(std::move(answers));
    const std::uint64_t hashes = world_.hasher().computed();
    const std::uint64_t statements = store::Database::statements_run_on_this_thread();
    const auto decided = world_.converse(operation, name, door, person);
    Trace trace;
    EXPECT_TRUE(decided.has_value()) << name << ": " << decided.error().text();
    if (!decided.has_value()) return trace;
    trace.reason = decided->reason;
    trace.text =
        fmt::format("{}verdict {} \"{}\" after {} {} {} {}\n{} hashes, {} statements", person.seen,
                    static_cast<int>(decided->outcome), decided->text, decided->delay.count(),
                    static_cast<int>(decided->authtok), decided->authtok_length,
                    static_cast<int>(decided->old_authtok), world_.hasher().computed() - hashes,
                    store::Database::statements_run_on_this_thread() - statements);
    return trace;
  }

  World world_;
};

struct Attempt {
  const char* name;
  const char* answer;
  Reason reason;
};
const Attempt kAttempts[] = {
    {"ada", "wrong", Reason::wrong_password},
    {"ada", "", Reason::wrong_password},
    {"ada", "7K3M-9QPD-XW2R", Reason::wrong_password},
    {"ada", "no\ntext \xff", Reason::wrong_password},
    // Behind a password this looks like a recovery code.
    {"ada", "wrong0123-4567-89ab-cdef", Reason::wrong_password},
    {"ada", "0123-4567-89ab-cdef", Reason::wrong_password},
    {"bob", "wrong", Reason::wrong_password},
    {"fay", "wrong", Reason::wrong_password},
    {"hana", "wrong", Reason::wrong_password},
    {"iris", "wrong", Reason::wrong_password},
    {"gil", "wrong", Reason::no_password_set},
    {"gil", "7K3M-9QPD-XW2R", Reason::no_password_set},
    {"carol", "wrong", Reason::no_password_set},
    {"carol", "7K3M-9QPD-XW2R", Reason::no_password_set},
    {"dan", "correct horse battery", Reason::no_password_set},
    {"erin", "correct horse battery", Reason::unknown_user},
    {"nobody-here", "wrong", Reason::unknown_user},
    {"nobody-here", "", Reason::unknown_user},
    {"nobody-here", "wrong0123-4567-89ab-cdef", Reason::unknown_user},
    {"No Name!", "wrong", Reason::unknown_user},
    {"", "wrong", Reason::unknown_user},
    {"root", "wrong", Reason::unknown_user},
    {"../../etc/passwd", "7K3M-9QPD-XW2R", Reason::unknown_user},
};

void SameForEverybody::exhaust_patience(const char* door) {
  std::string last;
  for (const Attempt& row : kAttempts) {
    if (row.name != last) world_.guess(25, row.name, door);
    last = row.name;
  }
}

TEST_F(SameForEverybody, ARefusalLooksTheSameAtEveryDoor) {
  for (const char* door : {"login", "sshd", "sudo", "su", "greeter", "unlisted"}) {
    exhaust_patience(door);
    const Trace first = attempt("ada", "wrong", door);
    EXPECT_NE(first.text.find("1 hashes"), std::string::npos) << first.text;
    // Where one field takes both, an answer that ends like a recovery code costs more: whoever
    // gives it.
    std::map<std::string, std::string> nobodys;
    for (const Attempt& row : kAttempts) {
      const Trace trace = attempt(row.name, row.answer, door);
      std::string& same = nobodys[row.answer];
      if (same.empty()) same = attempt("nobody-here", row.answer, door).text;
      EXPECT_EQ(trace.text, same) << door << ": " << row.name << ", " << row.answer;
      // At the doors of strangers fay's passwords are not even looked at.
      if (row.name == std::string_view("fay")) continue;
      EXPECT_EQ(name_of(trace.reason), name_of(row.reason)) << row.name << ", " << row.answer;
    }
  }
}

// The menu, its answer and the request behind it: nothing tells whose name it is, or what was
// chosen. Of a name it does not know sshd hands on other bytes, and as many.
TEST_F(SameForEverybody, G21_HelpIsTheSameForEveryName) {
  world_.give_mail_server();
  world_.confirm_contact("ada", "ada@acme.example");
  for (const char* door : {"login", "sshd"}) {
    exhaust_patience(door);
    world_.guess(25, "ada@acme.example", door);
  }
  const char* const names[] = {"ada",         "bob",      "carol", "dan",  "erin",
                               "fay",         "gil",      "hana",  "iris", "ada@acme.example",
                               "nobody-here", "No Name!", ""};
  for (const char* door : {"login", "sshd"}) {
    std::string same;
    for (const char* name : names) {
      for (const char* choice : {"1", "2", "3", "\b"}) {
        for (const char* help : {"?", "\b"}) {
          const Trace trace = attempt(name, {help, choice, "wrong"}, door);
          if (same.empty()) same = trace.text;
          EXPECT_EQ(trace.text, same) << door << ": " << name << ", " << choice;
        }
      }
    }
    EXPECT_NE(same.find("I forgot my password"), std::string::npos) << same;
  }
}

// Every answer is looked for among them, whoever has one.
TEST_F(SameForEverybody, O10_APassphraseByMailIsLookedForUnderEveryName) {
  world_.give_mail_server();
  world_.set("compat.mailed_password = true");
  world_.confirm_contact("ada", "ada@acme.example");
  (void)attempt("ada", {"?", "1", "wrong"}, "login");
  world_.decide_forgotten();
  const std::string words = world_.mailed_code();
  ASSERT_FALSE(words.empty());
  exhaust_patience("login");
  const std::string same = attempt("nobody-here", "wrong", "login").text;
  for (const char* name : {"ada", "bob", "carol", "dan", "erin", "hana", "gil", "No Name!", ""}) {
    for (const std::string& answer : {words + "x", std::string("0123-4567-89ab"), std::string()}) {
      EXPECT_EQ(attempt(name, answer, "login").text, same) << name << ", " << answer;
    }
    if (name != std::string_view("ada")) {
      EXPECT_EQ(attempt(name, words, "login").text, same) << name;
    }
  }
}

// Dan's code is alive: that it was right is the record's to say, not the door's.
TEST_F(SameForEverybody, ALiveCodeWhereNoneIsRedeemedLooksLikeAWrongPassword) {
  for (const char* door : {"sudo", "su", "unlisted"}) {
    const Trace trace = attempt("dan", world_.code, door);
    EXPECT_EQ(trace.text, attempt("ada", "wrong", door).text) << door;
    EXPECT_EQ(name_of(trace.reason), name_of(Reason::code_not_for_this_door)) << door;
  }
}

TEST_F(SameForEverybody, ARefusedChangeOfPasswordLooksTheSame) {
  exhaust_patience("passwd");
  const Trace first = attempt("ada", "wrong", "passwd", Operation::change_password);
  for (const char* door : {"passwd", "sshd"}) {
    const Trace trace = attempt("dan", world_.code, door, Operation::change_password);
    EXPECT_EQ(trace.text, attempt("ada", "wrong", door, Operation::change_password).text) << door;
    EXPECT_EQ(name_of(trace.reason), name_of(Reason::code_not_for_this_door)) << door;
  }
  for (const Attempt& row : kAttempts) {
    const Trace trace = attempt(row.name, row.answer, "passwd", Operation::change_password);
    EXPECT_EQ(trace.text, first.text) << row.name << ", " << row.answer;
  }
}

TEST_F(SameForEverybody, ASuspendedPersonWithAWrongCodeIsRefusedLikeAnyOther) {
  const AuthenticatorApp adas = world_.app;
  world_.resume("bob");
  world_.give_app("bob");
  world_.suspend("bob");
  const auto refused = [&](const std::string& name, const std::string& wrong) {
    BluntPerson person({"correct horse battery", wrong, wrong, wrong});
    const std::uint64_t hashes = world_.hasher().computed();
    const std::uint64_t statements = store::Database::statements_run_on_this_thread();
    const auto decided = world_.converse(Operation::authenticate, name, "login", person);
    EXPECT_EQ(decided->outcome, Outcome::refuse);
    EXPECT_EQ(decided->reason, Reason::wrong_code);
    return fmt::format("{}{} {} {}", person.seen, decided->text,
                       world_.hasher().computed() - hashes,
                       store::Database::statements_run_on_this_thread() - statements);
  };
  const ports::Instant now = world_.clock.now();
  EXPECT_EQ(refused("bob", world_.app.wrong_code(now)), refused("ada", adas.wrong_code(now)));
  const std::string no_recovery_code = "0123-4567-89ab-cdef";
  EXPECT_EQ(refused("bob", no_recovery_code), refused("ada", no_recovery_code));
}

TEST_F(SameForEverybody, AThrottledPersonsRightPasswordLooksLikeAWrongOne) {
  for (const char* door : {"sshd", "su"}) {
    exhaust_patience(door);
    const Trace wrong = attempt("ada", "wrong", door);
    const Trace throttled = attempt("fay", "correct horse battery", door);
    EXPECT_EQ(throttled.text, wrong.text) << door;
    EXPECT_EQ(name_of(throttled.reason), "throttled");
  }
}

TEST_F(SameForEverybody, EveryNameWaitsLongerAtTheSamePace) {
  const auto waits_of = [&](const char* name) {
    std::string waits;
    for (int i = 0; i < 30; ++i) {
      BluntPerson person({fmt::format("guess {}", i)});
      const auto decided = world_.converse(Operation::authenticate, name, "sshd", person);
      waits += fmt::format("{} ", decided->delay.count());
    }
    return waits;
  };
  const std::string adas = waits_of("ada");
  EXPECT_TRUE(adas.starts_with("1000 1000 3000 ")) << adas;
  EXPECT_TRUE(adas.ends_with("10000 ")) << adas;
  for (const char* name : {"bob", "carol", "dan", "erin", "nobody-here", "No Name!", ""}) {
    EXPECT_EQ(waits_of(name), adas) << name;
  }
}

// At a door with one field the code is cut off before the password is compared: the same password
// with another code behind it is one failure of hers, and the wait must not show it.
TEST_F(SameForEverybody, ACodeThatIsCutOffDoesNotShowInTheWait) {
  const auto waits_of = [&](const char* name) {
    std::string waits;
    for (int i = 0; i < 10; ++i) {
      BluntPerson person({fmt::format("wrong{:06}", i)});
      const auto decided = world_.converse(Operation::authenticate, name, "locker", person);
      waits += fmt::format("{} ", decided->delay.count());
    }
    return waits;
  };
  EXPECT_EQ(waits_of("ada"), waits_of("nobody-here"));
}

// Or the password would be known without the device: what comes of the code there tells nothing.
TEST_F(SameForEverybody, ARightPasswordWithAWrongCodeInOneFieldLooksLikeAWrongPassword) {
  const std::string right = "correct horse battery";
  const std::string wrong_code = world_.app.wrong_code(world_.clock.now());
  for (const char* door : {"unlisted", "locker"}) {
    exhaust_patience(door);
    const Trace wrong = attempt("nobody-here", "wrong", door);
    EXPECT_EQ(attempt("ada", "wrong", door).text, wrong.text) << door;
    for (int i = 0; i < 4; ++i) {
      const Trace trace = attempt("ada", right + wrong_code, door);
      EXPECT_EQ(trace.text, wrong.text) << door;
      // Three are looked at in half a minute.
      EXPECT_EQ(name_of(trace.reason), i < 3 ? "wrong-code" : "factor-throttled") << door;
    }
    world_.clock.turn(std::chrono::seconds(30));
    const std::string code = "0123-4567-89ab-cdef";
    const Trace recovery = attempt("nobody-here", "wrong" + code, door);
    EXPECT_EQ(attempt("ada", "wrong" + code, door).text, recovery.text) << door;
    EXPECT_EQ(attempt("ada", right + code, door).text, recovery.text) << door;
    world_.clock.turn(std::chrono::seconds(30));
  }
}

// The owner's mistyped codes behind the right password are one failure, as one password is.
TEST_F(SameForEverybody, MistypedCodesAtALockerDoNotShutIt) {
  for (int i = 0; i < 95; ++i) {
    world_.clock.turn(std::chrono::seconds(30));
    const std::string wrong = world_.app.wrong_code(world_.clock.now());
    const Trace trace = attempt("ada", "correct horse battery" + wrong, "locker");
    ASSERT_EQ(name_of(trace.reason), "wrong-code") << i;
  }
}

// The comparison can fail: a right password is another conversation.
TEST_F(SameForEverybody, ARightPasswordLooksDifferent) {
  BluntPerson person({"correct horse battery"});
  const auto decided = world_.converse(Operation::authenticate, "ada", "login", person);
  EXPECT_FALSE(decided.has_value());
  EXPECT_NE(person.seen.find("Code: "), std::string::npos);
}

}  // namespace
}  // namespace usher::sign_in
